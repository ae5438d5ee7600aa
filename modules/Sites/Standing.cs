namespace DirectoryPlatform.Sites;

/// <summary>
/// Everything that counts when one person wants to enter one app on one site, and the one place that decides it (SPEC U10, U11). The door
/// asks it, the page that explains asks it, and "what would change if" asks it about a standing that is not so.
/// </summary>
/// <param name="State">Of the account; null when there is no such account.</param>
/// <param name="AppOnSite">Whether the app runs there.</param>
/// <param name="Status">Null for who is no user of the site.</param>
/// <param name="Direct">The role that the person holds in the app; null for none.</param>
/// <param name="Groups">Each group of the person that opens the app.</param>
/// <param name="LastUsedAt">The app by the person, to the hour; null for never.</param>
public sealed record Standing(OrganizationId Organization, AccountState? State, bool AppOnSite, UserStatus? Status, AppRole? Direct,
    IReadOnlyList<GroupRole> Groups, DateTimeOffset? LastUsedAt = null)
{
    /// <summary>The role in which the person may enter now, or why not: refusals in the order in which an admin would check them.</summary>
    public Outcome<AppRole> MayEnter() => this switch
    {
        { State: not AccountState.Active } => new AccountCannotAct(),
        { AppOnSite: false } => new AppNotOnSite(),
        { Status: null or UserStatus.Invited } => new NotOnThisSite(),
        { Status: UserStatus.Suspended } => new SuspendedOnThisSite(),
        { Direct: null, Groups: [] } => new NoAccessToApp(),
        _ => Groups.Select(g => g.Role).Append(Direct ?? AppRole.User).Max(),
    };

    public Standing Suspended => this with { Status = Status is UserStatus.Active ? UserStatus.Suspended : Status };
    public Standing Deactivated => this with { State = State is AccountState.Active ? AccountState.Deactivated : State };
    public Standing WithoutRole => this with { Direct = null };
    public Standing Without(GroupId group) => this with { Groups = [.. Groups.Where(g => g.Group != group)] };
}

public sealed record GroupRole(GroupId Group, string Name, AppRole Role);

/// <summary>SPEC U2. Invited is who has not come yet.</summary>
public enum UserStatus { Active = 1, Invited = 2, Suspended = 3 }

/// <summary>What somebody may do in an app (SPEC U6); the greater one holds when several are given.</summary>
public enum AppRole { User = 1, Admin = 2 }

/// <summary>Refuses with <see cref="NotFound"/> for an unknown site.</summary>
public sealed record ReadStanding(SiteId Site, string App, AccountId Account) : IRequest<Outcome<Standing>>;

/// <summary>
/// The door's question (SPEC U11): may this person, whom the gate has just recognised, enter this app now? A yes is remembered for half a
/// second, a no is never: SPEC A9 allows a second on any node, and what the gate itself remembers runs at the same time, not on top.
/// Refuses with the reason for the person. Notes the activity, at most once an hour.
/// </summary>
/// <param name="Site">Its id, or the host of its address.</param>
public sealed record MayEnterApp(string? Site, string? App, AccountId Account) : IRequest<Outcome<AppRole>>;

/// <summary>The sites of one person with the apps that open (SPEC U4: what a suspended person sees), by name.</summary>
public sealed record ReadOwnSites(AccountId Account) : IRequest<IReadOnlyList<OwnSite>>;

public sealed record OwnSite(string Organization, SiteView Site, UserStatus Status, IReadOnlyList<string> Open);

/// <summary>Gives a user of the site a role in an app, or takes it (SPEC U6). What groups open stays open.</summary>
/// <param name="Role">Null to take the role away.</param>
/// <param name="OnlyApps">The apps that whoever asks may decide about; null for all of the site.</param>
public sealed record GiveRole(SiteId Site, AccountId Account, string App, AppRole? Role, IReadOnlyList<string>? OnlyApps, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>The same for several apps, all or none of them (SPEC U13).</summary>
/// <param name="Roles">By app; null to take the role away.</param>
public sealed record GiveRoles(SiteId Site, AccountId Account, IReadOnlyDictionary<string, AppRole?> Roles, IReadOnlyList<string>? OnlyApps,
    Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>By app, what whoever asks has seen; null for whoever looks at nothing before. Refused with <see cref="ChangedMeanwhile"/>
    /// where another role stands there now, and neither that nor the wanted one.</summary>
    public IReadOnlyDictionary<string, AppRole?>? Seen { get; init; }
}

/// <summary>The same on several sites of one organization, all or none of them; another's site is answered as an unknown one.</summary>
public sealed record GiveRolesOnSites(OrganizationId Organization, IReadOnlyList<GiveRoles> Sites, Origin Origin) : IRequest<Outcome<Done>>;
