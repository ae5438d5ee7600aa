using DirectoryPlatform.Domains.Internal.Proof;

namespace DirectoryPlatform.Domains.Internal;

/// <summary>What an admin does to a domain.</summary>
sealed class DomainHandlers(IMediator mediator, DomainReading domains, DomainCheck check)
    : IRequestHandler<AddDomain, Outcome<DomainId>>, IRequestHandler<VerifyDomain, Outcome<DomainView>>,
    IRequestHandler<RemoveDomain, Outcome<Done>>
{
    public async Task<Outcome<DomainId>> Handle(AddDomain command, CancellationToken ct)
    {
        var name = DomainName.Parse(command.Name);
        if (!name.Granted) return name.Refusal;
        var added = await mediator.Send(new BeginDomain(new(Guid.CreateVersion7()), command.Organization, name.Value.Value,
            DomainToken.New(), command.Origin), ct);
        return added.Map(fact => fact.Domain);
    }

    public async Task<Outcome<DomainView>> Handle(VerifyDomain command, CancellationToken ct)
    {
        if (await domains.Of(command.Domain) is not { } domain || domain.Organization != command.Organization)
            return new NotFound("domain");
        var recorded = await check.Look(domain, command.Method, bySchedule: false, command.Origin, ct);
        if (!recorded.Granted) return recorded.Refusal;
        return await domains.Of(command.Domain) is { } now ? DomainReading.View(now) : new NotFound("domain");
    }

    public async Task<Outcome<Done>> Handle(RemoveDomain command, CancellationToken ct) =>
        (await mediator.Send(new GiveUpDomain(command.Domain, command.Organization, command.SeenVersion, command.Origin), ct))
            .Map(_ => Done.It);
}

/// <summary>Look outside of any turn, then record on the version that was seen;
/// an owner elsewhere is what the database says it is (SPEC D10).</summary>
sealed class DomainCheck(ProofOfDomain proof, DomainReading domains, IMediator mediator)
{
    public async Task<Outcome<DomainFact>> Look(Domain domain, ProofMethod method, bool bySchedule, Origin origin, CancellationToken ct)
    {
        var evidence = await See(domain, method, ct);
        var recorded = await mediator.Send(new RecordCheck(domain.Id, domain.Version, evidence, bySchedule, null, origin), ct);
        if (recorded.Refusal is not DomainOwnedElsewhere) return recorded;
        // The owner may have let go in this very moment: then the next look finds the way free.
        return await domains.OwnerOf(domain.Name) is { } owner
            ? await mediator.Send(new RecordCheck(domain.Id, domain.Version, evidence, bySchedule, owner.Organization, origin), ct)
            : recorded;
    }

    /// <summary>
    /// Where the way that is asked for proves nothing, the other one may: a right record is not missed because of a tab, nor lost while the
    /// file is there. Where neither does, an owned domain hears of the way that proved it: looking elsewhere, again and again, would else
    /// put its next look off, and with it its lapse. Otherwise what was asked for is told.
    /// </summary>
    async Task<Evidence> See(Domain domain, ProofMethod method, CancellationToken ct)
    {
        var (name, other) = (DomainName.Trusted(domain.Name), method is ProofMethod.Dns ? ProofMethod.Https : ProofMethod.Dns);
        var asked = await proof.Look(name, domain.Token, method, ct);
        if (asked.Proved) return asked;
        var found = await proof.Look(name, domain.Token, other, ct);
        return found.Proved || (domain.IsOwned && other == domain.Method) ? found : asked;
    }
}
