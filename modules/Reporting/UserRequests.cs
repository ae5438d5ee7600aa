namespace DirectoryPlatform.Reporting;

/// <summary>Whose users: those of one site, or of all sites of the organization (SPEC U1).</summary>
public sealed record UserScope(OrganizationId Organization, SiteId? Site = null)
{
    internal Guid Id => Site?.Value ?? Organization.Value;
}

/// <summary>Managed here or not; or managed here and on no site, who are no users yet.</summary>
public enum UserType { Managed, External, NeverInvited }

/// <param name="App">An app's id: who has a role in it, directly or by a group.</param>
public sealed record UserFilter(string? Search = null, UserStatus? Status = null, UserType? Type = null, LastActive? LastActive = null,
    string? App = null, GroupId? Group = null)
{
    public static readonly UserFilter Everybody = new();

    /// <summary>Whose membership is kept while the account cannot act (SPEC A17): only those, or all but them;
    /// null for no such limit.</summary>
    public bool? Dormant { get; init; }

    /// <summary>Of the email address, in A-label form; null for no such limit.</summary>
    public string? Domain { get; init; }

    /// <summary>Only these people; null for no such limit. So, too, whatever follows; each is met by any of its values.</summary>
    public IReadOnlyList<AccountId>? Only { get; init; }

    /// <summary>Exactly these addresses, also of invitations that wait.</summary>
    public IReadOnlyList<string>? Emails { get; init; }

    /// <summary>As <see cref="Domain"/>.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    public IReadOnlyList<GroupId>? Groups { get; init; }

    /// <summary>Null among them is who was never invited, and found only where <see cref="NeverInvited"/> says so.</summary>
    public IReadOnlyList<UserStatus?>? Memberships { get; init; }

    /// <summary>Of the account; an invitation that waits counts as active.</summary>
    public IReadOnlyList<AccountState>? States { get; init; }

    public IReadOnlyList<UserStanding>? Standings { get; init; }

    /// <summary>Managed accounts with or without two-step verification; whether others have it is nobody's business here.</summary>
    public bool? TwoStep { get; init; }

    /// <summary>Admins of the organization that are on no site are meant where it is asked for them.</summary>
    public IReadOnlyList<UserRole>? Roles { get; init; }

    /// <summary>Who can use one of these apps; with <see cref="Roles"/> of an app, who has such a role there.</summary>
    public IReadOnlyList<AppOnSite>? Resources { get; init; }

    /// <summary>Whether managed accounts that are on no site are meant as well.</summary>
    public bool NeverInvited { get; init; }

    /// <summary>The name or the public name, in any letter case.</summary>
    public TextMatch? Names { get; init; }

    /// <summary>What stands before the <c>@</c> of the address.</summary>
    public TextMatch? Mailboxes { get; init; }

    /// <summary>Part of the address's domain, in A-label form.</summary>
    public string? DomainPart { get; init; }

    /// <summary>Whether invitations that wait are left out.</summary>
    public bool AccountsOnly { get; init; }

    internal string? SearchText => SearchKey.Typed(Search);
}

/// <summary>One of these texts, or a part of the text; in any letter case.</summary>
/// <param name="Exactly">Null where a part is asked for.</param>
/// <param name="Part">Null where whole texts are asked for.</param>
public sealed record TextMatch(IReadOnlyList<string>? Exactly, string? Part);

/// <summary>Account and membership in one word: whose account can act is as the membership is, everybody else as the account.</summary>
public enum UserStanding { Active, Invited, Suspended, NotInvited, Deactivated, ForDeletion }

/// <summary>Of a person in the organization (SPEC S7, U6), held directly or by a group.</summary>
public enum UserRole { User, Admin, OrganizationAdmin, SiteAdmin, AccessAdmin }

public sealed record AppOnSite(string App, SiteId Site);

/// <summary>One page of a Users list (SPEC U2). Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ListUsers(UserScope Scope, UserFilter? Filter = null, ListSort Sort = ListSort.Name, bool Descending = false,
    string? Cursor = null, int Size = 50) : IRequest<Outcome<ListPage<UserRow>>>;

/// <param name="Id">Of the account, or of the invitation that waits.</param>
/// <param name="Account">Null for an invitation.</param>
/// <param name="Status">Null for who was never invited.</param>
/// <param name="State">Of the account; null for an invitation.</param>
/// <param name="LastActiveAt">On the site, to the hour; null for never.</param>
/// <param name="Places">What opens: apps on a site; sites in an organization.</param>
/// <param name="InvitedTo">The site of an invitation.</param>
public sealed record UserRow(
    Guid Id, AccountId? Account, string Name, string Email, UserStatus? Status, AccountState? State, bool Managed,
    DateTimeOffset? LastActiveAt, DateTimeOffset AddedAt, Guid? Picture, IReadOnlyList<string> Places, SiteId? InvitedTo);

/// <summary>The counters above the list; exact to within five seconds.</summary>
public sealed record CountUsers(UserScope Scope) : IRequest<UserCounts>;

/// <summary>How many users match, counted to the last.</summary>
public sealed record CountMatchingUsers(UserScope Scope, UserFilter Filter) : IRequest<long>;

/// <summary>How many of those that match are such; exact to within five seconds.</summary>
public sealed record ReadUserStatistics(UserScope Scope, UserFilter Filter) : IRequest<UserStatistics>;

/// <param name="Accounts">By state of the account, without zeros; an invitation that waits counts as active.</param>
/// <param name="Memberships">By status on the sites, without zeros.</param>
/// <param name="NoMembership">On no site, whether the filter means them or not.</param>
/// <param name="Roles">All of them; in apps where the filter names some.</param>
public sealed record UserStatistics(IReadOnlyDictionary<AccountState, long> Accounts, IReadOnlyDictionary<UserStatus, long> Memberships,
    long NoMembership, IReadOnlyDictionary<UserRole, long> Roles);

/// <param name="Active">Without the dormant ones.</param>
/// <param name="Dormant">On the site, with an account that is deactivated, being deleted or not verified:
/// it opens nothing (SPEC A17).</param>
public sealed record UserCounts(long Total, long Active, long Invited, long Suspended, long Dormant = 0);

/// <summary>Whether somebody is a user of these sites: whoever sees the list may see the pictures in it.</summary>
public sealed record IsUser(UserScope Scope, AccountId Account) : IRequest<bool>;

/// <summary>A person as an organization, or one of its sites, sees him or her (SPEC U2). Refused with <see cref="NotFound"/> when the
/// person is on none of the sites that are asked for.</summary>
public sealed record ReadUser(UserScope Scope, AccountId Account) : IRequest<Outcome<UserProfile>>
{
    /// <summary>Whether an account that the organization manages is shown when it is on no site.</summary>
    public bool ManagedToo { get; init; }
}

/// <summary>What lists of users have no room for, of some people at once. Who is no user of the organization's, nor managed by it, is left
/// out.</summary>
/// <param name="Parts">What is wanted beside the account's own members.</param>
public sealed record ReadUserDetails(OrganizationId Organization, IReadOnlyCollection<AccountId> Accounts, UserParts Parts)
    : IRequest<IReadOnlyDictionary<AccountId, UserDetails>>;

/// <summary>What costs a look of its own.</summary>
[Flags]
public enum UserParts { None = 0, Roles = 1, Apps = 2, Groups = 4 }

/// <param name="TwoStep">Null for whom the organization does not manage: that is nobody's business here.</param>
/// <param name="Roles">Those of an admin; none where nobody asked, as of all that follows.</param>
/// <param name="Apps">Apps on the organization's sites that open, by a role of their own or by a group.</param>
public sealed record UserDetails(bool EmailVerified, bool? TwoStep, string? PublicName, IReadOnlyList<UserRole> Roles,
    IReadOnlyList<UsedApp> Apps, IReadOnlyList<DescribedGroup> Groups);

/// <param name="LastActiveAt">To the hour; null for never.</param>
public sealed record UsedApp(string App, SiteId Site, DateTimeOffset? LastActiveAt);

public sealed record DescribedGroup(GroupId Id, string Name, string? Description);

/// <param name="Managed">Whether this organization manages the account.</param>
/// <param name="Sites">Those of the scope that the person is on, by name.</param>
/// <param name="Groups">Of the organization; none for a site's own admins: those that they give are asked for by
/// <see cref="ReadSiteGroups"/>.</param>
public sealed record UserProfile(
    AccountId Id, string Name, string Email, AccountState State, bool Managed, Guid? Picture, string? JobTitle, string? Department,
    string? Location, string? TimeZone, IReadOnlyList<UserSite> Sites, IReadOnlyList<UserGroup> Groups);

/// <param name="LastActiveAt">To the hour; null for never. So, too, of an app.</param>
public sealed record UserSite(SiteId Id, string Name, UserStatus Status, DateTimeOffset AddedAt, string? AddedBy,
    DateTimeOffset? LastActiveAt, IReadOnlyList<UserApp> Apps)
{
    /// <summary>Name of another organization whose site it is.</summary>
    public string? Organization { get; init; }
}

/// <param name="Direct">Null when only groups open the app, or nothing does.</param>
/// <param name="ByGroups">Names of the groups that open it.</param>
public sealed record UserApp(string Id, string Name, AppRole? Direct, AppRole? Effective, IReadOnlyList<string> ByGroups,
    DateTimeOffset? LastActiveAt);

/// <param name="Provider">The identity provider that says who is in it; null for the organization's own group.</param>
public sealed record UserGroup(GroupId Id, string Name, string? Provider);

/// <summary>An invitation that waits, as the site's admins see it; refuses with <see cref="NotFound"/> when it is used,
/// taken back or another site's.</summary>
/// <param name="OfSiteAlone">Leaves out groups that open nothing there: of those its own admins learn nothing (SPEC U9).</param>
public sealed record ReadWaitingInvitation(SiteId Site, InvitationId Invitation, bool OfSiteAlone = false)
    : IRequest<Outcome<WaitingInvitation>>;

/// <param name="SentAt">Null for never.</param>
/// <param name="Roles">By name of the app.</param>
public sealed record WaitingInvitation(
    string Email, string Site, string? By, DateTimeOffset InvitedAt, DateTimeOffset? SentAt, DateTimeOffset ExpiresAt, bool Expired,
    string? Note, IReadOnlyDictionary<string, AppRole> Roles, IReadOnlyList<string> Groups);

/// <summary>Prepares a change of many users from what a list shows (SPEC U4, U5, A10):
/// the checked rows, or all that match its filter.</summary>
/// <param name="Accounts">Null for all that match.</param>
/// <param name="Filter">For all that match; invitations that wait are nobody yet and are left out.</param>
public sealed record PrepareUserChange(UserScope Scope, MembershipChange Change, IReadOnlyList<AccountId>? Accounts, UserFilter? Filter,
    Origin Origin) : IRequest<Outcome<BulkDraftId>>;

/// <summary>Prepares invitations of managed people from what the list of managed accounts shows: the checked rows, or all that match its
/// filter (SPEC U3).</summary>
/// <param name="Accounts">Null for all that match.</param>
public sealed record PrepareInvitees(OrganizationId Organization, IReadOnlyList<AccountId>? Accounts, ManagedAccountFilter? Filter,
    Origin Origin) : IRequest<Outcome<BulkDraftId>>;
