namespace DirectoryPlatform.Reporting;

/// <summary>One page of the Managed accounts list (SPEC M1). Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Filter">Null for all.</param>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ListManagedAccounts(
    OrganizationId Organization, ManagedAccountFilter? Filter = null, ListSort Sort = ListSort.Name, bool Descending = false,
    string? Cursor = null, int Size = 50) : IRequest<Outcome<ListPage<ManagedAccountRow>>>;

/// <param name="LastActiveAt">To the hour; null for never.</param>
/// <param name="AddedAt">When the organization claimed the account.</param>
/// <param name="Picture">Id of the person's own picture; null for the initials.</param>
/// <param name="Policy">Name of the authentication policy.</param>
/// <param name="Apps">Names of the apps that open on the organization's sites; null when nobody asked.</param>
public sealed record ManagedAccountRow(AccountId Id, string Name, string Email, AccountState State, DateTimeOffset? LastActiveAt,
    DateTimeOffset AddedAt, Guid? Picture = null, string? Policy = null, IReadOnlyList<string>? Apps = null)
{
    /// <summary>Of <see cref="Apps"/>, in their order.</summary>
    public IReadOnlyList<string> AppIds { get; init; } = [];

    /// <summary>Whether the policy counts its people for the bill.</summary>
    public bool Billable { get; init; } = true;
}

/// <summary>How many accounts match, counted up to a limit, so that the question costs little whatever the answer.</summary>
public sealed record CountMatchingAccounts(OrganizationId Organization, ManagedAccountFilter Filter, int Limit) : IRequest<long>;

/// <summary>The counters above the list; exact to within five seconds.</summary>
public sealed record CountManagedAccounts(OrganizationId Organization) : IRequest<ManagedAccountCounts>;

/// <summary>What is held of the counts of accounts and users of an organization and all its sites is counted anew: whoever has just changed
/// something there sees it counted, unless it was being counted meanwhile.</summary>
/// <param name="Policies">Whether those under each policy are, too, for which every account is looked at.</param>
public sealed record CountAnew(OrganizationId Organization, bool Policies) : IRequest<Done>;

/// <param name="SecureLogin">Those that sign in through the organization's identity provider, or with two-step verification.</param>
public sealed record ManagedAccountCounts(long Total, long Active, long Deactivated, long PendingDeletion, long Unverified,
    long SecureLogin, DateTimeOffset AsOf)
{
    /// <summary>Those of them that the identity provider signs in.</summary>
    public long SingleSignOn { get; init; }

    /// <summary>As many as the list has rows: the total leaves out who is unverified (SPEC C4).</summary>
    public long Listed => Total + Unverified;

    /// <summary>Of all, rounded down: 100 means everybody.</summary>
    public int SecureLoginPercent => Total == 0 ? 0 : (int)(100 * SecureLogin / Total);

    /// <summary>The same in words: who is somebody is not shown as nobody.</summary>
    public string SecureLoginShare => SecureLogin > 0 && SecureLoginPercent == 0 ? "<1%" : $"{SecureLoginPercent}%";

    public long With(SecureLogin login) => login switch
    {
        Accounts.SecureLogin.Any => SecureLogin,
        Accounts.SecureLogin.SingleSignOn => SingleSignOn,
        Accounts.SecureLogin.TwoStep => SecureLogin - SingleSignOn,
        Accounts.SecureLogin.None => Total - SecureLogin,
    };

    public long In(AccountState state) => state switch
    {
        AccountState.Active => Active,
        AccountState.Deactivated => Deactivated,
        AccountState.PendingDeletion => PendingDeletion,
        AccountState.Unverified => Unverified,
        _ => 0,
    };
}

/// <summary>When the managed accounts were last active; exact to within half a minute.</summary>
public sealed record ReadActivity(OrganizationId Organization) : IRequest<Activity>;

/// <param name="Days">Accounts by how many whole days ago they were last active: 0 to 89.</param>
/// <param name="LongerAgo">90 days and more.</param>
public sealed record Activity(IReadOnlyList<long> Days, long LongerAgo, long Never, DateTimeOffset AsOf)
{
    /// <summary>As many as the filter of the list means.</summary>
    public long With(LastActive active) => active switch
    {
        LastActive.Never => Never,
        LastActive.Within7Days => Days.Take(7).Sum(),
        LastActive.Within30Days => Days.Take(30).Sum(),
        LastActive.Within90Days => Days.Sum(),
        LastActive.LongerAgo => LongerAgo,
    };
}

/// <summary>How the accounts that are managed now came to be managed: how many were claimed on each day, or in each month where there are
/// too many days to look at.</summary>
public sealed record ReadGrowth(OrganizationId Organization) : IRequest<Growth>;

/// <param name="ByMonth">Whether a point is a month, named by its first day.</param>
/// <param name="AsOf">Held for half a minute.</param>
public sealed record Growth(IReadOnlyList<GrowthPoint> Points, bool ByMonth, DateTimeOffset AsOf);

/// <param name="Total">Claimed until the end of that day or month.</param>
public sealed record GrowthPoint(DateOnly Day, long Claimed, long Total);

/// <summary>The profile of a managed account (SPEC M2). Refused with <see cref="NotFound"/>
/// when this organization does not manage it.</summary>
/// <param name="Viewer">The admin who looks: an action on oneself is refused, and the page says so beforehand.</param>
public sealed record ReadManagedAccount(OrganizationId Organization, AccountId Account, AccountId Viewer)
    : IRequest<Outcome<ManagedAccountProfile>>
{
    /// <summary>As in <see cref="ReadProfile.Asker"/>.</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }

    /// <summary>How many of the newest lines of the history are wanted besides.</summary>
    public int Recent { get; init; }
}

/// <param name="Actions">Every action in menu order; a refused one carries the sentence that says why.</param>
public sealed record ManagedAccountProfile(
    AccountId Id, string Name, string Email, AccountState State, DateTimeOffset CreatedAt, DateTimeOffset? ClaimedAt,
    string? DeactivationReason, string? DeactivationMessage, DateTimeOffset? DeletionDueAt, bool IsOrganizationAdmin,
    DateTimeOffset? LastActiveAt, long Version, IReadOnlyList<OfferedAction> Actions)
{
    public ProfileView Profile { get; init; } = null!;

    /// <summary>The newest lines, as many as were asked for; all are read by <see cref="ReadHistory"/>.</summary>
    public IReadOnlyList<AuditEvent> History { get; init; } = [];

    /// <summary>The identity provider's directory that owns the account; null for none.</summary>
    public DirectoryOfPerson? Owner { get; init; }
}

/// <summary>What happened to a person, newest first (SPEC M2). Of a managed account: what this organization did or saw, and what the person
/// did before it was managed. Of anybody else: what this organization did. Of a site: what was done about the person on it. Refused with
/// <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ReadHistory(UserScope Scope, AccountId Account, string? Cursor = null, int Size = 50)
    : IRequest<Outcome<ListPage<AuditEvent>>>;

/// <summary>What a person did with the own account, newest first, in whichever organization's log it stands. Not what others did: who
/// administers, and why, is those organizations'.</summary>
/// <param name="Size">At most 50.</param>
public sealed record ReadOwnHistory(AccountId Account, int Size = 5) : IRequest<IReadOnlyList<AuditEvent>>;

/// <param name="Action">The fact's name, such as "AccountDeactivated"; pages turn it into words.</param>
/// <param name="Actor">Display name of who did it; null for the platform itself.</param>
/// <param name="Why">The reason given, if any.</param>
/// <param name="Changes">Field, before and after.</param>
public sealed record HistoryLine(DateTimeOffset At, string Action, string? Actor, string Means, string? Why,
    IReadOnlyList<HistoryChange> Changes);

public sealed record HistoryChange(string Field, string? Before, string? After)
{
    /// <summary>Which of the two was something else than text: a name may read like JSON, too.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public (bool Before, bool After) IsJson { get; init; }
}

/// <summary>What a person can get in to, and by what (SPEC M2): every site and app of this organization, or of one of its sites, and of
/// other organizations for a managed account. Nothing for whoever is unknown.</summary>
public sealed record ReadAppAccess(UserScope Scope, AccountId Account) : IRequest<AppAccess>;

/// <param name="Here">Those of the scope's sites that the person is on, by name.</param>
/// <param name="Elsewhere">Other organizations' sites that the person is on; their groups are not named.</param>
/// <param name="Groups">As in <see cref="UserProfile"/>.</param>
/// <param name="OtherGroups">Names of groups that the person could be added to, at most <see cref="MostOffered"/>.</param>
public sealed record AppAccess(IReadOnlyList<UserSite> Here, IReadOnlyList<UserSite> Elsewhere, IReadOnlyList<UserGroup> Groups,
    IReadOnlyList<string> OtherGroups)
{
    /// <summary>A field suggests them; more would be a long page (own choice).</summary>
    public const int MostOffered = 200;
}

/// <summary>One page of the tokens of all accounts that the organization manages, newest first: what is not revoked, with expired ones for
/// a month more. Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ListApiTokens(OrganizationId Organization, ApiTokenFilter? Filter = null, string? Cursor = null, int Size = 50,
    bool Descending = true) : IRequest<Outcome<ListPage<OwnedApiToken>>>;

/// <summary>How many there are of those that <see cref="ListApiTokens"/> shows.</summary>
public sealed record CountApiTokens(OrganizationId Organization, ApiTokenFilter Filter) : IRequest<long>;

/// <summary>Which tokens are meant; each null for no such limit.</summary>
/// <param name="Search">Part of the label, or of the owner's name or email address.</param>
/// <param name="Expired">Only those, or only the others.</param>
/// <param name="Used">When last; a token that was never used meets no limit.</param>
public sealed record ApiTokenFilter(string? Search = null, bool? Expired = null, Between? Created = null, Between? Used = null);

/// <param name="From">Included; null for no beginning.</param>
/// <param name="To">Not included; null for no end.</param>
public sealed record Between(DateTimeOffset? From, DateTimeOffset? To)
{
    public bool Holds(DateTimeOffset? at) => at is { } moment && !(moment < From) && !(moment >= To);
}

public sealed record OwnedApiToken(ApiTokenView Token, AccountId Owner, string Name, string Email);
