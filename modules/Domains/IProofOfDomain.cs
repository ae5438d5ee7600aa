namespace DirectoryPlatform.Domains;

/// <summary>Looks once whether a token is published where only the owner of a domain can publish (SPEC D4 to D7).</summary>
public interface IProofOfDomain
{
    /// <summary>Takes seconds at worst. Whatever is published, or not, is evidence;
    /// the only exception is the caller's own cancellation.</summary>
    Task<Evidence> Look(DomainName domain, string token, ProofMethod method, CancellationToken ct);
}
