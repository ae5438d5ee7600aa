using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Holds JSON against the part of JSON Schema that our schemas use. A word that it does not know is a fault of the schema: nothing
/// is passed over.</summary>
sealed class JsonSchema(JsonObject schemas)
{
    static readonly string[] Known = ["$ref", "type", "format", "enum", "properties", "required", "additionalProperties", "items",
        "description", "examples", "anyOf", "default", "minimum", "maximum"];

    public IReadOnlyList<string> Faults(string name, JsonElement value) =>
        [.. Check(schemas[name] as JsonObject ?? throw new InvalidOperationException($"There is no schema {name}."), value, name)];

    IEnumerable<string> Check(JsonObject schema, JsonElement value, string at)
    {
        foreach (var word in schema.Select(s => s.Key).Except(Known)) yield return $"{at}: the schema says {word}, which is not known here";
        if (schema["$ref"]?.GetValue<string>() is { } other)
        {
            foreach (var fault in Check(schemas[other.Split('/')[^1]] as JsonObject ?? throw new InvalidOperationException(other), value,
                at)) yield return fault;
            yield break;
        }
        string[] types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(t => t!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        if (types.Length > 0 && !types.Any(t => Is(t, value)))
            yield return $"{at} is {value.ValueKind} and not {string.Join(" or ", types)}";
        if (value.ValueKind is JsonValueKind.Number && ((int?)schema["minimum"] is { } least && value.GetDouble() < least
            || (int?)schema["maximum"] is { } most && value.GetDouble() > most))
            yield return $"{at} is {value}, beyond its bounds";
        if (schema["anyOf"] is JsonArray either && either.All(e => Check(e!.AsObject(), value, at).Any()))
            yield return $"{at} is none of what it may be";
        if (schema["enum"] is JsonArray among && !among.Any(a => a!.GetValue<string>() == value.ToString()))
            yield return $"{at} is {value}, which is none of {among.ToJsonString()}";
        if (schema["format"]?.GetValue<string>() is { } format && value.ValueKind is JsonValueKind.String
            && !Fits(format, value.GetString()!)) yield return $"{at} is {value} and no {format}";
        if (value.ValueKind is JsonValueKind.Array && schema["items"] is JsonObject items)
            foreach (var (one, i) in value.EnumerateArray().Select((v, i) => (v, i)))
                foreach (var fault in Check(items, one, $"{at}[{i}]")) yield return fault;
        if (value.ValueKind is not JsonValueKind.Object) yield break;
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var required in schema["required"] as JsonArray ?? [])
            if (!value.TryGetProperty(required!.GetValue<string>(), out _)) yield return $"{at} has no {required}";
        foreach (var member in value.EnumerateObject())
        {
            if (properties[member.Name] is JsonObject known)
            {
                foreach (var fault in Check(known, member.Value, $"{at}.{member.Name}")) yield return fault;
            }
            else if (schema["additionalProperties"] is JsonValue) yield return $"{at} has {member.Name}, of which nothing is said";
            else if (schema["additionalProperties"] is JsonObject more)
                foreach (var fault in Check(more, member.Value, $"{at}.{member.Name}")) yield return fault;
        }
    }

    static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind is JsonValueKind.Number,
        "null" => value.ValueKind is JsonValueKind.Null,
        _ => throw new InvalidOperationException(type),
    };

    static bool Fits(string format, string text) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new InvalidOperationException(format),
    };
}
