namespace DirectoryPlatform.Accounts;

/// <summary>Gives back exactly the access there was before (SPEC A4).</summary>
public sealed record ReactivateAccount(AccountId Account, OrganizationId Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Reactivate(Organization, now);
}
