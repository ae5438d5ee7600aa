namespace DirectoryPlatform.Accounts;

/// <summary>Takes all access away at once and keeps everything for the way back (SPEC A3).</summary>
/// <param name="Organization">The organization that asks; only the managing one is heard (A7).</param>
/// <param name="Reason">Kept and shown to admins; at most <see cref="MaxText"/> characters.</param>
/// <param name="Message">Shown to the person at sign-in; at most <see cref="MaxText"/> characters.</param>
/// <param name="Notify">Whether the person is told by mail.</param>
public sealed record DeactivateAccount(AccountId Account, OrganizationId Organization, string? Reason, string? Message, bool Notify,
    Origin Origin)
    : AccountCommand(Account, Origin)
{
    /// <summary>Characters of a reason or a message: a paragraph, not an essay (own choice).</summary>
    public const int MaxText = 500;

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.Deactivate(Organization, Origin.Actor, Reason, Message, Notify, now);
}
