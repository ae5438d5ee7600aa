using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>A person as an organization, or one of its sites, sees him or her (SPEC U2). Refused with <see cref="NotFound"/> when the
/// person is on none of the sites that are asked for.</summary>
public sealed record ReadUser(UserScope Scope, AccountId Account) : IRequest<Outcome<UserProfile>>;

/// <param name="Managed">Whether this organization manages the account.</param>
/// <param name="Sites">Those of the scope that the person is on, by name.</param>
/// <param name="Groups">Of the organization; none for a site's own admins, who do not decide about groups.</param>
/// <param name="History">What happened to the person on these sites, newest first, at most 50.</param>
public sealed record UserProfile(
    AccountId Id, string Name, string Email, AccountState State, bool Managed, Guid? Picture, string? JobTitle, string? Department,
    string? Location, string? TimeZone,
    IReadOnlyList<UserSite> Sites, IReadOnlyList<UserGroup> Groups, IReadOnlyList<HistoryLine> History);

public sealed record UserSite(SiteId Id, string Name, UserStatus Status, DateTimeOffset AddedAt, string? AddedBy,
    DateTimeOffset? LastActiveAt, IReadOnlyList<UserApp> Apps);

/// <param name="Direct">Null when only groups open the app, or nothing does.</param>
/// <param name="ByGroups">Names of the groups that open it.</param>
public sealed record UserApp(string Id, string Name, AppRole? Direct, AppRole? Effective, IReadOnlyList<string> ByGroups);

public sealed record UserGroup(GroupId Id, string Name);
