using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Sites.Internal.Membership;

/// <summary>One person on one site, and what can become of it (SPEC U4, U5). Pure; the row's lock makes one decision at a time.</summary>
/// <param name="Status">Active or suspended: who is only invited has no such row.</param>
sealed record SiteMember(SiteId Site, AccountId Account, UserStatus Status)
{
    public Outcome<UserStatus> Suspend(Guid? actor) => Status switch
    {
        _ when actor == Account.Value => new SuspendYourself(),
        UserStatus.Suspended => new AlreadySuspended(),
        _ => UserStatus.Suspended,
    };

    public Outcome<UserStatus> Restore() => Status is UserStatus.Suspended ? UserStatus.Active : new NotSuspended();

    public Outcome<Done> Remove(Guid? actor) => actor == Account.Value ? new SuspendYourself() : Done.It;

    /// <summary>Null when the change will be done.</summary>
    public Refusal? Refused(MembershipChange change, Guid? actor) => change switch
    {
        MembershipChange.Suspend => Suspend(actor).Refusal,
        MembershipChange.Restore => Restore().Refusal,
        MembershipChange.Remove => Remove(actor).Refusal,
    };
}
