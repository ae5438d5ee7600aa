using DirectoryPlatform.Domains.Names;
using DirectoryPlatform.Domains.Proof;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>Begins to prove a domain (SPEC D1–D4): the name is normalised,
/// refused with a reason where nobody can own it, and given a token.</summary>
/// <param name="Name">As typed. An <see cref="InvalidValue"/>-like refusal tells what is wrong with it.</param>
public sealed record AddDomain(OrganizationId Organization, string? Name, Origin Origin) : IRequest<Outcome<DomainId>>;

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
