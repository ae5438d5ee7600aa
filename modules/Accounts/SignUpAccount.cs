namespace DirectoryPlatform.Accounts;

/// <summary>A new account. It begins unverified (SPEC A2), unless the address is proved by other means,
/// as for the first admin of an installation.</summary>
/// <param name="ClaimFor">The organization that claims this domain automatically (SPEC C4); null for none.</param>
public sealed record SignUpAccount(AccountId Account, EmailAddress Email, string Name, bool Verified, OrganizationId? ClaimFor,
    Origin Origin)
    : GrainCommand<Account, AccountFact>(Origin)
{
    public override Guid Target => Account.Value;

    public override bool BeginsGrain => true;

    public override Outcome<AccountFact> Decide(Account? state, DateTimeOffset now) => state is not null
        ? new EmailTaken()
        : new AccountSignedUp(Account, now, Email.Value, Name, Verified, ClaimFor);
}

/// <summary>The person has shown that the address is theirs (SPEC A2).</summary>
/// <param name="Email">The address that the link was sent to; another one by now voids the link.</param>
/// <param name="ClaimFor">The organization that claims this domain automatically: the account is claimed for good in the same turn (SPEC
/// C4); null for none.</param>
public sealed record VerifyEmailAddress(AccountId Account, EmailAddress Email, Origin Origin, OrganizationId? ClaimFor = null)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.VerifyEmail(Email, ClaimFor, now);
}
