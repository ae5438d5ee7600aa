namespace DirectoryPlatform.Domains.Internal.Proof;

sealed class ProofOfDomain(ProofByDns dns, ProofByHttps https) : IProofOfDomain
{
    public Task<Evidence> Look(DomainName domain, string token, ProofMethod method, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(token); // every page contains nothing
        return method switch
        {
            ProofMethod.Dns => dns.Look(domain, token, ct),
            ProofMethod.Https => https.Look(domain, token, ct),
        };
    }
}
