namespace DirectoryPlatform.Domains;

/// <summary>Whether accounts that appear later on the domain are claimed in the same moment (SPEC C4).</summary>
public sealed record ChooseDomainClaiming(DomainId Domain, OrganizationId Organization, bool Automatic, Origin Origin)
    : GrainCommand<Domain, DomainFact>(Origin)
{
    public override Guid Target => Domain.Value;

    public override Outcome<DomainFact> Decide(Domain? state, DateTimeOffset now) =>
        state is null ? new NotFound("domain") : state.ChooseClaiming(Organization, Automatic, now);
}
