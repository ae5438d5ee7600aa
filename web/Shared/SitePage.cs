namespace DirectoryPlatform.Web.Shared;

/// <summary>A page under <c>/s/{siteId}</c>; the gate has asked already what the visitor is on this site,
/// and has left the answer with the request.</summary>
public abstract class SitePage(IMediator mediator) : WebPage(mediator)
{
    [FromRoute] public Guid SiteId { get; set; }

    public SiteId Site => new(SiteId);
    public string Home => $"/s/{SiteId}";
    public SiteRoles Roles => HttpContext.Features.Get<SiteRoles>()!;
    public OrganizationId Organization => Roles.Organization;
    public bool IsOrganizationAdmin => Visitor!.AdminOf.Contains(Organization);
    public bool MayManage => Visitor.Allows(Permission.ManageSiteUsers, Organization, Roles);

    /// <summary>The apps whose access the visitor may decide about; null for all.</summary>
    public IReadOnlyList<string>? OnlyApps => MayManage ? null : Roles.AccessAdminOf;

    public SiteView Place { get; private set; } = null!;

    /// <summary>Null when the site is there.</summary>
    protected async Task<IActionResult?> LoadSite()
    {
        var site = await Send(new ReadSite(Site));
        if (!site.Granted) return NotFound();
        Place = site.Value;
        return null;
    }
}
