using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Holds every answer of the API that a test gets against the OpenAPI document: its status must be documented, and its body must
/// fit the schema (SPEC P3).</summary>
static class ApiContract
{
    static readonly JsonSchema Schemas = new(OpenApi.Schemas);
    static readonly OtherJudge Others = new(OpenApi.Schemas);

    static readonly IReadOnlyList<(Operation Operation, Regex Path)> Known =
        [.. Operations.All.Select(o =>
            (o, new Regex($"^{Regex.Replace(Regex.Escape(o.Path).Replace(@"\{", "{"), @"\{[A-Za-z]+\}", "[^/]+")}$")))];

    /// <summary>Refusals that any route may give: the gate's, and what is asked by a wrong method or goes wrong before the route.</summary>
    static readonly int[] Everywhere = [400, 401, 403, 429];

    static readonly int[] OfBodies = [413, 415], OfDeeds = [409, 422];

    /// <summary>What tests have seen, for the test that asks whether all was.</summary>
    public static ConcurrentDictionary<(string Operation, int Status), bool> Seen { get; } = new();

    public static void Hold(string method, string path, int status, MediaTypeHeaderValue? type, JsonElement body)
    {
        var plain = path.Split('?')[0];
        if (Known.FirstOrDefault(k => k.Operation.Method == method && k.Path.IsMatch(plain)).Operation is not { } operation) return;
        Seen[(operation.Name, status)] = true;
        var what = $"{method} {operation.Path} {status}";
        if (operation.Answers.Where(a => a.Status == status).ToArray() is [var answer])
        {
            if (answer.Schema is { } schema) Fits(schema, body, what);
            else if (operation.Csv) type!.MediaType.ShouldBe("text/csv", what);
            else body.ValueKind.ShouldBe(JsonValueKind.Undefined, what);
            return;
        }
        Documented(operation).ShouldContain(status, $"{what} is not documented: {body}");
        Fits(OpenApi.FaultOf(operation.Path), body, what);
    }

    /// <summary>By both judges.</summary>
    static void Fits(string schema, JsonElement body, string what)
    {
        Schemas.Faults(schema, body).ShouldBeEmpty(what);
        Others.Faults(schema, body).ShouldBeEmpty(what);
    }

    public static IEnumerable<int> Documented(Operation operation) =>
        [.. operation.Errors, .. Everywhere, .. operation.Body is null ? [] : OfBodies, .. operation.Method == "POST" ? OfDeeds : [],
            .. operation.LeftOut is null ? (int[])[] : [501]];
}
