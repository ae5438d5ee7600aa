using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites;

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
