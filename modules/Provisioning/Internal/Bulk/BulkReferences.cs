using System.Text.RegularExpressions;

namespace DirectoryPlatform.Provisioning.Internal.Bulk;

/// <summary>
/// Where one operation of a bulk request names what another makes (RFC 7644, 3.7.2): as a whole value, as the last part of a <c>$ref</c>,
/// and within the filter of a PATCH path, such as <c>members[value eq "bulkId:ann"]</c>. Anywhere else the same letters are text.
/// </summary>
static partial class BulkReferences
{
    public const string Prefix = "bulkId:";

    /// <param name="member">The name under which the text stands; null for none.</param>
    public static IEnumerable<string> In(string text, string? member)
    {
        var names = new List<string>();
        Resolve(text, member, name =>
        {
            names.Add(name);
            return Guid.Empty;
        });
        return names;
    }

    /// <param name="made">What was made under a bulkId.</param>
    public static string Resolve(string text, string? member, Func<string, Guid> made)
    {
        if (!text.Contains(Prefix, StringComparison.Ordinal)) return text;
        if (text.StartsWith(Prefix, StringComparison.Ordinal)) return $"{made(text[Prefix.Length..])}";
        if (Is("$ref") && text.LastIndexOf($"/{Prefix}", StringComparison.Ordinal) is >= 0 and var at)
            return $"{text[..(at + 1)]}{made(text[(at + 1 + Prefix.Length)..])}";
        // A longer path is refused as such, and takes the square of its length to search.
        return Is("path") && text.Length <= FilterParser.Longest
            ? Quoted().Replace(text, found => Name(found.Value) is { } name ? $"\"{made(name)}\"" : found.Value)
            : text;

        bool Is(string name) => name.Equals(member, StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null for a text that is none.</returns>
    static string? Name(string quoted)
    {
        try { return JsonSerializer.Deserialize<string>(quoted)?[Prefix.Length..]; }
        catch (JsonException) { return null; }
    }

    [GeneratedRegex("\"bulkId:(?:[^\"\\\\]|\\\\.)*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Quoted();
}
