using System.Text.Json.Nodes;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Web.Pages.ApiReference;

/// <summary>The OpenAPI document for people (SPEC P3), written out by the server: no script, and nothing from elsewhere.</summary>
[Requires(Permission.Anyone)]
[Door("api-reference")]
public sealed class IndexModel(IMediator mediator, IServiceProvider services) : WebPage(mediator)
{
    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public void OnGet() { }

    /// <summary>Asked for when the page is made; it is then kept, since it is long, the same for all, and open to everybody.</summary>
    public IReadOnlyList<OperationGroup> Groups()
    {
        var scopes = OpenApi.ScopesOf(services.GetRequiredService<MappedRoutes>());
        return
        [
            .. Operations.All.GroupBy(o => o.Group).Select((g, i) => new OperationGroup(i, g.Key,
            [
                .. g.Select(o => new ShownOperation(
                    o.Method, o.Path, o.LeftOut ?? o.Summary, scopes[$"{o.Method} {o.Path}"].Name(),
                        [.. o.Query.Select(q => (q.Name, q.Among is { } among ? $"{q.Words}: {string.Join(", ", among)}" : q.Words))],
                        Schema(o.Body), o.BodyOptional,
                        [.. o.Answers.Select(a => (a.Status, o.Csv ? "text/csv" : Schema(a.Schema)))],
                        [.. o.Errors.Concat(o.LeftOut is null ? [401, 403, 429] : [401, 429, 501]).Order()])),
            ])),
        ];
    }

    /// <summary>An example of the shape: what each member is, with what it refers to written out.</summary>
    static string? Schema(string? name) => name is null ? null : Example(OpenApi.Schemas[name]!.AsObject())?.ToJsonString(Indented);

    static JsonNode? Example(JsonObject schema)
    {
        if (schema["$ref"] is { } other) return Example(OpenApi.Schemas[other.GetValue<string>().Split('/')[^1]]!.AsObject());
        if (schema["enum"] is JsonArray among) return string.Join(" | ", among.Select(a => a!.GetValue<string>()));
        return (schema["type"] is JsonArray several ? several[0] : schema["type"])?.GetValue<string>() switch
        {
            "object" => new JsonObject((schema["properties"] as JsonObject ?? [])
                .Select(p => KeyValuePair.Create(p.Key, Example(p.Value!.AsObject())))),
            "array" => new JsonArray(Example(schema["items"]!.AsObject())),
            var type => schema["format"]?.GetValue<string>() ?? type,
        };
    }

    /// <param name="Number">Tells headings apart.</param>
    public sealed record OperationGroup(int Number, string Name, IReadOnlyList<ShownOperation> Operations);

    /// <param name="Body">An example; null for none.</param>
    public sealed record ShownOperation(
        string Method, string Path, string Summary, string Scope, IReadOnlyList<(string Name, string Words)> Query, string? Body,
        bool BodyOptional, IReadOnlyList<(int Status, string? Schema)> Answers, IReadOnlyList<int> Errors);
}
