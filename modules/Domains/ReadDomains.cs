using MediatR;

namespace DirectoryPlatform.Domains;

/// <summary>What the Domains pages show of one domain of one organization (SPEC D8, D12).</summary>
/// <param name="Name">A-label form; <paramref name="Display"/> is the form for reading.</param>
/// <param name="AutomaticClaim">Null until an admin has chosen.</param>
/// <param name="LastCheck">What the last look saw (D7); null before the first.</param>
/// <param name="NextCheckAt">When the platform looks again by itself; null when it does not.</param>
/// <param name="GaveUpAt">When the platform stopped looking by itself, 72 hours after adding.</param>
/// <param name="ProvedWhileOwnedElsewhere">This org has shown the token, but another org still holds the verification (D10).</param>
/// <param name="Version">Grows with every change; a form carries it to refuse a stale submit.</param>
/// <param name="MissingSince">When the token of an owned domain was first not found (D9).</param>
/// <param name="Deadline">When the domain is lost if the token does not come back.</param>
/// <param name="LapsedAt">When it was lost in that way; null once it is verified again.</param>
public sealed record DomainView(
    DomainId Id, OrganizationId Organization, string Name, string Display, DomainState State, string Token, bool? AutomaticClaim,
    DateTimeOffset AddedAt, DateTimeOffset? VerifiedAt, Evidence? LastCheck, DateTimeOffset? NextCheckAt, DateTimeOffset? GaveUpAt,
    bool ProvedWhileOwnedElsewhere, long Version, DateTimeOffset? MissingSince = null, DateTimeOffset? Deadline = null,
    DateTimeOffset? LapsedAt = null)
{
    /// <summary>Where the TXT record goes first; the domain itself is accepted as well (D4).</summary>
    public string DnsName => $"_directory-challenge.{Name}";
    public string DnsValue => $"directory-domain-verification={Token}";
    public string HttpsAddress => $"https://{Name}/directory-domain-verification.html";
    public bool IsOwned => State is DomainState.Verified or DomainState.MissingToken;
}

/// <summary>All domains of the organization that are not removed or superseded, by name.</summary>
public sealed record ReadDomains(OrganizationId Organization) : IRequest<IReadOnlyList<DomainView>>;

/// <summary>Refuses with <see cref="NotFound"/> for another organization's domain or a removed one.</summary>
public sealed record ReadDomain(OrganizationId Organization, DomainId Domain) : IRequest<Outcome<DomainView>>;
