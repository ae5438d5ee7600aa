using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>A few words that a browser carries and cannot read or alter, good for a time.</summary>
/// <param name="protector">Made for one purpose: what was sealed for another does not open.</param>
sealed class SealedWords(IDataProtector protector, TimeProvider clock, TimeSpan life)
{
    /// <summary>No text of ours is longer when sealed.</summary>
    const int Longest = 1_000;

    /// <param name="words">Without spaces.</param>
    public string Seal(params string[] words) =>
        protector.Protect(string.Join(' ', words.Append((clock.GetUtcNow() + life).UtcTicks.ToString(CultureInfo.InvariantCulture))));

    /// <returns>Null for anything that was not sealed here, or is too old.</returns>
    public string[]? Open(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Longest) return null;
        try
        {
            return protector.Unprotect(text).Split(' ') is [.. var words, var until]
                && long.Parse(until, CultureInfo.InvariantCulture) > clock.GetUtcNow().UtcTicks ? words : null;
        }
        catch (CryptographicException) { return null; }
    }
}
