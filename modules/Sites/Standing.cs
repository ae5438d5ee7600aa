using DirectoryPlatform.Accounts;

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
public sealed record Standing(OrganizationId Organization, AccountState? State, bool AppOnSite, UserStatus? Status, AppRole? Direct,
    IReadOnlyList<GroupRole> Groups, DateTimeOffset? LastActiveAt = null)
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
