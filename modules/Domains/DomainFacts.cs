namespace DirectoryPlatform.Domains;

/// <summary>What can happen to one organization's hold on one name.</summary>
public abstract record DomainFact(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name) : Fact;

public sealed record DomainAdded(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name,
    [property: Secret] string Token) : DomainFact(Domain, At, Organization, Name);
public sealed record DomainChecked(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name)
{
    /// <summary>The field of its audit entry that holds the verdict; entries of earlier versions have none.</summary>
    public const string Seen = "check";
}
public sealed record DomainVerified(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);

/// <summary>The token was shown, but <paramref name="Owner"/> holds the name: nothing moves, both are told (SPEC D10).</summary>
public sealed record DomainProofContested(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name,
    OrganizationId Owner, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);
public sealed record DomainTokenMissing(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);
public sealed record DomainTokenFound(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);

/// <summary>The token of an owned domain is still missing, and 7 days or 1 day are left (SPEC D9).</summary>
public sealed record DomainDeadlineNear(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name,
    DateTimeOffset Deadline, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);

/// <summary>The token was missing for 14 days: the domain is not verified any more (SPEC D9).</summary>
public sealed record DomainLapsed(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);

/// <summary>72 hours have passed without proof; the admin can still look at any time (SPEC D8).</summary>
public sealed record DomainGivenUp(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, Evidence Evidence)
    : DomainFact(Domain, At, Organization, Name);
public sealed record DomainClaimingChosen(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, bool Automatic)
    : DomainFact(Domain, At, Organization, Name);
public sealed record DomainSuperseded(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name)
    : DomainFact(Domain, At, Organization, Name);

/// <param name="WasOwned">Whether there can be claimed accounts to give back.</param>
public sealed record DomainRemoved(DomainId Domain, DateTimeOffset At, OrganizationId Organization, string Name, bool WasOwned)
    : DomainFact(Domain, At, Organization, Name);
