using System.Globalization;

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
        if (ProvidedAccounts.WhyNot(detail, given) is not { } first)
            return new(ProvidedAccounts.Spelled(detail, given), null);
        if (detail is AccountDetail.TimeZone && WindowsZones.Of(given.Trim()) is { } zone && ProvidedAccounts.WhyNot(detail, zone) is null)
            return new(zone, null);
        if (AccountDetails.Of(detail).Rule is not null)
            return new(null, $"passed over in the profile. {first.Sentence}");
        var (text, most) = (PlainText.Readable(given), AccountDetails.Of(detail).MaxLength);
        var cut = PlainText.Cut(text, most);
        if (cut.Length == 0 || ProvidedAccounts.WhyNot(detail, cut) is not null)
            return new(null, $"passed over in the profile. {first.Sentence}");
        return new(cut, cut.Length < text.Length
            ? $"shortened to {most} characters in the profile; {Number(PlainText.Length(text))} came."
            : "characters that cannot be shown were left out in the profile.");
    }

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
