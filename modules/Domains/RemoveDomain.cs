using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>Gives the domain up: its token is void, and its claimed accounts are unclaimed by a job (SPEC D4, D12).</summary>
/// <param name="SeenVersion">The version on the page that asked for confirmation; another one is refused as
/// <see cref="ChangedMeanwhile"/>.</param>
public sealed record RemoveDomain(OrganizationId Organization, DomainId Domain, long SeenVersion, Origin Origin) : IRequest<Outcome<Done>>;
