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
    : IRequest<Outcome<Done>>
{
    /// <summary>Only this role is taken: where the group has another, or none, nothing changes. Null for whichever it has.</summary>
    public AppRole? Taken { get; init; }
}

/// <summary>A user of one of the organization's sites; refused with <see cref="NotAUserHere"/> or <see cref="InGroupAlready"/>.</summary>
public sealed record AddToGroup(OrganizationId Organization, GroupId Group, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>Asked by this site's own admins: the person is a user of it, and the group one of <see cref="ReadSiteGroups"/>; any other
    /// group is answered as an unknown one.</summary>
    public SiteId? Site { get; init; }
}

/// <summary>The same by address, as an admin types it.</summary>
public sealed record AddToGroupByEmail(OrganizationId Organization, GroupId Group, string? Email, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record RemoveFromGroup(OrganizationId Organization, GroupId Group, AccountId Account, Origin Origin)
    : IRequest<Outcome<Done>>
{
    /// <summary>As in <see cref="AddToGroup"/>.</summary>
    public SiteId? Site { get; init; }
}

/// <summary>
/// The groups that a site's own admins give and take (SPEC U13): they open something on this site and nothing on another, no identity
/// provider says who is in them, and no room uses them for more (<see cref="IUseGroups"/>). Null where the organization does not allow it,
/// and for another organization's site.
/// </summary>
public sealed record ReadSiteGroups(OrganizationId Organization, SiteId Site, AccountId Account) : IRequest<SiteGroups?>
{
    /// <summary>A list to choose from (own choice).</summary>
    public const int Most = 200;
}

/// <param name="In">Those that the account is in, by name.</param>
/// <param name="Others">The others, by name.</param>
public sealed record SiteGroups(IReadOnlyList<SiteGroup> In, IReadOnlyList<SiteGroup> Others);

public sealed record SiteGroup(GroupId Id, string Name);

/// <summary>Whether the organization's site admins may give and take groups (SPEC U13).</summary>
public sealed record AllowSiteGroups(OrganizationId Organization, bool Allowed, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>A room where more hangs on a group than what it opens, such as how its members sign in: a site's own admins do not give
/// it.</summary>
public interface IUseGroups
{
    Task<IReadOnlySet<GroupId>> Used(OrganizationId organization, CancellationToken ct);

    /// <summary>Whether more hangs on this one now, for a change that has its row locked.</summary>
    Task<bool> Uses(Change change, OrganizationId organization, GroupId group);
}

/// <summary>For rooms that are about to hang more on a group.</summary>
public static class GroupRows
{
    /// <summary>Until the change commits nobody is put into the group or taken out of it.</summary>
    /// <returns>False when the organization has no such group.</returns>
    public static async Task<bool> HoldGroup(this Change change, OrganizationId organization, GroupId group) =>
        await change.Value<Guid?>("select id from sites.grp where id = @group and organization_id = @organization for share",
            new { group = group.Value, organization = organization.Value }) is not null;
}

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
