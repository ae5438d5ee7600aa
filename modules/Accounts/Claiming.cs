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

/// <summary>One person whose address is on a domain of the organization (SPEC C10). Anybody else is answered as nobody.</summary>
public sealed record ReadClaimable(OrganizationId Organization, AccountId Account) : IRequest<Outcome<ClaimablePerson>>;

/// <param name="Refusal">Why the person cannot be claimed; null when it can be done.</param>
public sealed record ClaimablePerson(string Name, string Email, Refusal? Refusal);

/// <summary>Claims this one person, though on the exclusion list.</summary>
public sealed record ClaimPerson(OrganizationId Organization, AccountId Account, Origin Origin) : IRequest<Outcome<AccountFact>>;

/// <summary>Accounts on the domain that automatic claiming leaves alone (SPEC C7), by email address. Refused with
/// <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ReadExclusionList(OrganizationId Organization, DomainId Domain, string? Cursor, int Size = ExclusionPage.Size)
    : IRequest<Outcome<ExclusionPage>>;

public sealed record ExclusionPage(DomainView Domain, ListPage<ExcludedAccount> Accounts, long Total)
{
    /// <summary>Of a whole page, unless another is asked for.</summary>
    public const int Size = 100;
}

public sealed record ExcludedAccount(AccountId Account, string Name, string Email);

/// <summary>Puts an account on the list by its address. It must be on the domain and not be managed by this organization.</summary>
public sealed record ExcludeByEmail(OrganizationId Organization, DomainId Domain, string Email, Origin Origin)
    : IRequest<Outcome<AccountFact>>;

/// <summary>Takes an account off the list; it is not claimed by that.</summary>
public sealed record ReadmitAccount(AccountId Account, OrganizationId Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Readmit(Organization, now);
}

/// <param name="Domain">A-label form; that the organization owns it is asked before.</param>
public sealed record ExcludeAccount(AccountId Account, OrganizationId Organization, string Domain, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Exclude(Organization, Domain, now);
}
