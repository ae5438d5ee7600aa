using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Accounts;

/// <summary>What a detail may hold (SPEC M3).</summary>
static partial class DetailRules
{
    /// <summary>Names of the tz database as this machine has it, in the spelling that everybody uses.</summary>
    public static readonly IReadOnlyList<string> TimeZones =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id == "UTC" || id.Contains('/')).Append("UTC").Distinct()
            .Order(StringComparer.Ordinal)];

    static readonly FrozenDictionary<string, string> Zones = TimeZones.ToFrozenDictionary(z => z, StringComparer.OrdinalIgnoreCase);

    /// <summary>The value in its one spelling, null for "not set"; or why it cannot be taken.</summary>
    public static (string? Value, Refusal? Refusal) Read(AccountDetail detail, string? typed)
    {
        var (text, definition) = (PlainText.Normalise(typed), AccountDetails.Of(detail));
        if (text.Length == 0) return detail is AccountDetail.Name ? (null, Invalid("Enter a name.")) : (null, null);
        if (PlainText.Length(text) is var length && length > definition.MaxLength)
            return (null, Invalid($"At most {definition.MaxLength} characters; this has {length}."));
        if (!PlainText.IsReadable(text))
            return (null, Invalid("Control characters and marks that change the text direction are not allowed."));
        return definition.Rule?.Invoke(text) ?? (text, null);
    }

    internal static (string? Value, Refusal? Refusal) Phone(string text) =>
        PhoneNumber().IsMatch(text) && text.Count(char.IsAsciiDigit) >= 3
            ? (text, null)
            : (null, Invalid("A phone number can only contain digits, spaces and + ( ) - . /, such as +49 30 1234567."));

    internal static (string? Value, Refusal? Refusal) TimeZone(string text) => Zone(text) is { } zone
        ? (zone, null)
        : (null, Invalid("This time zone does not exist. Use a name such as Europe/Berlin."));

    internal static (string? Value, Refusal? Refusal) Language(string text) => LanguageTag().IsMatch(text)
        ? (Tag(text), null)
        : (null, Invalid("This is not a language tag. Use one such as en, de-AT or zh-Hant."));

    /// <summary>Older names of a zone are not listed, but still found; file names with dots are not names of zones.</summary>
    static string? Zone(string text) => Zones.GetValueOrDefault(text)
        ?? (ZoneName().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) ? zone.Id : null);

    /// <summary>RFC 5646, 2.1.1: language lower, script title, region upper case, all else lower.</summary>
    static string Tag(string text)
    {
        var parts = text.ToLowerInvariant().Split('-');
        for (var i = 1; i < parts.Length && parts[i].Length > 1; i++)
            parts[i] = parts[i].Length switch
            {
                2 => parts[i].ToUpperInvariant(),
                4 when char.IsAsciiLetter(parts[i][0]) => char.ToUpperInvariant(parts[i][0]) + parts[i][1..],
                _ => parts[i],
            };
        return string.Join('-', parts);
    }

    static InvalidValue Invalid(string why) => new("value", why);

    [GeneratedRegex(@"^\+?[0-9 ()\-./]+((,|;| ext\.?| x) ?[0-9]{1,8})?$", RegexOptions.IgnoreCase)]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"^[A-Za-z]+(/[A-Za-z0-9_+\-]+)+$")]
    private static partial Regex ZoneName();

    // RFC 5646, 2.1, without the grandfathered tags, which all have a modern form.
    [GeneratedRegex(
        @"^([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
        + @"(-[0-9a-wy-z](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex LanguageTag();
}

/// <summary>By what rules compare the details of accounts: stored beside them and compared as they stand (SPEC N1).</summary>
public static class DetailKeys
{
    static readonly AccountDetail[] Kept = [.. AccountDetails.All.Where(d => d.Compared).Select(d => d.Detail)];

    /// <summary>Such as <c>department:finance</c>: in any letter case and width, accents kept.</summary>
    public static string Of(AccountDetail detail, string? text) => $"{detail.Field()}:{SearchKey.Exact(text)}";

    /// <summary>Of lines such as <c>department:Finance</c>.</summary>
    internal static string OfLines(string lines) => string.Join('\n', lines.Split('\n').Select(line =>
        line.IndexOf(':') is > 0 and var colon ? $"{line[..colon]}:{SearchKey.Exact(line[colon..][1..])}" : line));

    internal static IEnumerable<string> Of(AccountProfile profile) =>
        Kept.Where(detail => profile[detail] is not null).Select(detail => Of(detail, profile[detail]));
}
