using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel;

/// <summary>A secret that stands in a link or a cookie: 256 random bits in base64url, 43 characters. Only its hash is kept; nobody guesses
/// it, so the hash need not be slow.</summary>
public static class RandomToken
{
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-')
        .Replace('/', '_');

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
