using Microsoft.AspNetCore.Diagnostics;

namespace DirectoryPlatform.Web.Shared;

/// <summary>What stands around every page of somebody who is signed in: the organizations of the visitor, the one at hand, and where in it
/// the page stands.</summary>
public sealed record Frame(Visitor Visitor, IReadOnlyList<OrganizationView> Organizations, OrganizationView? Current, string Path,
    long UndeliverableMail)
{
    /// <summary>Sites that the menu names: those of an organization whose users are managed under each site, or those that the visitor
    /// looks after without administering an organization.</summary>
    public IReadOnlyList<SiteView> Sites { get; init; } = [];

    public bool Centralized { get; init; } = true;

    /// <summary>Whose site the page is about; null for a page of no site. Its admin may administer other organizations alone.</summary>
    public OrganizationId? OfSite { get; init; }

    /// <summary>The menu: sections by id and title, with their places. One without a title is the start.</summary>
    public IReadOnlyList<(string Id, string? Title, IReadOnlyList<FrameLink> Links)> Menu => Current is null
        ? Sites.Count == 0 ? [] : [("sites", "Sites", [.. Sites.Select(UsersOf)])]
        :
        [
            ("overview", null, [new(Home(Current.Id), "Overview", IsHome)]),
            ("directory", "Directory",
            [
                At("members", "Managed accounts", "bulk"),
                // The pages of one site's users, too: sites have no place of their own here.
                .. Centralized
                    ? [At("users", "Users") with { IsHere = IsAt("users") || (OfSite == Current.Id && !Finds) }]
                    : Array.Empty<FrameLink>(),
                At("groups", "Groups"), At("domains", "Domains", "claims"),
            ]),
            ("access", "Access",
            [
                At("sites", "Sites", "organizations"), .. Sites.Select(UsersOf), At("permissions", "Roles and permissions"),
            ]),
            ("security", "Security",
            [
                At("policies", "Authentication policies"), At("single-sign-on", "Single sign-on"),
                At("identity-providers", "Identity providers"),
                // A program's code becomes a key.
                At("api-keys", "API keys") with { IsHere = IsAt("api-keys") || IsBelow("/device") },
                At("audit-log", "Audit log", "webhooks"),
            ]),
            ("settings", "Settings",
            [
                At("settings/organization", "Organization", "delete"), At("admins", "Admins"),
                At("settings/mail", "Email") with { Undeliverable = UndeliverableMail }, At("jobs", "Jobs"),
            ]),
        ];

    /// <summary>Where the search of the top bar leads: of the organization, or of the site at hand. Null for whoever administers none.
    /// </summary>
    public string? Find => Current is { } at ? $"/o/{at.Id}/find"
        : (Sites.FirstOrDefault(s => IsBelow($"/s/{s.Id}/")) ?? (Sites.Count > 0 ? Sites[0] : null)) is { } site ? $"/s/{site.Id}/find"
        : null;

    /// <summary>Where a page hears that something has changed; null where nothing tells.</summary>
    public string? Live => Current is { } at ? $"/o/{at.Id}/live" : null;

    public string? Jobs => Current is { } at ? $"/o/{at.Id}/jobs" : null;

    /// <summary>What the organization's roles may do.</summary>
    public string? Roles => Current is { } at ? $"/o/{at.Id}/permissions" : null;

    public bool IsOwnAccount => Path.Equals("/account", StringComparison.OrdinalIgnoreCase) || IsBelow("/account/");

    /// <summary>An organization's first page.</summary>
    public static string Home(OrganizationId organization) => $"/o/{organization}";

    /// <summary>Null for who is not signed in, and while the database is away.</summary>
    public static async Task<Frame?> Of(HttpContext http, IMediator mediator)
    {
        var broke = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (http.Visitor() is not { } visitor || broke is not null && Database.IsAway(broke)) return null;
        try { return await Of(http, mediator, visitor); }
        // An error page that breaks, too, is an empty answer.
        catch (Exception) when (broke is not null) { return null; }
    }

    static async Task<Frame> Of(HttpContext http, IMediator mediator, Visitor visitor)
    {
        var ct = http.RequestAborted;
        var organizations = visitor.AdminOf.Count == 0 ? [] : await mediator.Send(new ReadOrganizations(visitor.AdminOf), ct);
        var current = Guid.TryParse(http.Request.RouteValues[RouteKeys.Organization] as string, out var id)
            ? organizations.FirstOrDefault(o => o.Id == new OrganizationId(id))
            : null;
        var here = http.Features.Get<SiteRoles>();
        if (here is not null) current = organizations.FirstOrDefault(o => o.Id == here.Organization);
        // Where the visitor is asked which, it is none yet.
        if (http.Request.Path != "/")
            current ??= organizations.FirstOrDefault(o => o.Id == LastOrganization.Of(http, visitor)) ?? organizations.FirstOrDefault();
        var centralized = current is { Experience: not Experience.Original };
        var sites = current is null ? await mediator.Send(new ReadSitesAdministered(visitor.Account), ct)
            : centralized ? []
            : await mediator.Send(new ReadSites(current.Id), ct);
        var undeliverable = current is null ? 0 : await mediator.Send(new CountUndeliverableMail(current.Id.Value), ct);
        return new(visitor, [.. organizations.OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)], current, http.Request.Path,
            undeliverable)
        { Sites = sites, Centralized = centralized, OfSite = here?.Organization };
    }

    /// <param name="also">Places below whose pages this one is marked, too.</param>
    FrameLink At(string place, string label, string? also = null) =>
        new($"/o/{Current!.Id}/{place}", label, IsAt(place) || (also is not null && IsAt(also)));

    FrameLink UsersOf(SiteView site) =>
        new($"/s/{site.Id}/users", $"{site.Name}: users", IsBelow($"/s/{site.Id}/") && !Finds) { MayBeLong = true };

    bool IsHome => Path.TrimEnd('/').Equals(Home(Current!.Id), StringComparison.OrdinalIgnoreCase);

    /// <summary>The search is of the top bar, and none of the menu's places.</summary>
    bool Finds => Path.EndsWith("/find", StringComparison.OrdinalIgnoreCase);

    bool IsAt(string place) => IsBelow($"/o/{Current!.Id}/{place}");

    bool IsBelow(string path) => Path.StartsWith(path, StringComparison.OrdinalIgnoreCase);
}

/// <param name="IsHere">Whether the page at hand belongs to it.</param>
public sealed record FrameLink(string Path, string Label, bool IsHere)
{
    /// <summary>A name that somebody has chosen is cut.</summary>
    public bool MayBeLong { get; init; }

    /// <summary>Mails that it warns of.</summary>
    public long Undeliverable { get; init; }
}
