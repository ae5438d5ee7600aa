using DirectoryPlatform.Domains.Internal.Storage;
using MediatR;

namespace DirectoryPlatform.Domains.Internal;

sealed class ReadDomainsHandler(DomainReading domains)
    : IRequestHandler<ReadDomains, IReadOnlyList<DomainView>>, IRequestHandler<ReadDomain, Outcome<DomainView>>
{
    public async Task<IReadOnlyList<DomainView>> Handle(ReadDomains query, CancellationToken ct) =>
        [.. (await domains.Of(query.Organization)).Select(DomainReading.View)];

    public async Task<Outcome<DomainView>> Handle(ReadDomain query, CancellationToken ct) =>
        await domains.Of(query.Domain) is { } domain && domain.Organization == query.Organization
            ? DomainReading.View(domain)
            : new NotFound("domain");
}
