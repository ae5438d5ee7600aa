using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Judge = Json.Schema.JsonSchema;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Holds JSON against the same schemas by a library that others have written, so that our own reading of them is not the only one.
/// It knows all of JSON Schema and passes over words that it does not know, which <see cref="JsonSchema"/> never does.</summary>
sealed class OtherJudge(JsonObject schemas)
{
    static readonly EvaluationOptions Options = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

    readonly ConcurrentDictionary<string, Judge> _all = new(StringComparer.Ordinal);

    readonly string _definitions = schemas.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);

    public IReadOnlyList<string> Faults(string name, JsonElement value)
    {
        var judged = _all.GetOrAdd(name, Made).Evaluate(value, Options);
        return judged.IsValid ? [] : [.. (judged.Details ?? []).Prepend(judged).Where(d => d.Errors is { Count: > 0 })
            .SelectMany(d => d.Errors!.Select(e => $"{name}{d.InstanceLocation}: {e.Key}: {e.Value}"))
            .DefaultIfEmpty($"{name}: not valid")];
    }

    Judge Made(string name) => Judge.FromText($$"""
        { "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://judge.example/{{Guid.NewGuid()}}",
          "$ref": "#/$defs/{{name}}", "$defs": {{_definitions}} }
        """);
}
