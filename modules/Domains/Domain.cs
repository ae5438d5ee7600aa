namespace DirectoryPlatform.Domains;

/// <summary>
/// One organization's hold on one domain name, and every transition it can make (SPEC D8–D10). Pure, like the account: a command in, a
/// fact or a refusal out. That only one organization owns a name is not decided here but kept by an index of the database.
/// </summary>
/// <param name="Name">A-label form.</param>
/// <param name="AutomaticClaim">Whether later accounts are claimed at once;
/// null until an admin has chosen, and then they are not (C1, C4).</param>
/// <param name="Method">How it was last looked for; the platform's own checks use the same way.</param>
/// <param name="ProvedAt">Set while this organization has shown the token but another one owns the name.</param>
/// <param name="MissingSince">Set while the token of an owned domain is not found.</param>
/// <param name="WarnedAt">When its admins were last told so.</param>
/// <param name="UnansweredSince">Set while looks at an owned domain get no answer, which says nothing about the token.</param>
public sealed record Domain(
    DomainId Id, long Version, OrganizationId Organization, string Name, DomainState State, string Token, bool? AutomaticClaim,
    ProofMethod Method,
    DateTimeOffset AddedAt, DateTimeOffset? VerifiedAt, Evidence? LastCheck, DateTimeOffset? NextCheckAt, DateTimeOffset? GaveUpAt,
    DateTimeOffset? ProvedAt,
    DateTimeOffset? MissingSince, DateTimeOffset? WarnedAt = null, DateTimeOffset? UnansweredSince = null)
{
    /// <summary>How long the platform looks by itself while pending (SPEC D8).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(72);

    /// <summary>A verified domain is looked at again every day (SPEC D9).</summary>
    public static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    /// <summary>From a missing token to the loss of the domain (SPEC D9).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(14);

    /// <summary>Longer than a name server is usually down over a weekend;
    /// then silence counts as a missing token (own choice for D9).</summary>
    public static readonly TimeSpan Unanswered = TimeSpan.FromDays(3);

    /// <summary>When an owned domain whose token is missing is lost; null while nothing is missing.</summary>
    public DateTimeOffset? Deadline => MissingSince + Grace;

    public bool IsOwned => State is DomainState.Verified or DomainState.MissingToken;

    bool IsOver => State is DomainState.Removed or DomainState.Superseded;

    /// <param name="seen">The version that the look began on: a domain that changed meanwhile drops the result (SPEC D10).</param>
    /// <param name="owner">The organization that owns the name already, when the database said so; null otherwise.</param>
    public Outcome<DomainFact> Check(long seen, Evidence evidence, bool bySchedule, OrganizationId? owner, DateTimeOffset now) =>
        this switch
        {
            { IsOver: true } => new NotFound("domain"),
            _ when Version != seen => new ChangedMeanwhile(),
            { State: DomainState.Unverified, ProvedAt: null } when evidence.Proved && owner is { } other =>
                new DomainProofContested(Id, now, Organization, Name, other, evidence),
            { State: DomainState.Unverified } when evidence.Proved && owner is null =>
                new DomainVerified(Id, now, Organization, Name, evidence),
            { State: DomainState.MissingToken } when evidence.Proved => new DomainTokenFound(Id, now, Organization, Name, evidence),
            { State: DomainState.Verified } when IsGone(evidence, now) => new DomainTokenMissing(Id, now, Organization, Name, evidence),
            { State: DomainState.MissingToken } when Deadline <= now && IsGone(evidence, now) =>
                new DomainLapsed(Id, now, Organization, Name, evidence),
            { State: DomainState.MissingToken } when Milestones.Due(this, now) =>
                new DomainDeadlineNear(Id, now, Organization, Name, Deadline!.Value, evidence),
            { State: DomainState.Unverified, GaveUpAt: null } when bySchedule && !StillProved(evidence) && now - AddedAt >= Patience =>
                new DomainGivenUp(Id, now, Organization, Name, evidence),
            _ => new DomainChecked(Id, now, Organization, Name, evidence),
        };

    public Outcome<DomainFact> Remove(OrganizationId by, long seen, DateTimeOffset now) => this switch
    {
        _ when Organization != by || IsOver => new NotFound("domain"),
        _ when Version != seen => new ChangedMeanwhile(),
        _ => new DomainRemoved(Id, now, Organization, Name, IsOwned),
    };

    public Outcome<DomainFact> ChooseClaiming(OrganizationId by, bool automatic, DateTimeOffset now) => this switch
    {
        _ when Organization != by || IsOver => new NotFound("domain"),
        { IsOwned: false } => new DomainNotVerified(),
        _ => new DomainClaimingChosen(Id, now, Organization, Name, automatic),
    };

    /// <summary>Another organization has taken over a name whose verification here had lapsed (SPEC D10).</summary>
    public Outcome<DomainFact> Supersede(DateTimeOffset now) => this switch
    {
        { IsOver: true } => new NotFound("domain"),
        { IsOwned: true } => new DomainStillOwned(),
        { VerifiedAt: null } => new DomainNotVerified(),
        _ => new DomainSuperseded(Id, now, Organization, Name),
    };

    public static Domain After(Domain? before, DomainFact fact) => fact is DomainAdded added
        ? new(fact.Domain, 1, fact.Organization, fact.Name, DomainState.Unverified, added.Token, null, ProofMethod.Dns, fact.At, null, null,
            fact.At + NextPause(TimeSpan.Zero), null, null, null)
        : (before ?? throw new InvalidOperationException($"{fact.GetType().Name} on a domain that does not exist"))
        .Next(fact) with
        { Version = before.Version + 1 };

    Domain Next(DomainFact fact) => fact switch
    {
        DomainVerified f =>
            Looked(Shown(f.Evidence) with { State = DomainState.Verified, VerifiedAt = f.At, GaveUpAt = null, ProvedAt = null }, f.At),
        DomainTokenFound f => Looked(Shown(f.Evidence) with { State = DomainState.Verified, MissingSince = null, WarnedAt = null }, f.At),
        DomainTokenMissing f =>
            Looked(Shown(f.Evidence) with { State = DomainState.MissingToken, MissingSince = f.At, WarnedAt = f.At }, f.At),
        DomainDeadlineNear f => Looked(Shown(f.Evidence) with { WarnedAt = f.At }, f.At),
        DomainLapsed f => Shown(f.Evidence).Unwatched() with { State = DomainState.Unverified, GaveUpAt = f.At },
        DomainProofContested f => Shown(f.Evidence) with { ProvedAt = ProvedAt ?? f.At, NextCheckAt = f.At + Daily, GaveUpAt = null },
        DomainGivenUp f => Shown(f.Evidence).Unwatched() with { GaveUpAt = f.At },
        DomainChecked f when IsOwned => Looked(Shown(f.Evidence), f.At),
        DomainChecked f => Shown(f.Evidence) with
        {
            NextCheckAt = StillProved(f.Evidence) ? f.At + Daily : GaveUpAt is not null ? null : f.At + NextPause(f.At - AddedAt),
            ProvedAt = StillProved(f.Evidence) ? ProvedAt : null,
        },
        DomainClaimingChosen f => this with { AutomaticClaim = f.Automatic },
        DomainSuperseded => Unwatched() with { State = DomainState.Superseded, Token = "" },
        DomainRemoved => Unwatched() with { State = DomainState.Removed, Token = "" },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} has no next state"),
    };

    Domain Unwatched() =>
        this with { NextCheckAt = null, ProvedAt = null, MissingSince = null, WarnedAt = null, UnansweredSince = null };

    /// <summary>A proof that waits for another owner to let go outlives a name server that did not answer once.</summary>
    bool StillProved(Evidence evidence) => ProvedAt is not null && !evidence.SaysMissing;

    /// <summary>Whether an owned domain's token is gone. Looking where it never was says nothing; an answer that does not come counts only
    /// after three days.</summary>
    bool IsGone(Evidence evidence, DateTimeOffset now) => evidence.SaysMissing ? evidence.Method == Method : !evidence.Proved
        && UnansweredSince is { } since && now - since >= Unanswered;

    /// <summary>The way of looking is the one that proved it, once one has.</summary>
    Domain Shown(Evidence evidence) => this with
    {
        LastCheck = evidence,
        Method = IsOwned && !evidence.Proved ? Method : evidence.Method,
        UnansweredSince = !IsOwned || evidence.Proved || evidence.SaysMissing ? null : UnansweredSince ?? evidence.At,
    };

    static Domain Looked(Domain domain, DateTimeOffset now) => domain with { NextCheckAt = Milestones.NextLook(domain, now) };

    /// <summary>A quarter of the age, between a minute and an hour: quick while the admin waits,
    /// patient later (own choice for SPEC D8's "backoff").</summary>
    static TimeSpan NextPause(TimeSpan age) => TimeSpan.FromMinutes(Math.Clamp(age.TotalMinutes / 4, 1, 60));
}

/// <summary>SPEC D8. Only <see cref="Verified"/> and <see cref="MissingToken"/> own the name,
/// and the database lets one organization at a time.</summary>
public enum DomainState { Unverified, Verified, MissingToken, Superseded, Removed }
