using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DirectoryPlatform.Domains;

/// <summary>
/// The name of an email domain in the one spelling that everything compares (SPEC D2): lower case, A-labels, no trailing dot. Two
/// names are the same domain when their <see cref="Value"/>s are equal and never otherwise: a sub-domain is a domain of its own
/// (SPEC D11), <c>evilacme.com</c> has nothing to do with <c>acme.com</c>.
/// </summary>
[JsonConverter(typeof(AsText))]
public sealed record DomainName
{
    const int Longest = 253;        // RFC 1035, 2.3.4: 255 octets on the wire, without the root and the first length
    const int LongestInput = 1024;  // no valid spelling of 253 octets is longer; keeps a pasted book cheap

    static readonly SearchValues<char> Wire = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    DomainName(string value) => Value = value;

    /// <summary>A-labels, lower case, at most 253 characters, such as <c>xn--bcher-kva.example</c>.</summary>
    public string Value { get; }

    /// <summary>For people: U-labels such as <c>bücher.example</c>, but A-labels where letters imitate another alphabet.</summary>
    public string Display => string.Join('.', Value.Split('.').Select(DomainLabel.Display));

    /// <summary>The public suffix and one label more: <c>acme.co.uk</c> for <c>mail.eu.acme.co.uk</c>.
    /// Whoever holds it holds all below.</summary>
    public string RegistrableDomain => PublicSuffixes.Registrable(Value) ?? Value;

    public override string ToString() => Value;

    /// <summary>Reads what a person typed. Every refusal of <c>DomainNameRefusals.cs</c> comes from here, in the order an administrator
    /// would check (SPEC D2, D3).</summary>
    public static Outcome<DomainName> Parse(string? text)
    {
        var normal = Normalise(text);
        return normal switch
        {
            { Granted: false } => normal.Refusal,
            _ when MailProviders.IsDisposable(normal.Value) => new DomainIsDisposableMail(normal.Value),
            _ when MailProviders.IsFree(normal.Value) => new DomainIsFreeMail(normal.Value),
            _ when PublicSuffixes.Contains(normal.Value) => new DomainIsPublicSuffix(normal.Value),
            _ => new DomainName(normal.Value),
        };
    }

    /// <summary>The one spelling of a host name that a mailbox may stand under, whoever owns it:
    /// the same rules without the lists of D3.</summary>
    public static Outcome<string> Normalise(string? text)
    {
        var typed = text.AsSpan().Trim();
        if (typed.IsEmpty)
            return new DomainNameMissing();
        if (typed.Length > LongestInput)
            return new DomainNameTooLong();
        if (IsAddress(typed))
            return new DomainIsAddress();
        if (typed[^1] == '.')
            typed = typed[..^1];
        var labels = new List<string>();
        foreach (var part in typed.ToString().Split('.'))
        {
            var label = DomainLabel.Parse(part);
            if (!label.Granted)
                return label.Refusal;
            labels.Add(label.Value);
        }
        var name = string.Join('.', labels);
        return true switch
        {
            _ when name.Length > Longest => new DomainNameTooLong(),
            _ when labels[^1].All(char.IsAsciiDigit) || IsAddress(name) => new DomainIsAddress(),
            _ when labels.Count == 1 => new DomainSingleLabel(),
            _ => name,
        };
    }

    /// <summary>A name that <see cref="Parse"/> once accepted and the database kept: today's lists do not judge it again.</summary>
    /// <exception cref="ArgumentException">The text is not even spelled like a parsed name,
    /// so it did not come from the database.</exception>
    public static DomainName Trusted(string stored) =>
        stored is { Length: > 0 and <= Longest } && !stored.AsSpan().ContainsAnyExcept(Wire) && stored.Contains('.')
            ? new DomainName(stored)
            : throw new ArgumentException("Not a stored domain name.", nameof(stored));

    static bool IsAddress(ReadOnlySpan<char> text) => text.ContainsAny('.', ':') && IPAddress.TryParse(text, out _);

    /// <summary>As its <see cref="Value"/>: reads what was written, and nothing that people have typed.</summary>
    sealed class AsText : JsonConverter<DomainName>
    {
        public override DomainName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try { return Trusted(reader.GetString() ?? ""); }
            catch (ArgumentException error) { throw new JsonException(error.Message, error); }
        }

        public override void Write(Utf8JsonWriter writer, DomainName value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
