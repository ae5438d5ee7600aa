using System.Security.Cryptography;
using System.Text;

namespace DirectoryPlatform.Sites.Internal.Invitations;

/// <summary>256 random bits as base64url; only the hash is kept.</summary>
static class InvitationToken
{
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-')
        .Replace('/', '_');

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
