namespace DirectoryPlatform.Web.Pages.Access.Sites;

/// <summary>The organization's sites, and how its admins reach the people on them (SPEC U1).</summary>
[Requires(Permission.ManageSites)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];
    public Experience Experience { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        var experience = await Send(new ReadExperience(Organization));
        if (!experience.Granted) return NotFound();
        (Sites, Experience) = (await Send(new ReadSites(Organization)), experience.Value);
        return Page();
    }

    public async Task<IActionResult> OnPost(string? experience)
    {
        Experience? chosen = experience switch
        {
            "centralized" => Experience.Centralized,
            "original" => Experience.Original,
            _ => null,
        };
        if (chosen is { } known)
            return RedirectWithAnswer(await Execute(new ChooseExperience(Organization, known, Origin)),
                "User management changed. The menu has been updated, and links of both kinds still work.", $"{Home}/sites");
        await OnGet();
        return ShowError(new InvalidValue("experience", "Choose one of the two."));
    }
}
