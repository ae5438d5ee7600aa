namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>The envelope of the Organizations API: data, links, meta; and how its refusals are told.</summary>
/// <param name="Links">Null for none.</param>
/// <param name="Meta">Null for none.</param>
sealed record Envelope(object Data, object? Links = null, object? Meta = null);

/// <summary>What is beside a page: the places of its neighbours.</summary>
sealed record PageLinks(string Self, string? Prev, string? Next);

sealed record SelfLink(string Self);

/// <param name="Type">"orgs", "domains", "jobs", ...: what it is.</param>
sealed record Resource(string Id, string Type, object Attributes, object? Links = null);

static class OrganizationShape
{
    public static Task Refuse(HttpContext http, Refusal refusal) => ApiAnswer.RefuseFor(http, StatusOf(refusal), refusal);

    /// <summary>What the organization has no part in is answered as what does not exist; what is wrong in the request 400; what stands in
    /// the way 409.</summary>
    static int StatusOf(Refusal refusal) => Later.StatusOf(refusal) ?? refusal switch
    {
        BadBody bad => bad.Status,
        NotFound or NotManagedHere or NoSuchAccount or NotAUserHere or NotInGroup or NotExcluded => StatusCodes.Status404NotFound,
        BrokenCursor or InvalidValue or TextTooLong or NotOnDomain or NoAddresses or TooManyAddresses or NonBillableTwoStep
            or NonBillableSingleSignOn =>
            StatusCodes.Status400BadRequest,
        Yourself or SuspendYourself or NotYours => StatusCodes.Status403Forbidden,
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

    public static string NameOf(AppRole role) => role is AppRole.Admin ? "atlassian/admin" : "atlassian/user";

    /// <summary>Null for what is no role here.</summary>
    public static AppRole? RoleOf(string? name) => name switch
    {
        "atlassian/user" => AppRole.User,
        "atlassian/admin" => AppRole.Admin,
        _ => null,
    };
}

/// <summary>For what only a person may do.</summary>
sealed record NotYours(string Why) : Refusal("notForKeys", Why);
