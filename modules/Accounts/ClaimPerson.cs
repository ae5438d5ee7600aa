using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>One person whose address is on a domain of the organization (SPEC C10). Anybody else is answered as nobody.</summary>
public sealed record ReadClaimable(OrganizationId Organization, AccountId Account) : IRequest<Outcome<ClaimablePerson>>;

/// <param name="Refusal">Why the person cannot be claimed; null when it can be done.</param>
public sealed record ClaimablePerson(string Name, string Email, Refusal? Refusal);

/// <summary>Claims this one person, though on the exclusion list.</summary>
public sealed record ClaimPerson(OrganizationId Organization, AccountId Account, Origin Origin) : IRequest<Outcome<AccountFact>>;
