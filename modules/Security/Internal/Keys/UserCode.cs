using System.Security.Cryptography;

namespace DirectoryPlatform.Security.Internal.Keys;

/// <summary>Eight of twenty letters, which make no word and are not taken for one another (RFC 8628, 6.1): one of 25,600,000,000, good for
/// ten minutes, while an admin may try ten in that time.</summary>
static class UserCode
{
    const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    const int Length = 8;

    public static string New()
    {
        var letters = RandomNumberGenerator.GetString(Letters, Length);
        return $"{letters[..(Length / 2)]}-{letters[(Length / 2)..]}";
    }

    /// <summary>Of what was typed, in any case and with anything between the letters; null for what is none.</summary>
    public static byte[]? HashOf(string? typed)
    {
        var letters = string.Concat((typed ?? "").Where(char.IsAsciiLetter).Take(Length + 1)).ToUpperInvariant();
        return typed?.Length <= 4 * Length && letters.Length == Length && letters.All(Letters.Contains)
            ? RandomToken.HashOf(letters) : null;
    }
}
