using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>
/// Looks for the token now and records what was seen (SPEC D5–D7, D10). Granted means "looked and recorded", not "verified":
/// the view's state and <see cref="DomainView.LastCheck"/> tell.
/// Refused with <see cref="ChangedMeanwhile"/> when the domain changed during the look: the result is dropped.
/// </summary>
public sealed record VerifyDomain(OrganizationId Organization, DomainId Domain, ProofMethod Method, Origin Origin)
    : IRequest<Outcome<DomainView>>;
