using System.Globalization;
using System.Text.Json;

namespace DirectoryPlatform.Cli.Shown;

/// <summary>Text of the server on its way to a terminal: names are what people chose, and none of them moves the cursor, colours the
/// screen or turns the line around.</summary>
static class Plain
{
    public static string Of(string? text) => text is null ? "" : string.Concat(text.Select(c =>
        c is '\n' or '\t' || !(char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format) ? c : '\uFFFD'));

    /// <summary>In one line of a table.</summary>
    public static string Cell(string? text) => Of(text).Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>A member's value, in one line; nothing for one that is not there.</summary>
    /// <param name="path">Members below one another, with points between.</param>
    public static string Cell(JsonElement of, string path) => Cell(Find(of, path) switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        { ValueKind: JsonValueKind.Array } all => string.Join(", ", all.EnumerateArray().Select(One)),
        { } other => other.GetRawText(),
    });

    static string One(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString()!,
        JsonValueKind.Object when item.TryGetProperty("name", out var name) => $"{name}",
        _ => item.GetRawText(),
    };

    public static JsonElement? Find(JsonElement of, string path)
    {
        foreach (var member in path.Split('.'))
            if (of.ValueKind is not JsonValueKind.Object || !of.TryGetProperty(member, out of)) return null;
        return of;
    }

    /// <summary>Everything in it, a line each: "dns.name: …".</summary>
    public static IEnumerable<(string Name, string Value)> Lines(JsonElement of, string before = "")
    {
        foreach (var member in of.EnumerateObject())
        {
            if (member.Name is "links" or "self") continue;
            var name = before + member.Name;
            if (member.Value.ValueKind is JsonValueKind.Object)
                foreach (var line in Lines(member.Value, $"{name}.")) yield return line;
            else if (Cell(of, member.Name) is { Length: > 0 } value) yield return (Cell(name), value);
        }
    }
}
