using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>Begins to prove a domain (SPEC D1–D4): the name is normalised,
/// refused with a reason where nobody can own it, and given a token.</summary>
/// <param name="Name">As typed. An <see cref="InvalidValue"/>-like refusal tells what is wrong with it.</param>
public sealed record AddDomain(OrganizationId Organization, string? Name, Origin Origin) : IRequest<Outcome<DomainId>>;
