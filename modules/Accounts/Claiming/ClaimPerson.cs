using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>One person whose address is on a domain of the organization (SPEC C10). Anybody else is answered as nobody.</summary>
public sealed record ReadClaimable(OrganizationId Organization, AccountId Account) : IRequest<Outcome<ClaimablePerson>>;

/// <param name="Refusal">Why the person cannot be claimed; null when it can be done.</param>
public sealed record ClaimablePerson(string Name, string Email, Refusal? Refusal);

/// <summary>Claims this one person, though on the exclusion list.</summary>
public sealed record ClaimPerson(OrganizationId Organization, AccountId Account, Origin Origin) : IRequest<Outcome<AccountFact>>;

sealed class ClaimPersonHandler(AccountReading accounts, IMediator mediator, TimeProvider clock)
    : IRequestHandler<ReadClaimable, Outcome<ClaimablePerson>>, IRequestHandler<ClaimPerson, Outcome<AccountFact>>
{
    public async Task<Outcome<ClaimablePerson>> Handle(ReadClaimable query, CancellationToken ct) =>
        await Find(query.Organization, query.Account, ct) is var (account, email)
            ? new ClaimablePerson(account.Name, email.Value,
                account.Claim(query.Organization, email.Domain, evenIfExcluded: true, clock.GetUtcNow()).Refusal)
            : new NotFound("account");

    public async Task<Outcome<AccountFact>> Handle(ClaimPerson command, CancellationToken ct) =>
        await Find(command.Organization, command.Account, ct) is var (account, email)
            ? await mediator.Send(new ClaimAccount(account.Id, command.Organization, email.Domain, EvenIfExcluded: true, command.Origin),
                ct)
            : new NotFound("account");

    async Task<(Account, EmailAddress)?> Find(OrganizationId organization, AccountId id, CancellationToken ct) =>
        await accounts.Of("id", id.Value, ct) is { Email: { } email } account
            && (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Organization == organization ? (account, email) : null;
}
