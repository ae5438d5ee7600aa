using System.Text.Json.Nodes;

namespace DirectoryPlatform.Web.Api.Document;

/// <summary>What each property of a schema means, from <c>words.json</c>: by its name, or by its place where the name means something else
/// there, such as <c>Users.data.resources</c>.</summary>
static class PropertyWords
{
    const string Description = "description";

    public static void Write(JsonObject schemas, JsonObject words)
    {
        foreach (var (name, schema) in schemas) Write(name, schema!.AsObject(), words);
    }

    static void Write(string place, JsonObject schema, JsonObject words)
    {
        if (schema["properties"] is JsonObject properties)
            foreach (var (name, property) in properties)
            {
                var (here, of) = ($"{place}.{name}", property!.AsObject());
                // Of a search's member the declaration says it.
                if (!of.ContainsKey(Description) && (words[here] ?? words[name]) is { } said) of[Description] = said.GetValue<string>();
                Write(here, of, words);
            }
        if (schema["items"] is JsonObject items) Write(place, items, words);
    }
}
