using DirectoryPlatform.Domains.Internal.Storage;
using MediatR;

namespace DirectoryPlatform.Domains.Internal;

sealed class WhoOwnsDomainHandler(DomainReading domains) : IRequestHandler<WhoOwnsDomain, DomainOwner?>
{
    public Task<DomainOwner?> Handle(WhoOwnsDomain query, CancellationToken ct) => domains.OwnerOf(query.Name);
}
