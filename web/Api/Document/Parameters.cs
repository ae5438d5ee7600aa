using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api.Document;

/// <summary>What several operations take alike.</summary>
static class Parameters
{
    public static readonly Parameter[] Paging =
    [
        new(Parameter.Cursor, "Where the page starts: from the links of another page"),
        new(Parameter.Limit, "Page size") { Kind = ParameterKind.Size },
    ];

    public static readonly Parameter[] Times = [new("from", "At or after this time: milliseconds since 1970, or ISO 8601"),
        new("to", "Before this time: milliseconds since 1970, or ISO 8601")];

    public static readonly Parameter[] EventFilters =
        [.. Paging, new("q", "Actor or target, as an ID or an email address; or words of the action"),
            new("action", "Only these actions") { Many = true },
            new("actor", "Only these actors, each as an ID or an email address") { Many = true }, .. Times];

    /// <summary>A span of time as API Access has it.</summary>
    static Parameter[] Span(string name, string what, string did) =>
    [
        new($"{name}SearchType", $"How to filter by {what} time; needs {name}From, {name}To or both") { Among = [TokenSpans.Range] },
        new($"{name}From", $"{did} at or after this time: milliseconds since 1970, or ISO 8601"),
        new($"{name}To", $"{did} before this time: milliseconds since 1970, or ISO 8601"),
    ];

    public static readonly Parameter[] PagingOfAccess =
        [.. Paging, new(Parameter.PageSize, "Page size, by its other name") { Kind = ParameterKind.Size }];

    public static readonly Parameter Allowed = new("status", "Whether it works, or has expired") { Among = ApiAccess.Statuses };

    public static readonly Parameter[] TokenFilters =
    [
        new("q", "Part of the label, or of the owner’s name or email address") { Kind = ParameterKind.Search }, Allowed,
        .. Span("createdAt", "creation", "Created"), .. Span("lastActiveAt", "last activity", "Last used"),
    ];

    public static readonly Parameter[] KeyFilters =
    [
        new("q", "Part of the label, or of the name of the admin") { Kind = ParameterKind.Search }, Allowed,
        .. Span("expiresAt", "expiry", "Expires"), .. Span("lastActiveAt", "last activity", "Last used"),
    ];

    public static readonly Parameter ResourceIds = new("resourceIds", "Apps on sites") { Kind = ParameterKind.Resource, Many = true },
        DirectoryIds = new("directoryIds", "Directories; the organization has one") { Kind = ParameterKind.Id, Many = true },
        AccountIds = new("accountIds", "These accounts") { Kind = ParameterKind.Id, Many = true },
        GroupIds = new("groupIds", "These groups") { Kind = ParameterKind.Id, Many = true },
        Owners = new("resourceOwners", "Apps, such as jira") { Many = true },
        RoleIds = new("roleIds", "Roles, held directly or by a group") { Among = OrganizationShape.Roles, Many = true },
        Term = new("searchTerm", "Part of a name or an email address") { Kind = ParameterKind.Search };

    /// <summary>Of users, in lists, searches and counts alike.</summary>
    public static readonly Parameter[] UserFilters =
    [
        Term, AccountIds, DirectoryIds, ResourceIds, GroupIds, RoleIds,
        new("status", "Account and membership in one word") { Among = UserWords.Standings.Words, Many = true },
        new("accountStatus", "Status of the account") { Among = UserWords.Accounts.Words, Many = true },
        new("membershipStatus", "Status on the sites") { Among = UserWords.Memberships.Words, Many = true },
        new("claimStatus", "Whether the organization manages the account") { Among = UserWords.Claims.Words },
        new("mfaEnabled", "Managed accounts with or without two-step verification") { Kind = ParameterKind.Flag },
        new("emailDomains", "Domains of the email address") { Kind = ParameterKind.Domain, Many = true },
    ];

    public static readonly Parameter[] GroupFilters =
        [Term with { Words = "Part of a name" }, GroupIds, AccountIds with { Words = "With one of these members" }, DirectoryIds,
            RoleIds with { Words = "Roles that the group gives" }, ResourceIds with { Words = "Apps on sites that the group opens" },
            Owners];

    public static Parameter SortedBy(string field) => new(Parameter.Sort, "Order")
    {
        Among = [$"{field} asc", $"{field} desc"],
        Many = true,
    };
}
