using System.Net;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>
/// A text with names for its values: <c>{{name}}</c> is the value, <c>{{#name}}…{{/name}}</c> stands only when there is one,
/// <c>{{^name}}…{{/name}}</c> only when there is none. A subset of Mustache, so that nobody learns a new notation.
/// </summary>
sealed partial class Template
{
    readonly IReadOnlyList<Part> _parts;

    Template(IReadOnlyList<Part> parts) => _parts = parts;

    /// <param name="source">Where the text comes from, for the error.</param>
    /// <param name="known">The names that may be used.</param>
    /// <param name="raw">Whether <c>{{&amp;name}}</c>, a value that is HTML already, may be used: in the frame only.</param>
    /// <exception cref="InvalidOperationException">An unknown name, or a section that is not closed.</exception>
    public static Template Parse(string text, string source, IReadOnlyCollection<string> known, bool raw = false)
    {
        var open = new Stack<(string Name, bool When, List<Part> Parts)>();
        var parts = new List<Part>();
        var at = 0;
        // A section's tag that has a line to itself takes that line with it.
        text = LoneTag().Replace(text.ReplaceLineEndings("\n"), "${tag}");
        foreach (Match tag in Tag().Matches(text))
        {
            if (tag.Index > at) parts.Add(new Part(text[at..tag.Index]));
            at = tag.Index + tag.Length;
            var (sign, name) = (tag.Groups["sign"].Value, tag.Groups["name"].Value);
            if (!known.Contains(name))
                throw new InvalidOperationException(
                    $"{source}: there is no value called \"{name}\". Known are: {string.Join(", ", known)}.");
            switch (sign)
            {
                case "#" or "^":
                    open.Push((name, sign == "#", parts));
                    parts = [];
                    break;
                case "/":
                    if (!open.TryPop(out var section) || section.Name != name)
                        throw new InvalidOperationException($"{source}: {{{{/{name}}}}} closes nothing that was opened last.");
                    section.Parts.Add(new Part("", name, section.When ? PartKind.When : PartKind.Unless, parts));
                    parts = section.Parts;
                    break;
                case "&" when !raw: throw new InvalidOperationException($"{source}: {{{{&{name}}}}} would let a value bring its own HTML.");
                default:
                    parts.Add(new Part("", name, sign == "&" ? PartKind.Raw : PartKind.Value));
                    break;
            }
        }
        if (open.TryPeek(out var left)) throw new InvalidOperationException($"{source}: {{{{#{left.Name}}}}} is not closed.");
        parts.Add(new Part(text[at..]));
        if (parts.Any(p => p.Kind is PartKind.Text && p.Text.Contains("{{", StringComparison.Ordinal)))
            throw new InvalidOperationException($"{source}: a {{{{ is not followed by a name and }}}}.");
        return new(parts);
    }

    public string Text(Func<string, string?> value) => Write(new(), _parts, value, plain => plain).ToString();

    /// <summary>Values are encoded; their line breaks stay visible.</summary>
    public string Html(Func<string, string?> value) =>
        Write(new(), _parts, value, plain => WebUtility.HtmlEncode(plain).Replace("\n", "<br>", StringComparison.Ordinal)).ToString();

    static StringBuilder Write(StringBuilder to, IReadOnlyList<Part> parts, Func<string, string?> value, Func<string, string> encode)
    {
        foreach (var part in parts)
            switch (part.Kind)
            {
                case PartKind.Text: to.Append(part.Text); break;
                case PartKind.Value: to.Append(encode(value(part.Name) ?? "")); break;
                case PartKind.Raw: to.Append(value(part.Name)); break;
                case PartKind.When when !string.IsNullOrEmpty(value(part.Name)): Write(to, part.Inner!, value, encode); break;
                case PartKind.Unless when string.IsNullOrEmpty(value(part.Name)): Write(to, part.Inner!, value, encode); break;
            }
        return to;
    }

    enum PartKind { Text, Value, Raw, When, Unless }

    sealed record Part(string Text, string Name = "", PartKind Kind = PartKind.Text, IReadOnlyList<Part>? Inner = null);

    [GeneratedRegex(@"\{\{(?<sign>[#^/&]?)\s*(?<name>[A-Za-z]+)\s*\}\}")]
    private static partial Regex Tag();

    [GeneratedRegex(@"(?m)^[ \t]*(?<tag>\{\{[#^/]\s*[A-Za-z]+\s*\}\})[ \t]*\n")]
    private static partial Regex LoneTag();
}
