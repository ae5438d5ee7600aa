namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>The envelope of the Organizations API: data, links, meta; and how its refusals are told.</summary>
/// <param name="Links">Null for none.</param>
/// <param name="Meta">Null for none.</param>
sealed record Envelope(object Data, object? Links = null, object? Meta = null);

/// <summary>What is beside a page: the places of its neighbours.</summary>
sealed record PageLinks(string Self, string? Prev, string? Next);

/// <summary>The same in version 2: cursors and no addresses.</summary>
/// <param name="Self">As it was sent.</param>
sealed record CursorLinks(string? Self, string? Prev, string? Next);

sealed record SelfLink(string Self);

/// <param name="Type">"orgs", "domains", "jobs", ...: what it is.</param>
sealed record Resource(string Id, string Type, object Attributes, object? Links = null)
{
    /// <summary>Left out for none.</summary>
    public object? Relationships { get; init; }
}

static class OrganizationShape
{
    public static Task Refuse(HttpContext http, Refusal refusal) => ApiAnswer.RefuseFor(http, StatusOf(refusal), refusal);

    /// <summary>What the organization has no part in is answered as what does not exist; what is wrong in the request 400; what stands in
    /// the way 409.</summary>
    static int StatusOf(Refusal refusal) => Later.StatusOf(refusal) ?? refusal switch
    {
        BadBody bad => bad.Status,
        NotFound or NotManagedHere or NoSuchAccount or NotAUserHere or NotInGroup or NotExcluded or NoSuchApiKey
            or NotProvisioned => StatusCodes.Status404NotFound,
        BrokenCursor or InvalidValue or TextTooLong or NotOnDomain or NoAddresses or TooManyAddresses or NonBillableTwoStep
            or NonBillableSingleSignOn =>
            StatusCodes.Status400BadRequest,
        NotHere => StatusCodes.Status501NotImplemented,
        Yourself or SuspendYourself or NotYours or ScopeMissing => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status409Conflict,
    };

    /// <summary>"ari:cloud:jira::site/ID": an app on a site.</summary>
    public static string ResourceOf(string app, SiteId site) => $"ari:cloud:{app}::site/{site}";

    public static (string App, SiteId Site)? ReadResource(string? text)
    {
        const string before = "ari:cloud:", between = "::site/";
        return text?.StartsWith(before, StringComparison.Ordinal) == true
            && text.IndexOf(between, StringComparison.Ordinal) is var at and > 0
            && Guid.TryParse(text[(at + between.Length)..], out var site)
            ? (text[before.Length..at], new SiteId(site)) : null;
    }

    public const string UserRole = "atlassian/user", AdminRole = "atlassian/admin", OrganizationAdminRole = "atlassian/org-admin",
        SiteAdminRole = "atlassian/site-admin", AccessAdminRole = "atlassian/user-access-admin";

    /// <summary>All that can be asked for; the last ones nobody has here.</summary>
    public static readonly string[] Roles = [UserRole, AdminRole, OrganizationAdminRole, SiteAdminRole, AccessAdminRole, "atlassian/guest",
        "atlassian/customer", "atlassian/contributor", "atlassian/basic", "atlassian/stakeholder", "atlassian/ai-access"];

    public static string NameOf(AppRole role) => role is AppRole.Admin ? AdminRole : UserRole;

    /// <summary>Null for what is no role in an app here.</summary>
    public static AppRole? RoleOf(string? name) => name switch
    {
        UserRole => AppRole.User,
        AdminRole => AppRole.Admin,
        _ => null,
    };

    /// <summary>Whether an app on a site is among those that are asked for.</summary>
    public static bool IsMeant(Asked asked, string app, SiteId site, params AppRole[] roles) =>
        asked.All("resourceIds", r => ReadResource(r)!.Value)?.Contains((app, site)) != false
        && asked.All("resourceOwners")?.Contains(app) != false
        && asked.All("roleIds", RoleOf)?.Any(r => r is { } role && roles.Contains(role)) != false;
}

/// <summary>For what only a person may do.</summary>
sealed record NotYours(string Why) : Refusal("notForKeys", Why);
