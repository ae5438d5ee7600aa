using DirectoryPlatform.Domains;
using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>Accounts on the domain that automatic claiming leaves alone (SPEC C7), by email address, 100 at a time. Refused with
/// <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ReadExclusionList(OrganizationId Organization, DomainId Domain, string? Cursor) : IRequest<Outcome<ExclusionPage>>;

public sealed record ExclusionPage(DomainView Domain, ListPage<ExcludedAccount> Accounts, long Total);

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
