using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>A few words that a browser carries and cannot read or alter, good for a time.</summary>
/// <param name="protector">Made for one purpose: what was sealed for another does not open.</param>
/// <param name="longest">Characters of a sealed text; a longer one is none of ours.</param>
sealed class SealedWords(IDataProtector protector, TimeProvider clock, TimeSpan life, int longest = SealedWords.Usual)
{
    /// <summary>Few texts of ours are longer when sealed.</summary>
    const int Usual = 1_000;

    /// <param name="words">Without spaces.</param>
    public string Seal(params string[] words) =>
        protector.Protect(string.Join(' ', words.Append((clock.GetUtcNow() + life).UtcTicks.ToString(CultureInfo.InvariantCulture))));

    /// <returns>Null for anything that was not sealed here, or is too old.</returns>
    public string[]? Open(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > longest) return null;
        try
        {
            return protector.Unprotect(text).Split(' ') is [.. var words, var until]
                && long.Parse(until, CultureInfo.InvariantCulture) > clock.GetUtcNow().UtcTicks ? words : null;
        }
        catch (CryptographicException) { return null; }
    }
}

/// <summary>Sealed by the keys that all nodes share; nothing is stored.</summary>
sealed class DeletionTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    readonly SealedWords _sealed = new(protection.CreateProtector("cancel own deletion"), clock, Life);

    /// <param name="stamp">Of the password that was shown.</param>
    public string Issue(AccountId account, DateTimeOffset dueAt, Guid stamp) =>
        _sealed.Seal($"{account}", dueAt.UtcTicks.ToString(CultureInfo.InvariantCulture), $"{stamp}");

    /// <returns>Null for anything that is not a ticket of ours, or no longer one.</returns>
    public (AccountId Account, DateTimeOffset DueAt, Guid Stamp)? Read(string? ticket) =>
        _sealed.Open(ticket) is [var account, var due, var stamp]
            ? (new(Guid.Parse(account)), new(long.Parse(due, CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.Parse(stamp))
            : null;
}
