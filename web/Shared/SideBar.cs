namespace DirectoryPlatform.Web.Shared;

/// <summary>What the side bar shows: the organizations of the visitor, the one at hand, and where in it the page stands.</summary>
public sealed record SideBarView(Visitor Visitor, IReadOnlyList<OrganizationView> Organizations, OrganizationView? Current, string Path,
    long UndeliverableMail)
{
    /// <summary>Sites that the menu names: those of an organization whose users are managed under each site, or those that the visitor
    /// looks after without administering an organization.</summary>
    public IReadOnlyList<SiteView> Sites { get; init; } = [];

    public bool Centralized { get; init; } = true;

    /// <summary>The menu: sections by id and title, with their places.</summary>
    public IEnumerable<(string Id, string Title, IReadOnlyList<SideBarLink> Links)> Menu => Current is null
        ? Sites.Count == 0 ? [] : [("sites", "Sites", [.. Sites.Select(UsersOf)])]
        :
        [
            ("directory", "Directory",
            [
                At("members", "users", "Managed accounts"),
                .. Centralized ? [At("users", "circle-user-round", "Users")] : Array.Empty<SideBarLink>(),
                At("groups", "layers", "Groups"), At("domains", "globe", "Domains", "claims"),
            ]),
            ("sites", "Sites", [At("sites", "building-2", "Sites", "organizations"), .. Sites.Select(UsersOf)]),
            ("security", "Security",
            [
                At("policies", "lock", "Authentication policies"), At("single-sign-on", "link-2", "Single sign-on"),
                At("identity-providers", "refresh-cw", "Identity providers"), At("api-keys", "key-round", "API keys"),
                At("admins", "shield-check", "Administrators", "permissions"), At("audit-log", "history", "Audit log", "webhooks"),
            ]),
            ("jobs", "Jobs", [At("jobs", "list-checks", "Jobs")]),
            ("settings", "Settings", [At("settings/mail", "mail", "Email") with { Undeliverable = UndeliverableMail }]),
        ];

    /// <param name="also">Places below whose pages this one is marked, too.</param>
    SideBarLink At(string place, string icon, string label, string? also = null) =>
        new($"/o/{Current!.Id}/{place}", icon, label, IsBelow($"/o/{Current.Id}/{place}") || (also is not null
            && IsBelow($"/o/{Current.Id}/{also}")));

    SideBarLink UsersOf(SiteView site) =>
        new($"/s/{site.Id}/users", "users", $"{site.Name}: users", IsBelow($"/s/{site.Id}/")) { MayBeLong = true };

    bool IsBelow(string path) => Path.StartsWith(path, StringComparison.OrdinalIgnoreCase);
}

/// <param name="IsHere">Whether the page at hand belongs to it.</param>
public sealed record SideBarLink(string Path, string Icon, string Label, bool IsHere)
{
    /// <summary>A name that somebody has chosen is cut.</summary>
    public bool MayBeLong { get; init; }

    /// <summary>Mails that it warns of.</summary>
    public long Undeliverable { get; init; }
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
