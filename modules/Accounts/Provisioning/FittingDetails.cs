using System.Globalization;
using System.Text;
using DirectoryPlatform.Accounts.Profiles;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Accounts;

/// <summary>What of a provider's value goes into the profile.</summary>
/// <param name="Value">Null when nothing of it can be taken.</param>
/// <param name="Odd">Why it was changed or passed over, as a sentence; null when it fits as it is.</param>
public sealed record FittingDetail(string? Value, string? Odd);

/// <summary>
/// Makes values fit the profile that were not written for it (SPEC P5): a person is never refused for a detail. What is too long is
/// shortened, a line break becomes a blank, a time zone of Windows its name in the tz database;
/// what then still does not fit is passed over.
/// </summary>
public static class FittingDetails
{
    public static FittingDetail Of(AccountDetail detail, string given)
    {
        if (ProvidedAccounts.WhyNot(detail, given) is not { } first) return new(given, null);
        if (detail is AccountDetail.TimeZone && WindowsZones.Of(given.Trim()) is { } zone && ProvidedAccounts.WhyNot(detail, zone) is null)
            return new(zone, null);
        // Half a number or half a tag is another one.
        if (detail is AccountDetail.Phone or AccountDetail.TimeZone or AccountDetail.Language)
            return new(null, $"passed over in the profile. {first.Sentence}");
        var (text, most) = (Readable(given), DetailRules.MaxLength(detail));
        var cut = Cut(text, most);
        if (cut.Length == 0 || ProvidedAccounts.WhyNot(detail, cut) is not null)
            return new(null, $"passed over in the profile. {first.Sentence}");
        return new(cut, cut.Length < text.Length
            ? $"shortened to {most} characters in the profile; {Number(text.Length)} came."
            : "line breaks and characters that cannot be shown were left out in the profile.");
    }

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>White space of any kind is one blank; what controls the text instead of being text goes.</summary>
    static string Readable(string given)
    {
        var text = new StringBuilder(given.Length);
        var blank = false;
        foreach (var rune in given.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                blank = text.Length > 0;
                continue;
            }
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune)
                || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)) continue;
            if (blank) text.Append(' ');
            blank = false;
            text.Append(rune.ToString());
        }
        return text.ToString();
    }

    /// <summary>Between two signs as people see them, so that none is left half.</summary>
    static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = 0;
        foreach (var start in StringInfo.ParseCombiningCharacters(text))
        {
            if (start > most) break;
            end = start;
        }
        return text[..end].TrimEnd();
    }
}
