namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>The few words of that API for one thing, and what each means here.</summary>
sealed class ApiWords<T>(params (string Word, T Means)[] all)
{
    public IReadOnlyList<string> Words { get; } = [.. all.Select(a => a.Word)];

    /// <param name="word">One of <see cref="Words"/>.</param>
    public T Of(string word) => all.First(a => a.Word == word).Means;

    public string For(T meant) => all.First(a => Equals(a.Means, meant)).Word;
}

/// <summary>What that API calls a user's states; "invited" is beyond it.</summary>
static class UserWords
{
    public static readonly ApiWords<UserStanding> Standings = new(
        ("active", UserStanding.Active), ("suspended", UserStanding.Suspended), ("not_invited", UserStanding.NotInvited),
        ("deactivated", UserStanding.Deactivated), ("for_deletion", UserStanding.ForDeletion), ("invited", UserStanding.Invited));

    /// <summary>As <see cref="Management.ProfileRoutes.StatusOf"/> has them.</summary>
    public static readonly ApiWords<AccountState[]> Accounts = new(
        ("active", [AccountState.Active, AccountState.Unverified]), ("inactive", [AccountState.Deactivated, AccountState.PendingDeletion]),
        ("closed", [AccountState.Deleted]));

    /// <summary>Null for managed accounts that are on no site.</summary>
    public static readonly ApiWords<UserStatus?> Memberships = new(
        ("active", UserStatus.Active), ("suspended", UserStatus.Suspended), ("no_membership", null), ("invited", UserStatus.Invited));

    public static readonly ApiWords<UserType> Claims = new(("managed", UserType.Managed), ("unmanaged", UserType.External));

    /// <summary>In one word, as <see cref="UserFilter.Standings"/> finds it.</summary>
    /// <param name="state">Null for an invitation.</param>
    /// <param name="status">Null for who was never invited.</param>
    public static UserStanding StandingOf(AccountState? state, UserStatus? status) => (state, status) switch
    {
        (AccountState.Deactivated or AccountState.Deleted, _) => UserStanding.Deactivated,
        (AccountState.PendingDeletion, _) => UserStanding.ForDeletion,
        (_, UserStatus.Active) => UserStanding.Active,
        (_, UserStatus.Suspended) => UserStanding.Suspended,
        (_, UserStatus.Invited) => UserStanding.Invited,
        (_, null) => UserStanding.NotInvited,
    };

    /// <summary>Of somebody on several sites.</summary>
    public static UserStatus? MembershipOf(IEnumerable<UserStatus> sites) => sites.Aggregate((UserStatus?)null, (sofar, one) =>
        sofar is UserStatus.Active || one is UserStatus.Active ? UserStatus.Active : one);

    public static string NameOf(UserRole role) => role switch
    {
        UserRole.User => OrganizationShape.UserRole,
        UserRole.Admin => OrganizationShape.AdminRole,
        UserRole.OrganizationAdmin => OrganizationShape.OrganizationAdminRole,
        UserRole.SiteAdmin => OrganizationShape.SiteAdminRole,
        UserRole.AccessAdmin => OrganizationShape.AccessAdminRole,
    };

    /// <summary>Null for roles of that API that nobody has here.</summary>
    public static UserRole? RoleOf(string word) => word switch
    {
        OrganizationShape.UserRole => UserRole.User,
        OrganizationShape.AdminRole => UserRole.Admin,
        OrganizationShape.OrganizationAdminRole => UserRole.OrganizationAdmin,
        OrganizationShape.SiteAdminRole => UserRole.SiteAdmin,
        OrganizationShape.AccessAdminRole => UserRole.AccessAdmin,
        _ => null,
    };
}
