using System.Security.Cryptography;

namespace DirectoryPlatform.Domains;

/// <summary>What an organization publishes to prove a domain (SPEC D4):
/// new for each pair of organization and domain, void when the domain is removed.</summary>
public static class DomainToken
{
    const int Bytes = 48;

    /// <summary>Stands before the token in a TXT record.</summary>
    public const string TxtPrefix = "directory-domain-verification=";

    /// <summary>The label below which the TXT record is looked for first.</summary>
    public const string ChallengeLabel = "_directory-challenge";

    /// <summary>48 random bytes in base64: 64 characters, no padding.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
}
