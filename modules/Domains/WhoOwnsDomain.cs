using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>The organization that owns the name now, if any: what claiming asks before every chunk.</summary>
/// <param name="Name">A-label form.</param>
public sealed record WhoOwnsDomain(string Name) : IRequest<DomainOwner?>;

public sealed record DomainOwner(DomainId Domain, OrganizationId Organization, bool AutomaticClaim);
