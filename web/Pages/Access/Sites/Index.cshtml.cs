namespace DirectoryPlatform.Web.Pages.Access.Sites;

/// <summary>The organization's sites, and how its admins reach the people on them (SPEC U1).</summary>
[Requires(Permission.ManageSites)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];
    public Experience Experience { get; private set; }
    [BindProperty] public Form Input { get; set; } = new(null);

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        Input = new((await Send(new ReadOrganizations([Organization]))).Single().Name);
        return Page();
    }

    async Task<IActionResult?> Load()
    {
        var experience = await Send(new ReadExperience(Organization));
        if (!experience.Granted) return NotFound();
        (Sites, Experience) = (await Send(new ReadSites(Organization)), experience.Value);
        return null;
    }

    public async Task<IActionResult> OnPostRename()
    {
        var outcome = await Execute(new RenameOrganization(Organization, Input.Name, Origin));
        if (outcome.Granted) return RedirectWithNotice("Organization renamed.", $"{Home}/sites");
        return await Load() ?? ShowError(outcome.Refusal);
    }

    public async Task<IActionResult> OnPost(string? experience) => RedirectWithAnswer(
        await Execute(new ChooseExperience(Organization,
            experience == "original" ? Experience.Original : Experience.Centralized, Origin)),
        "User management changed. The menu has been updated, and links of both kinds still work.", $"{Home}/sites");

    public sealed record Form(string? Name);
}
