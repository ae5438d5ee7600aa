using DirectoryPlatform.Domains.Internal.Proof;

namespace DirectoryPlatform.Domains.Internal;

/// <summary>A command to a domain that exists; an unknown id is refused here once for all of them.</summary>
abstract record DomainCommand(DomainId Domain, Origin Origin) : GrainCommand<Domain, DomainFact>(Origin)
{
    public sealed override Guid Target => Domain.Value;

    public sealed override Outcome<DomainFact> Decide(Domain? state, DateTimeOffset now) =>
        state is null ? new NotFound("domain") : DecideOn(state, now);

    protected abstract Outcome<DomainFact> DecideOn(Domain domain, DateTimeOffset now);
}

/// <param name="Name">A-label form.</param>
sealed record BeginDomain(DomainId Domain, OrganizationId Organization, string Name, string Token, Origin Origin)
    : GrainCommand<Domain, DomainFact>(Origin)
{
    public override Guid Target => Domain.Value;

    public override bool BeginsGrain => true;

    public override Outcome<DomainFact> Decide(Domain? state, DateTimeOffset now) =>
        state is not null ? new DomainAlreadyAdded() : new DomainAdded(Domain, now, Organization, Name, Token);
}

sealed record RecordCheck(DomainId Domain, long Seen, Evidence Evidence, bool BySchedule, OrganizationId? Owner, Origin Origin)
    : DomainCommand(Domain, Origin)
{
    protected override Outcome<DomainFact> DecideOn(Domain domain, DateTimeOffset now) =>
        domain.Check(Seen, Evidence, BySchedule, Owner, now);
}

sealed record GiveUpDomain(DomainId Domain, OrganizationId By, long Seen, Origin Origin) : DomainCommand(Domain, Origin)
{
    protected override Outcome<DomainFact> DecideOn(Domain domain, DateTimeOffset now) => domain.Remove(By, Seen, now);
}

sealed record SupersedeDomain(DomainId Domain, Origin Origin) : DomainCommand(Domain, Origin)
{
    protected override Outcome<DomainFact> DecideOn(Domain domain, DateTimeOffset now) => domain.Supersede(now);
}
