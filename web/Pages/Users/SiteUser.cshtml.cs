namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>One person on one site (SPEC U1, U2, U9).</summary>
[Requires(Permission.ViewSiteUsers)]
public sealed class SiteUserModel(IMediator mediator) : SitePage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public UserFace View { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        var person = await Send(new ReadUser(new(Organization, Site), new(AccountId)));
        if (!person.Granted) return NotFound();
        View = new(person.Value, Organization, $"{Home}/users/{AccountId}", true, MayManage, OnlyApps, IsOrganizationAdmin);
        return Page();
    }
}
