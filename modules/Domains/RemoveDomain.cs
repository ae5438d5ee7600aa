using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>Gives the domain up: its token is void, and its claimed accounts are unclaimed by a job (SPEC D4, D12).</summary>
/// <param name="SeenVersion">The version on the page that asked for confirmation; another one is refused as
/// <see cref="ChangedMeanwhile"/>.</param>
public sealed record RemoveDomain(OrganizationId Organization, DomainId Domain, long SeenVersion, Origin Origin) : IRequest<Outcome<Done>>;

sealed class RemoveDomainHandler(IMediator mediator) : IRequestHandler<RemoveDomain, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(RemoveDomain command, CancellationToken ct) =>
        (await mediator.Send(new GiveUpDomain(command.Domain, command.Organization, command.SeenVersion, command.Origin), ct))
            .Map(_ => Done.It);
}
