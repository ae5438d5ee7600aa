using System.Text.Json;
using System.Text.Json.Serialization;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// A normalised email address: lower case, domain in A-labels. Two addresses that differ in letter case only are one address here:
/// no mail service of note tells them apart, and telling them apart would let one person pose as another.
/// </summary>
[JsonConverter(typeof(AsText))]
public readonly record struct EmailAddress
{
    /// <summary>RFC 5321, 4.5.3.1.1.</summary>
    const int MaxLocalPart = 64;

    /// <summary>RFC 5321, 4.5.3.1.3, less the angle brackets.</summary>
    const int MaxLength = 254;

    EmailAddress(string value) => Value = value;

    public string Value { get; }
    public string Domain => Value[(Value.LastIndexOf('@') + 1)..];
    public override string ToString() => Value;

    /// <summary>Refuses with <see cref="InvalidValue"/> of field "email".</summary>
    public static Outcome<EmailAddress> Parse(string? text)
    {
        var trimmed = PlainText.Trim(text);
        if (trimmed.Length == 0) return Invalid("Enter an email address.");
        if (trimmed.Length > MaxLength) return Invalid($"An email address has at most {MaxLength} characters.");
        if (trimmed.EnumerateRunes().FirstOrDefault(r => !Rune.IsWhiteSpace(r) && PlainText.IsUnseen(r)) is { Value: not 0 } unseen)
            return Invalid($"There is an invisible character, U+{unseen.Value:X4}, "
                + (trimmed.IndexOf(unseen.ToString(), StringComparison.Ordinal) is var place and > 0
                    ? $"after “{trimmed[..place]}”." : "in it."));
        var at = trimmed.LastIndexOf('@');
        if (at <= 0 || at == trimmed.Length - 1) return Invalid("An email address looks like name@company.com.");
        var local = trimmed[..at];
        if (local.Length > MaxLocalPart || !local.All(IsAllowed) || local[0] == '.' || local[^1] == '.' || local.Contains(".."))
            return Invalid("The part before the @ contains characters that an email address cannot have.");
        if (DomainName.Normalise(trimmed[(at + 1)..]) is not { Granted: true, Value: var domain })
            return Invalid("The part after the @ is not a domain name.");
        // A-labels are longer than the letters that were typed.
        return at + 1 + domain.Length > MaxLength
            ? Invalid($"An email address has at most {MaxLength} characters. This domain counts as “{domain}”.")
            : new EmailAddress($"{local.ToLowerInvariant()}@{domain}");
    }

    /// <summary>For values read from our own database.</summary>
    public static EmailAddress Trusted(string stored) => new(stored);

    // RFC 5322 atext and dots. Quoted and international local parts are refused: they are a source of look-alikes, and no big provider
    // hands them out.
    static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || ".!#$%&'*+-/=?^_`{|}~".Contains(c);

    static InvalidValue Invalid(string why) => new("email", why);

    /// <summary>In a command that goes to another node.</summary>
    sealed class AsText : JsonConverter<EmailAddress>
    {
        public override EmailAddress Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Trusted(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, EmailAddress value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
