using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// A request with several faults is refused for the first of them in one order on every route: who asks, which organization and directory
/// is meant, what cannot be read, what else is named. The routes are those of the OpenAPI document, so that a new one is tested without a
/// line here.
/// </summary>
[Trait("Rule", "P1")]
public sealed partial class RefuseInOneOrder : OnApi
{
    /// <summary>One route of the document.</summary>
    /// <param name="Limit">Whether it is a list in pages.</param>
    /// <param name="Described">All that the document says of it.</param>
    sealed record Route(string Method, string Path, bool Limit, JsonNode Described)
    {
        public bool HasBody => Described["requestBody"] is not null;
        public bool OfOrganization => Path.Contains("{orgId}", StringComparison.Ordinal);
        public bool OfDirectory => Path.Contains("{directoryId}", StringComparison.Ordinal);
        public bool NeedsScope => Described["responses"]!.AsObject().ContainsKey("403");
        public bool IsOfAudit => Described["tags"]![0]!.GetValue<string>() == "Audit log";

        /// <summary>Whether it names more than where it is asked.</summary>
        public bool NamesMore => Parameter().IsMatch(Where("", ""));

        /// <summary>What else it names does not exist.</summary>
        public string In(object organization, object directory) =>
            Parameter().Replace(Where(organization, directory), _ => $"{Guid.NewGuid()}");

        string Where(object organization, object directory) => Path.Replace("{orgId}", $"{organization}", StringComparison.Ordinal)
            .Replace("{directoryId}", $"{directory}", StringComparison.Ordinal);
    }

    async Task<IReadOnlyList<Route>> Routes() =>
        [.. from path in (await Document())["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            let limit = method.Value!["parameters"]!.AsArray().Any(p => p!["name"]!.GetValue<string>() == "limit")
            select new Route(method.Key.ToUpperInvariant(), path.Key, limit, method.Value!)];

    static string DetailOf(JsonElement fault) => fault.GetProperty("errors")[0].GetProperty("detail").GetString()!;

    [Fact]
    public async Task Who_asks_and_where_is_judged_before_what_is_asked_and_that_before_what_else_it_names()
    {
        using var nobody = With(null);
        using var auditor = With((await Key(Acme, Ada, ApiScope.AuditRead)).Secret);
        using var watcher = With((await Key(Acme, Ada, ApiScope.JobsRead)).Secret);
        var routes = await Routes();
        routes.Count(r => r.OfOrganization).ShouldBeGreaterThan(40);
        routes.Count(r => r.OfDirectory).ShouldBeGreaterThan(10);
        routes.Count(r => r.Limit).ShouldBeGreaterThan(5);
        routes.Count(r => r.HasBody).ShouldBeGreaterThan(15);
        foreach (var route in routes)
        {
            // A bucket is emptied sooner than this is over.
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            var (wrong, body) = (route.Limit ? "?limit=x" : "", route.HasBody ? "{" : null);
            var (foreign, nowhere) = (route.In(Globex, Guid.NewGuid()) + wrong, route.In(Acme, Guid.NewGuid()) + wrong);
            await nobody.Expect(HttpStatusCode.Unauthorized, route.Method, foreign, body);
            if (route.NeedsScope)
                await (route.IsOfAudit ? watcher : auditor).Expect(HttpStatusCode.Forbidden, route.Method, foreign, body);
            if (route.OfOrganization)
                DetailOf(await Program.Expect(HttpStatusCode.NotFound, route.Method, foreign, body)).ShouldContain("at this address");
            if (route.OfDirectory)
                DetailOf(await Program.Expect(HttpStatusCode.NotFound, route.Method, nowhere, body)).ShouldContain("no such directory");
            foreach (var directory in route.OfDirectory ? (object[])["-", Acme] : ["-"])
            {
                if (route.Limit || route.HasBody)
                    await Program.Expect(HttpStatusCode.BadRequest, route.Method, route.In(Acme, directory) + wrong, body);
                if (route.NamesMore && !route.HasBody)
                    await Program.Expect(HttpStatusCode.NotFound, route.Method,
                        route.In(Acme, directory) + (route.Limit ? "?limit=1" : ""));
            }
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
