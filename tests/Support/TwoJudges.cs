using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The two that judge our answers by the document's schemas say the same of right and of spoiled bodies (SPEC P3).</summary>
[Trait("Rule", "P3")]
public sealed class TwoJudges
{
    readonly JsonSchema _ours = new(OpenApi.Schemas);
    readonly OtherJudge _other = new(OpenApi.Schemas);

    /// <summary>A body that fits, with everything in it that the schema names.</summary>
    static JsonNode? Made(JsonObject schema, int depth)
    {
        if (schema["$ref"]?.GetValue<string>() is { } other)
            return depth > 6 ? null : Made(OpenApi.Schemas[other.Split('/')[^1]]!.AsObject(), depth + 1);
        if (schema["anyOf"] is JsonArray either) return Made(either[0]!.AsObject(), depth + 1);
        if (schema["enum"] is JsonArray among) return among[0]!.DeepClone();
        // Of several types, such as a text or null, the first.
        return (schema["type"] is JsonArray types ? types[0] : schema["type"])?.GetValue<string>() switch
        {
            "object" => new JsonObject((schema["properties"] as JsonObject ?? [])
                .Select(p => KeyValuePair.Create(p.Key, Made(p.Value!.AsObject(), depth + 1))).Where(p => p.Value is not null)),
            "array" => schema["items"] is JsonObject items && Made(items, depth + 1) is { } item ? new JsonArray(item) : new JsonArray(),
            "boolean" => true,
            "integer" or "number" => 1,
            "string" => schema["format"]?.GetValue<string>() switch
            {
                "uuid" => $"{Guid.NewGuid()}",
                "date-time" => "2026-01-31T12:00:00Z",
                "uri" => "https://acme.example/x",
                _ => "text",
            },
            _ => "anything",
        };
    }

    /// <summary>Each body with one thing wrong in it, wherever it stands.</summary>
    static IEnumerable<(string How, JsonNode Body)> Spoiled(JsonNode whole)
    {
        foreach (var path in Places(whole, []).ToList())
            foreach (var (how, wrong) in ((string, Func<JsonNode?>)[])[("null", () => null), ("a number", () => 7.5),
                ("text", () => "no such word"), ("a list", () => new JsonArray(new JsonArray())),
                ("an object", () => new JsonObject { ["odd"] = 1 })])
            {
                var copy = whole.DeepClone();
                Put(copy, path, wrong());
                yield return ($"{string.Join('.', path)}: {how}", copy);
            }
    }

    static IEnumerable<string[]> Places(JsonNode? node, string[] at) => node switch
    {
        JsonObject parts => parts.SelectMany(p => Places(p.Value, [.. at, p.Key]).Prepend([.. at, p.Key])),
        JsonArray { Count: > 0 } list => Places(list[0], [.. at, "0"]).Prepend([.. at, "0"]),
        _ => [],
    };

    static void Put(JsonNode into, string[] path, JsonNode? value)
    {
        foreach (var name in path[..^1]) into = (into is JsonArray list ? list[0] : into[name])!;
        if (into is JsonArray last) last[0] = value;
        else into[path[^1]] = value;
    }

    [Fact]
    public void Say_the_same_of_every_schema()
    {
        var (told, refused) = (new List<string>(), 0);
        foreach (var (name, schema) in OpenApi.Schemas)
        {
            var whole = Made(schema!.AsObject(), 0)!;
            foreach (var (how, body) in Spoiled(whole).Prepend(("as it should be", whole)))
            {
                var value = JsonSerializer.SerializeToElement(body);
                var (ours, others) = (_ours.Faults(name, value), _other.Faults(name, value));
                if (ours.Count > 0) refused++;
                if (ours.Count == 0 != (others.Count == 0))
                    told.Add($"{name}, {how}: we say {string.Join("; ", ours.DefaultIfEmpty("nothing"))}, they {string.Join("; ", others
                        .DefaultIfEmpty("nothing"))}");
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told.Take(20)));
        refused.ShouldBeGreaterThan(500, "or nothing was spoiled");
    }
}
