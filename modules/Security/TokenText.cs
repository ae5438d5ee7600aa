using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace DirectoryPlatform.Security;

/// <summary>
/// Secrets that programs carry: a prefix that says what it is, 256 random bits, and a checksum over both. Whoever finds one in a public
/// place can tell offline that it is real, and a mistyped one never reaches the database. Only the SHA-256 is kept.
/// </summary>
public static class TokenText
{
    /// <summary>An API token (SPEC S4).</summary>
    public const string Api = "dpt_";

    /// <summary>An organization's API key (SPEC P1).</summary>
    public const string Key = "dpk_";

    /// <summary>With which a program fetches the key that it has asked for (SPEC P9).</summary>
    public const string Device = "dpd_";

    /// <summary>An identity provider's, for one directory (SPEC P2).</summary>
    public const string Provisioning = "dps_";

    /// <summary>The short-lived half of a mobile session (SPEC S3).</summary>
    public const string Access = "dpa_";

    /// <summary>The half with which a mobile session gets the next pair.</summary>
    public const string Refresh = "dpr_";

    const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>62^43 is more than 2^256, 62^6 more than 2^32.</summary>
    const int RandomDigits = 43, CheckDigits = 6;

    /// <summary>Of every one of them; a prefix has four.</summary>
    public const int Length = 4 + RandomDigits + CheckDigits;

    public static string New(string prefix)
    {
        var body = prefix + Base62(RandomNumberGenerator.GetBytes(32), RandomDigits);
        return body + Check(body);
    }

    public static bool IsOne(string? text, string prefix) => LooksLike(text, prefix) && text[^CheckDigits..] == Check(text[..^CheckDigits]);

    /// <summary>Without its checksum, which one that is known has had looked at already.</summary>
    public static bool LooksLike([NotNullWhen(true)] string? text, string prefix) =>
        text?.Length == Length && text.StartsWith(prefix, StringComparison.Ordinal);

    public static byte[] HashOf(string token) => RandomToken.HashOf(token);

    /// <summary>The first 32 bits of the SHA-256 of everything before.</summary>
    static string Check(string body) => Base62(SHA256.HashData(Encoding.UTF8.GetBytes(body))[..4], CheckDigits);

    static string Base62(ReadOnlySpan<byte> bytes, int digits)
    {
        var (number, text) = (new BigInteger(bytes, isUnsigned: true, isBigEndian: true), new char[digits]);
        for (var i = digits - 1; i >= 0; i--)
        {
            number = BigInteger.DivRem(number, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }
        return new(text);
    }
}
