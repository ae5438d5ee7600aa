namespace DirectoryPlatform.Web.Pages;

/// <summary>
/// A page about users. Most are there twice, under <c>/o/{orgId}</c> and under <c>/s/{siteId}</c> (SPEC U1), each address with a permission
/// of its own (<see cref="PageAddress"/>): the page knows by its address whose users are meant. The gate has asked already what the visitor
/// is there; of a site it has left the answer with the request.
/// </summary>
public abstract class UsersPage(IMediator mediator) : WebPage(mediator)
{
    [FromRoute] public Guid? OrgId { get; set; }
    [FromRoute] public Guid? SiteId { get; set; }

    /// <summary>Null under an organization's address.</summary>
    public SiteRoles? Roles => HttpContext.Features.Get<SiteRoles>();

    public OrganizationId Organization => Roles is { } here ? here.Organization : new(OrgId!.Value);
    public SiteId? Site => SiteId is { } id && Roles is not null ? new SiteId(id) : null;
    public UserScope Scope => new(Organization, Site);
    public string Home => Site is { } site ? $"/s/{site}" : $"/o/{OrgId}";
    public string Users => $"{Home}/users";

    /// <summary>Asked of the table and not of the path, in which one id can be written in several ways.</summary>
    public bool IsOfUsers => HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<PageAddress>().IsOfUsers;

    public bool IsOrganizationAdmin => Visitor!.AdminOf.Contains(Organization);

    /// <summary>Whether the visitor may invite, suspend, restore and remove: what an organization's addresses require anyway.</summary>
    public bool MayManage => Roles is not { } here || Visitor.Allows(Permission.ManageSiteUsers, Organization, here);

    /// <summary>The apps whose access the visitor may decide about; null for all.</summary>
    public IReadOnlyList<string>? OnlyApps => MayManage ? null : Roles!.AccessAdminOf;

    /// <summary>The site; there once <see cref="LoadSite"/> has found it.</summary>
    public SiteView Place { get; private set; } = null!;

    /// <summary>The visitor watches background work where it belongs:
    /// under the organization, or, as a site's own admin, under the site.</summary>
    public string PathOfJob(JobId job) => Site is null ? $"{Home}/jobs/{job}" : $"{Users}/jobs/{job}";

    /// <summary>Null when the site is there.</summary>
    protected async Task<IActionResult?> LoadSite()
    {
        var site = await Send(new ReadSite(Site!.Value));
        if (!site.Granted) return NotFound();
        Place = site.Value;
        return null;
    }
}
