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
    public string DnsName => $"{DomainToken.ChallengeLabel}.{Name}";
    public string DnsValue => $"{DomainToken.TxtPrefix}{Token}";
    public string HttpsAddress => $"https://{Name}/directory-domain-verification.html";
    public bool IsOwned => State is DomainState.Verified or DomainState.MissingToken;
}

/// <summary>All domains of the organization that are not removed or superseded, by name.</summary>
public sealed record ReadDomains(OrganizationId Organization) : IRequest<IReadOnlyList<DomainView>>;

/// <summary>Refuses with <see cref="NotFound"/> for another organization's domain or a removed one.</summary>
public sealed record ReadDomain(OrganizationId Organization, DomainId Domain) : IRequest<Outcome<DomainView>>;

/// <summary>Begins to prove a domain (SPEC D1–D4): the name is normalised,
/// refused with a reason where nobody can own it, and given a token.</summary>
/// <param name="Name">As typed. An <see cref="InvalidValue"/>-like refusal tells what is wrong with it.</param>
public sealed record AddDomain(OrganizationId Organization, string? Name, Origin Origin) : IRequest<Outcome<DomainId>>;

/// <summary>
/// Looks for the token now and records what was seen (SPEC D5–D7, D10). Granted means "looked and recorded", not "verified":
/// the view's state and <see cref="DomainView.LastCheck"/> tell.
/// Refused with <see cref="ChangedMeanwhile"/> when the domain changed during the look: the result is dropped.
/// </summary>
/// <param name="Method">The way that is looked first; where it proves nothing, the other one may.</param>
public sealed record VerifyDomain(OrganizationId Organization, DomainId Domain, ProofMethod Method, Origin Origin)
    : IRequest<Outcome<DomainView>>;

/// <summary>Whether accounts that appear later on the domain are claimed in the same moment (SPEC C4).</summary>
public sealed record ChooseDomainClaiming(DomainId Domain, OrganizationId Organization, bool Automatic, Origin Origin)
    : GrainCommand<Domain, DomainFact>(Origin)
{
    public override Guid Target => Domain.Value;

    public override Outcome<DomainFact> Decide(Domain? state, DateTimeOffset now) =>
        state is null ? new NotFound("domain") : state.ChooseClaiming(Organization, Automatic, now);
}

/// <summary>Gives the domain up: its token is void, and its claimed accounts are unclaimed by a job (SPEC D4, D12).</summary>
/// <param name="SeenVersion">The version on the page that asked for confirmation; another one is refused as
/// <see cref="ChangedMeanwhile"/>.</param>
public sealed record RemoveDomain(OrganizationId Organization, DomainId Domain, long SeenVersion, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>The organization that owns the name now, if any: what claiming asks before every chunk.</summary>
/// <param name="Name">A-label form.</param>
public sealed record WhoOwnsDomain(string Name) : IRequest<DomainOwner?>;

public sealed record DomainOwner(DomainId Domain, OrganizationId Organization, bool AutomaticClaim)
{
    /// <summary>Who claims new accounts on the domain in the moment in which they appear (SPEC C4); null for nobody.</summary>
    public OrganizationId? Claimer => AutomaticClaim ? Organization : null;
}
