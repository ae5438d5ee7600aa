using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Api.Document;

/// <summary>The OpenAPI document (SPEC P3) at <c>/openapi.json</c>: made once from the routes, the table of operations and the schemas that
/// the contract tests hold answers against.</summary>
static partial class OpenApi
{
    public const string Path = "/openapi.json";

    static readonly Lazy<JsonObject> SchemaFile = new(() =>
    {
        var schemas = Embedded("openapi-schemas.json");
        foreach (var search in Operations.All.Where(o => o.Members.Count > 0))
            schemas[search.Body!] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(search.Members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)Described(m)))),
                ["additionalProperties"] = false,
            };
        PropertyWords.Write(schemas, Embedded("openapi-words.json"));
        return schemas;
    });

    internal static JsonObject Embedded(string name)
    {
        using var file = typeof(OpenApi).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        return JsonNode.Parse(file)!.AsObject();
    }

    static readonly Lazy<Dictionary<string, Operation>> ByRoute = new(() => Operations.All.ToDictionary(o => $"{o.Method} {o.Path}"));

    /// <summary>The operation that a route is.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public static Operation Declared(RouteEndpointBuilder route)
    {
        var name = $"{route.Metadata.OfType<HttpMethodMetadata>().Single().HttpMethods.Single()} {Plain(route.RoutePattern)}";
        return ByRoute.Value.TryGetValue(name, out var operation)
            ? operation
            : throw new InvalidOperationException($"{name} is opened by keys and stands in no line of {nameof(Operations)}.");
    }

    static JsonObject Described(Parameter member)
    {
        var schema = member.Schema();
        schema["description"] = member.Words;
        return schema;
    }

    public static JsonObject Schemas => SchemaFile.Value;

    public static void MapOpenApi(this IEndpointRouteBuilder app)
    {
        byte[]? document = null;
        app.MapGet(Path, async (HttpContext http, MappedRoutes routes, WebSettings settings) =>
        {
            document ??= System.Text.Encoding.UTF8.GetBytes(Of(ScopesOf(routes), settings.PublicUrl).ToJsonString());
            http.Response.ContentType = "application/json";
            http.Response.Headers.CacheControl = "no-cache";
            await http.Response.Body.WriteAsync(document, http.RequestAborted);
        }).Requires(Permission.Anyone).AtDoor(Doors.ApiReference);
    }

    /// <summary>"GET /users/{accountId}/manage" and the scope it asks for.</summary>
    public static IReadOnlyDictionary<string, ApiScope> ScopesOf(MappedRoutes routes) =>
        routes.Sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(route => route.Metadata.GetMetadata<RequiresAttribute>() is { Scope: { } scope }
            ? route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => (Name: $"{method} {Plain(route.RoutePattern)}", scope))
            : [])
        .ToDictionary(r => r.Name, r => r.scope);

    /// <summary>Without the constraints.</summary>
    static string Plain(RoutePattern route) => Constraint().Replace("/" + route.RawText!.TrimStart('/'), "}");

    public static JsonObject Of(IReadOnlyDictionary<string, ApiScope> scopes, Uri server)
    {
        var paths = new JsonObject();
        foreach (var path in Operations.All.Where(o => o.LeftOut is null).GroupBy(o => o.Path))
            paths[path.Key] = new JsonObject(
                path.Select(o =>
                    KeyValuePair.Create(o.Method.ToLowerInvariant(), (JsonNode?)Describe(o, scopes[$"{o.Method} {o.Path}"]))));
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "DirectoryPlatform",
                ["version"] = ProductVersion.Number,
                ["description"] =
                    "What an organization's admin can do, for programs. Send an API key as a bearer token. A POST with an Idempotency-Key "
                    + "is carried out once within a day.",
                ["contact"] = new JsonObject { ["name"] = "The admins of this installation", ["url"] = server.AbsoluteUri.TrimEnd('/') },
                ["license"] = new JsonObject { ["name"] = "Apache License 2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server.AbsoluteUri.TrimEnd('/') }),
            ["security"] = new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. Operations.All.Select(o => o.Group).Distinct()
                .Select(g => new JsonObject { ["name"] = g, ["description"] = $"{g} of the organization." })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["apiKey"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "An API key of the organization."
                    }
                },
                ["schemas"] = Schemas.DeepClone(),
            },
        };
    }

    static JsonObject Describe(Operation operation, ApiScope scope)
    {
        var parameters = new JsonArray(
            [.. Placeholder().Matches(operation.Path)
                .Select(p => Parameter(p.Groups[1].Value, "path", WordsOf(p.Groups[1].Value),
                    p.Groups[1].Value is "directoryId" ? Text : Id)),
                .. operation.Query.Select(q => Parameter(q.Name, "query", q.Words, q.Schema()))]);
        if (operation.Method == "POST" && scope.Name().EndsWith(":manage", StringComparison.Ordinal))
            parameters.Add((JsonNode)Parameter(IdempotencyFilter.Header, "header",
                "The same key and request within a day are carried out once", Text));
        var described = new JsonObject
        {
            ["operationId"] = operation.Name,
            ["tags"] = new JsonArray(operation.Group),
            ["summary"] = operation.Summary,
            ["description"] = string.Join(' ', [.. Sentences(operation), $"Requires the scope {scope.Name()}."]),
            ["parameters"] = parameters,
        };
        if (operation.Body is { } body)
            described["requestBody"] = new JsonObject { ["required"] = !operation.BodyOptional, ["content"] = Json(body) };
        described["responses"] = new JsonObject([
            .. operation.Answers.Select(a =>
                KeyValuePair.Create(a.Status.ToString(CultureInfo.InvariantCulture),
                    (JsonNode?)Answer(ReasonPhrases.GetReasonPhrase(a.Status),
                        operation.Csv ? Csv() : a.Schema is { } schema ? Json(schema) : null))),
            .. operation.Errors.Concat([400, 401, 429]).Concat(scope is ApiScope.Organization ? [] : [403])
            .Concat(operation.Body is null ? [] : [413, 415])
            .Concat(operation.Method == "POST" && scope.Name().EndsWith(":manage", StringComparison.Ordinal) ? [409, 422] : []).Distinct()
            .Order()
                .Select(status => KeyValuePair.Create(status.ToString(CultureInfo.InvariantCulture),
                    (JsonNode?)Answer(ReasonPhrases.GetReasonPhrase(status), Json(FaultOf(operation.Path))))),
        ]);
        return described;
    }

    /// <summary>What the declaration says of it, in words.</summary>
    static IEnumerable<string> Sentences(Operation operation)
    {
        yield return $"{operation.Summary}.";
        if (operation.Query.Concat(operation.Members).Any(p => p.Name == Document.Parameter.Cursor))
            yield return operation.CursorsLast
                ? "Answers come in pages; cursors do not expire."
                : "Answers come in pages; the cursor of a page carries its filters.";
        if (operation.Answers.Any(a => a.Schema == "Job") && operation.Answers.Any(a => a.Status == StatusCodes.Status202Accepted))
            yield return "The work runs as a job; poll the URL in Location.";
        if (operation.Csv) yield return "The answer is a CSV file.";
        if (operation.BodyOptional) yield return "The body is optional.";
    }

    /// <summary>Each family of routes has its own envelope for errors.</summary>
    public static string FaultOf(string path) => path.StartsWith("/admin/", StringComparison.Ordinal) ? "OrganizationFaults" : "UserFault";

    static JsonObject Answer(string words, JsonObject? content)
    {
        var answer = new JsonObject
        {
            ["description"] = words,
            ["headers"] =
            new JsonObject
            {
                [RequestIds.Header] = new JsonObject
                {
                    ["description"] = "ID of the request, also recorded in the audit log",
                    ["schema"] = new JsonObject { ["type"] = "string" }
                }
            }
        };
        if (content is not null) answer["content"] = content;
        return answer;
    }

    static JsonObject Json(string schema) =>
        new() { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } } };

    static JsonObject Csv() => new() { ["text/csv"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } };

    static JsonObject Text => new() { ["type"] = "string" };

    static JsonObject Id => new() { ["type"] = "string", ["format"] = "uuid" };

    static JsonObject Parameter(string name, string place, string words, JsonObject schema)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = words, ["schema"] = schema };
        if (place == "path") parameter["required"] = true;
        return parameter;
    }

    static string WordsOf(string parameter) => parameter switch
    {
        "orgId" => "Of the organization that the key belongs to",
        "directoryId" => "Of a directory, or - for all",
        _ => $"Of the {parameter[..^2]}",
    };

    [GeneratedRegex(@":[a-z]+\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{([A-Za-z]+)\}")]
    private static partial Regex Placeholder();
}
