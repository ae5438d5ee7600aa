namespace DirectoryPlatform.Sites;

/// <param name="Access">What the group opens, by site and app.</param>
/// <param name="Provider">The identity provider that says name and members; null for the organization's own group.</param>
public sealed record GroupView(GroupId Id, string Name, string? Description, DateTimeOffset CreatedAt, IReadOnlyList<GroupAccess> Access,
    string? Provider);

public sealed record GroupAccess(SiteId Site, string SiteName, string App, string AppName, AppRole Role);

/// <summary>Refuses with <see cref="NotFound"/> for a group of another organization.</summary>
public sealed record ReadGroup(OrganizationId Organization, GroupId Group) : IRequest<Outcome<GroupView>>;

/// <summary>The organization's groups by name; members are counted for the page alone, and up to <see cref="MostCounted"/>. Refused with
/// <see cref="BrokenCursor"/>.</summary>
/// <param name="Search">Part of a name.</param>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ListGroups(OrganizationId Organization, string? Search, string? Cursor, int Size = 50)
    : IRequest<Outcome<ListPage<GroupRow>>>
{
    public const int MostCounted = 1_000;

    /// <summary>Beside <paramref name="Search"/>.</summary>
    public GroupFilter By { get; init; } = GroupFilter.All;

    public bool Descending { get; init; }
}

/// <summary>Each is met by any of its values; null for no such limit.</summary>
/// <param name="Names">Whole ones, in any letter case.</param>
/// <param name="Members">With one of these in them.</param>
/// <param name="Apps">That open one of these on any site.</param>
/// <param name="Resources">Apps on sites; with <paramref name="Roles"/>, in which the group gives such a role.</param>
public sealed record GroupFilter(IReadOnlyList<GroupId>? Groups = null, IReadOnlyList<string>? Names = null,
    IReadOnlyList<AccountId>? Members = null, IReadOnlyList<AppRole>? Roles = null, IReadOnlyList<string>? Apps = null,
    IReadOnlyList<(string App, SiteId Site)>? Resources = null)
{
    public static readonly GroupFilter All = new();
}

/// <summary>How many groups match, and how many of these an identity provider fills.</summary>
public sealed record CountGroups(OrganizationId Organization, string? Search, GroupFilter By) : IRequest<GroupCounts>;

public sealed record GroupCounts(long All, long Provided);

/// <param name="Members">At most one more than <see cref="ListGroups.MostCounted"/>.</param>
/// <param name="Provider">As in <see cref="GroupView"/>.</param>
public sealed record GroupRow(GroupId Id, string Name, string? Description, long Members, long Apps, string? Provider);

/// <summary>Refused with <see cref="InvalidValue"/> of field "name" or "description", or <see cref="GroupNameTaken"/>.</summary>
public sealed record CreateGroup(OrganizationId Organization, string? Name, string? Description, Origin Origin) : IRequest<Outcome<GroupId>>
{
    /// <summary>A sentence or two (own choice).</summary>
    public const int MaxDescription = 300;
}

public sealed record ChangeGroup(OrganizationId Organization, GroupId Group, string? Name, string? Description, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>Its members lose what it opens.</summary>
public sealed record DeleteGroup(OrganizationId Organization, GroupId Group, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Every member who is active on the site gets the role (SPEC U6).</summary>
/// <param name="Role">Null to open the app no longer.</param>
public sealed record GiveGroupAccess(OrganizationId Organization, GroupId Group, SiteId Site, string? App, AppRole? Role, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>A user of one of the organization's sites; refused with <see cref="NotAUserHere"/> or <see cref="InGroupAlready"/>.</summary>
public sealed record AddToGroup(OrganizationId Organization, GroupId Group, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>The same by address, as an admin types it.</summary>
public sealed record AddToGroupByEmail(OrganizationId Organization, GroupId Group, string? Email, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record RemoveFromGroup(OrganizationId Organization, GroupId Group, AccountId Account, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>The group of this name, in any letter case; null for none.</summary>
public sealed record FindGroup(OrganizationId Organization, string Name) : IRequest<GroupId?>;

/// <summary>What groups are called; unknown and foreign ones are left out.</summary>
public sealed record NameGroups(OrganizationId Organization, IReadOnlyCollection<GroupId> Groups)
    : IRequest<IReadOnlyDictionary<GroupId, string>>;

/// <summary>The groups of one organization that an account is in.</summary>
public sealed record ReadGroupsOf(OrganizationId Organization, AccountId Account) : IRequest<IReadOnlySet<GroupId>>;

/// <summary>Conditions over what this room knows, for rooms that sort accounts by it; over the account under the alias <c>a</c>.</summary>
public static class SitesSql
{
    /// <param name="group">Place of a group's id.</param>
    public static string InGroup(string group) =>
        $"exists (select from sites.v_group_member g where g.account_id = a.id and g.group_id = {group})";
}
