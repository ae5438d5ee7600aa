namespace DirectoryPlatform.Web.Shared;

/// <summary>
/// A page about users that is there twice, under <c>/o/{orgId}</c> and under <c>/s/{siteId}</c> (SPEC U1): it knows by its address whose
/// users are meant. Each of the two is a page of its own, because each declares another permission.
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
    public bool IsOrganizationAdmin => Visitor!.AdminOf.Contains(Organization);

    /// <summary>The visitor watches background work where it belongs:
    /// under the organization, or, as a site's own admin, under the site.</summary>
    public string PathOfJob(JobId job) => Site is null ? $"{Home}/jobs/{job}" : $"{Users}/jobs/{job}";
}
