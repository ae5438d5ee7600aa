using DirectoryPlatform.Domains.Names;
namespace DirectoryPlatform.Domains.Proof;
public interface IProofOfDomain { Task<Evidence> Look(DomainName domain, string token, ProofMethod method, CancellationToken ct); }
public static class DomainToken { public static string New() => ""; }
