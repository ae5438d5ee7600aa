using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Accounts;

/// <summary>One account comes under the organization's management (SPEC C3, C5).
/// That the organization owns the domain is asked before, see <c>ClaimJob</c>.</summary>
/// <param name="Domain">The domain that gives the right: an account that has left it since is refused.</param>
/// <param name="EvenIfExcluded">True when an admin names the account; false for "all" and for automatic claiming (C7).</param>
public sealed record ClaimAccount(AccountId Account, OrganizationId Organization, string Domain, bool EvenIfExcluded, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.Claim(Organization, Domain, EvenIfExcluded, now);
}

/// <summary>The account goes back to its person (SPEC C7).</summary>
/// <param name="Exclude">Whether it goes on the exclusion list, so that automatic claiming does not take it again.</param>
public sealed record UnclaimAccount(AccountId Account, OrganizationId Organization, bool Exclude, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Unclaim(Organization, Exclude, now);
}
