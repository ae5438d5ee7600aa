namespace DirectoryPlatform.Web.Pages.Settings;

/// <summary>The organization itself: its name, and the way to its end (SPEC U1).</summary>
[Requires(Permission.ManageSites)]
public sealed class OrganizationModel(IMediator mediator) : OrganizationPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null);

    public async Task OnGet() => Input = new((await Send(new ReadOrganizations([Organization]))).Single().Name);

    public async Task<IActionResult> OnPost() => RedirectOrShow(await Execute(new RenameOrganization(Organization, Input.Name, Origin)),
        "Organization renamed.", $"{Home}/settings/organization");

    public sealed record Form(string? Name);
}
