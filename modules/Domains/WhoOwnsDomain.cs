using DirectoryPlatform.Domains.Storage;
using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>The organization that owns the name now, if any: what claiming asks before every chunk.</summary>
/// <param name="Name">A-label form.</param>
public sealed record WhoOwnsDomain(string Name) : IRequest<DomainOwner?>;

public sealed record DomainOwner(DomainId Domain, OrganizationId Organization, bool AutomaticClaim);

sealed class WhoOwnsDomainHandler(DomainReading domains) : IRequestHandler<WhoOwnsDomain, DomainOwner?>
{
    public Task<DomainOwner?> Handle(WhoOwnsDomain query, CancellationToken ct) => domains.OwnerOf(query.Name);
}
