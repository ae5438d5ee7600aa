namespace DirectoryPlatform.Web.Pages.Groups;

[Requires(Permission.ManageGroups)]
public sealed class NewModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new CreateGroup(Organization, Input.Name, Input.Description, Origin));
        return outcome.Granted
            ? RedirectWithNotice("The group is there. Add people, and choose what it opens.", $"{Home}/groups/{outcome.Value}")
            : ShowError(outcome.Refusal, outcome.Refusal is GroupNameTaken ? nameof(Form.Name) : null);
    }

    public sealed record Form(string? Name, string? Description);
}
