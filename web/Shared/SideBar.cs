namespace DirectoryPlatform.Web.Shared;

/// <summary>What the side bar shows: the organizations of the visitor, the one at hand, and where in it the page stands.</summary>
public sealed record SideBarView(Visitor Visitor, IReadOnlyList<OrganizationView> Organizations, OrganizationView? Current, string Path,
    long UndeliverableMail)
{
    /// <summary>Sites that the menu names: those of an organization whose users are managed under each site, or those that the visitor
    /// looks after without administering an organization.</summary>
    public IReadOnlyList<SiteView> Sites { get; init; } = [];

    public bool Centralized { get; init; } = true;

    public bool IsAtSite(SiteView site) => Path.StartsWith($"/s/{site.Id}/", StringComparison.OrdinalIgnoreCase);

    public bool IsAt(string place) => Current is { } org && Path.StartsWith($"/o/{org.Id}/{place}", StringComparison.OrdinalIgnoreCase);
}

public sealed class SideBarViewComponent(IMediator mediator) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        if (HttpContext.Visitor() is not { } visitor) return Content("");
        var ct = HttpContext.RequestAborted;
        var organizations = visitor.AdminOf.Count == 0 ? [] : await mediator.Send(new ReadOrganizations(visitor.AdminOf), ct);
        var current = Guid.TryParse(HttpContext.Request.RouteValues[RouteKeys.Organization] as string, out var id)
            ? organizations.FirstOrDefault(o => o.Id == new OrganizationId(id))
            : null;
        if (HttpContext.Features.Get<SiteRoles>() is { } here) current = organizations.FirstOrDefault(o => o.Id == here.Organization);
        current ??= organizations.FirstOrDefault();
        var centralized = current is { Experience: not Experience.Original };
        var sites = current is null ? await mediator.Send(new ReadSitesAdministered(visitor.Account), ct)
            : centralized ? []
            : await mediator.Send(new ReadSites(current.Id), ct);
        var undeliverable = current is null ? 0 : await mediator.Send(new CountUndeliverableMail(current.Id.Value), ct);
        return View(new SideBarView(visitor, [.. organizations.OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)], current,
            HttpContext.Request.Path, undeliverable)
        { Sites = sites, Centralized = centralized });
    }
}
