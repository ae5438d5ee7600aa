using MediatR;

namespace DirectoryPlatform.Domains.Internal;

sealed class RemoveDomainHandler(IMediator mediator) : IRequestHandler<RemoveDomain, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(RemoveDomain command, CancellationToken ct) =>
        (await mediator.Send(new GiveUpDomain(command.Domain, command.Organization, command.SeenVersion, command.Origin), ct))
            .Map(_ => Done.It);
}
