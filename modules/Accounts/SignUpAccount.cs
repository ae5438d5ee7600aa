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

/// <summary>Follows the link of a verification mail (SPEC A2): 24 hours, once, for the address it was sent to.</summary>
/// <param name="Along">Written in the transaction that uses the link up, and only then: the password that was set behind it.</param>
/// <param name="ClaimFor">The organization that claims this domain automatically (SPEC C4); null for none.</param>
public sealed record FollowVerificationLink(string? Token, NpgsqlBatchCommand Along, OrganizationId? ClaimFor, Origin Origin)
    : IRequest<Outcome<AccountId>>;

/// <summary>The account behind a link that is still good and waits to be verified; changes nothing.</summary>
public sealed record ReadVerificationLink(string? Token) : IRequest<Outcome<AccountView>>;

/// <summary>Sends the verification mail again: at most one a minute and ten a day (SPEC A2).</summary>
/// <param name="Organization">Null when the person asks for the own account; otherwise the managing organization.</param>
public sealed record SendVerificationMail(AccountId Account, OrganizationId? Organization, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>
/// Takes a place among those who stand in an organization's list before they have verified their address (SPEC C4): <see cref="AtMost"/>
/// for each domain and day. False when all are taken; whoever
/// gets none stands in the list from the verification on.
/// </summary>
/// <param name="Domain">A-label form.</param>
public sealed record TakeNewcomersPlace(OrganizationId Organization, string Domain) : IRequest<bool>
{
    public const int AtMost = 20;
}
