using System.Security.Cryptography;
using System.Text;

namespace DirectoryPlatform.Security.Internal.TwoStep;

/// <summary>Ten codes for the day on which the phone is lost (SPEC S2): each good once, only hashes kept.</summary>
static class RecoveryCodes
{
    const int Count = 10;

    /// <summary>Without look-alikes; three groups of four of these are 58 bits.</summary>
    const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string[] New() =>
        [.. Enumerable.Range(0, Count)
            .Select(_ => string.Join('-', Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString(Letters, 4))))];

    /// <summary>With the account in it, so that equal codes of two people do not look equal. However the code is typed: case, spaces and
    /// dashes do not count.</summary>
    public static byte[] HashOf(AccountId account, string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"recovery code\n{account}\n{Plain(code)}"));

    public static string Plain(string typed) => string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c != '-')).ToUpperInvariant();
}
