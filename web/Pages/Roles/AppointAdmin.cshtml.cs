namespace DirectoryPlatform.Web.Pages.Roles;

/// <summary>Makes an existing account an admin (SPEC S7).</summary>
[Requires(Permission.ManageAdmins, Fresh = true)]
public sealed class AppointAdminModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public string Back => $"{Home}/admins";

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new AppointAdmin(Organization, Input.Email, Origin));
        return outcome.Granted
            ? RedirectWithNotice($"{outcome.Value.Name} is an admin now.", Back)
            : ShowError(outcome.Refusal, nameof(Form.Email));
    }

    public sealed record Form(string? Email);
}
