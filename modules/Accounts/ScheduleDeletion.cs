namespace DirectoryPlatform.Accounts;

/// <summary>Starts the 14 days of grace (SPEC A5).</summary>
/// <param name="Organization">Null when the person deletes the own, unmanaged account.</param>
public sealed record ScheduleDeletion(AccountId Account, OrganizationId? Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ScheduleDeletion(Organization, Origin.Actor, now);
}

/// <summary>Within the grace, the account becomes active again with all its access (SPEC A5).</summary>
public sealed record CancelDeletion(AccountId Account, OrganizationId? Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.CancelDeletion(Organization, now);
}
