namespace DirectoryPlatform.Domains.Internal.Hearing;

/// <summary>The owner let go: whoever showed the token in the meantime is looked at again, first come first served (SPEC D10).</summary>
sealed class WhenNameBecomesFree(DomainReading domains, DomainCheck check)
    : INotificationHandler<DomainRemoved>, INotificationHandler<DomainLapsed>
{
    public Task Handle(DomainRemoved fact, CancellationToken ct) => fact.WasOwned ? LookAtWaiting(fact.Name, ct) : Task.CompletedTask;
    public Task Handle(DomainLapsed fact, CancellationToken ct) => LookAtWaiting(fact.Name, ct);

    async Task LookAtWaiting(string name, CancellationToken ct)
    {
        foreach (var waiting in await domains.Waiting(name))
            await check.Look(waiting, waiting.Method, bySchedule: true, Origin.Schedule, ct);
    }
}

/// <summary>A new owner: holds of others on the name that had lapsed are over (SPEC D10).</summary>
sealed class WhenDomainVerified(DomainReading domains, IMediator mediator) : INotificationHandler<DomainVerified>
{
    public async Task Handle(DomainVerified fact, CancellationToken ct)
    {
        foreach (var lapsed in await domains.Lapsed(fact.Name))
            if (lapsed.Id != fact.Domain)
                await mediator.Send(new SupersedeDomain(lapsed.Id, Origin.Schedule), ct);
    }
}
