namespace DirectoryPlatform.Web.Pages.Access.Sites;

/// <summary>The organization's sites, and how the people on them are managed (SPEC U1, U13).</summary>
[Requires(Permission.ManageSites)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<SiteView> Sites { get; private set; } = [];
    public OrganizationView View { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        if (await Send(new ReadOrganizations([Organization])) is not [var view]) return NotFound();
        (Sites, View) = (await Send(new ReadSites(Organization)), view);
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
        return await OnGet() is NotFoundResult gone ? gone : ShowError(new InvalidValue("experience", "Choose one of the two."));
    }

    /// <summary>Whether site admins give groups (SPEC U13).</summary>
    public async Task<IActionResult> OnPostGroups(bool allowed)
    {
        if (!ModelState.IsValid) return BadRequest();
        return RedirectWithAnswer(await Execute(new AllowSiteGroups(Organization, allowed, Origin)), allowed
            ? "Site admins can now add people to groups of their site." : "Only organization admins can now add people to groups.",
            $"{Home}/sites");
    }
}
