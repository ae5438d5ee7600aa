using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Domains;
using MediatR;

namespace DirectoryPlatform.Accounts.Internal.Claiming;

sealed class ClaimPersonHandler(AccountReading accounts, IMediator mediator, TimeProvider clock)
    : IRequestHandler<ReadClaimable, Outcome<ClaimablePerson>>, IRequestHandler<ClaimPerson, Outcome<AccountFact>>
{
    public async Task<Outcome<ClaimablePerson>> Handle(ReadClaimable query, CancellationToken ct) =>
        await Find(query.Organization, query.Account, ct) is var (account, email)
            ? new ClaimablePerson(account.Name, email.Value,
                account.Claim(query.Organization, email.Domain, evenIfExcluded: true, clock.GetUtcNow()).Refusal)
            : new NotFound("account");

    public async Task<Outcome<AccountFact>> Handle(ClaimPerson command, CancellationToken ct)
    {
        if (await Find(command.Organization, command.Account, ct) is not var (account, email)) return new NotFound("account");
        var claimed = await mediator.Send(
            new ClaimAccount(account.Id, command.Organization, email.Domain, EvenIfExcluded: true, command.Origin), ct);
        if (!claimed.Granted || await Owns(command.Organization, email, ct)) return claimed;
        // Lost meanwhile: the unclaiming that follows may have passed this account already.
        await mediator.Send(new UnclaimAccount(account.Id, command.Organization, Exclude: false, command.Origin), ct);
        return new NotFound("account");
    }

    /// <summary>Whom another organization manages is nobody here: no name, no address.</summary>
    async Task<(Account, EmailAddress)?> Find(OrganizationId organization, AccountId id, CancellationToken ct) =>
        await accounts.Of("id", id.Value, ct) is { Email: { } email } account
            && (account.ManagedBy is null || account.ManagedBy == organization)
            && await Owns(organization, email, ct) ? (account, email) : null;

    async Task<bool> Owns(OrganizationId organization, EmailAddress email, CancellationToken ct) =>
        (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Organization == organization;
}
