using MediatR;

namespace DirectoryPlatform.Domains.Internal;

sealed class AddDomainHandler(IMediator mediator) : IRequestHandler<AddDomain, Outcome<DomainId>>
{
    public async Task<Outcome<DomainId>> Handle(AddDomain command, CancellationToken ct)
    {
        var name = DomainName.Parse(command.Name);
        if (!name.Granted) return name.Refusal;
        var added = await mediator.Send(new BeginDomain(new(Guid.CreateVersion7()), command.Organization, name.Value.Value,
            DomainToken.New(), command.Origin), ct);
        return added.Map(fact => fact.Domain);
    }
}
