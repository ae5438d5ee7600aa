namespace DirectoryPlatform.Web.Pages.Places;

/// <summary>One more organization, whose first admin is whoever makes it. Only who administers one already may: strangers do not fill an
/// installation with organizations.</summary>
[Requires(Permission.ManageSites)]
public sealed class NewOrganizationModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public void OnGet() { }

    public async Task<IActionResult> OnPost()
    {
        var created = await Execute(new CreateOrganization(new(Guid.CreateVersion7()), null, Input.Name, Origin));
        if (!created.Granted) return ShowError(created.Refusal, nameof(Form.Name));
        var appointed = await Execute(new AppointOrganizationAdmin(Visitor!.Account, created.Value.Id, Origin));
        return appointed.Granted
            ? RedirectWithNotice($"{created.Value.Name} is there, and you are its admin.", $"/o/{created.Value.Id}/sites")
            : ShowError(appointed.Refusal);
    }

    public sealed record Form(string? Name);
}
