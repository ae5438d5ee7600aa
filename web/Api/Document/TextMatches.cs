using System.Text.Json.Nodes;

namespace DirectoryPlatform.Web.Api.Document;

/// <summary>A filter of version 1: <c>{"eq": ["one", "another"]}</c> or <c>{"contains": "a part"}</c>. What both together mean is written
/// nowhere, so that both are refused.</summary>
static class TextMatches
{
    const string Exactly = "eq", Part = "contains";

    /// <summary>As for the values of any other filter (own choice).</summary>
    const int Most = 1_000, Longest = 254;

    /// <returns>Null for what is none.</returns>
    public static TextMatch? Read(string json)
    {
        try
        {
            using var read = JsonDocument.Parse(json);
            if (read.RootElement.ValueKind is not JsonValueKind.Object || read.RootElement.EnumerateObject().ToList() is not [var only])
                return null;
            if (only.Name == Part) return Text(only.Value) is { } part ? new(null, part) : null;
            if (only.Name != Exactly || only.Value.ValueKind is not JsonValueKind.Array) return null;
            var all = only.Value.EnumerateArray().Select(Text).ToList();
            return all.Count is 0 or > Most || all.Contains(null) ? null : new([.. all.OfType<string>()], null);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException) { return null; }
    }

    /// <summary>What can be searched for.</summary>
    static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String && Asked.Word(value)?.Trim() is { } text
        && text.Length <= Longest && SearchKey.Typed(text) is not null ? text : null;

    public static void Describe(JsonObject schema)
    {
        schema["properties"] = new JsonObject
        {
            [Exactly] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
            [Part] = new JsonObject { ["type"] = "string" },
        };
        schema["additionalProperties"] = false;
    }
}
