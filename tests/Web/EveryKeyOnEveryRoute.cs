using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Every route that API keys open, by keys of every scope and of another organization, with own, foreign and unknown ids: a missing scope
/// answers alike whatever is asked, another organization's things answer as what does not exist, and nothing of it changes (SPEC P1, S8). A
/// new route is tested without a line here, unless its path has a parameter of a new name.
/// </summary>
[Trait("Rule", "P1"), Trait("Rule", "S8")]
public sealed partial class EveryKeyOnEveryRoute(EveryKeyOnEveryRoute.Furnished one) : IClassFixture<EveryKeyOnEveryRoute.Furnished>
{
    /// <summary>For all tests: what they ask changes nothing, which two of them see.</summary>
    public sealed class Furnished : OnApi
    {
        internal TestInstallation Installation => Here;
        internal WholeSite Node => Site;
        internal ApiCaller OfForeign => Foreign;
        internal Dictionary<string, string> OfAcme { get; } = [];
        internal Dictionary<string, string> OfGlobex { get; } = [];

        internal async Task<ApiCaller> By(ApiScope scope) => With((await Key(Acme, Ada, scope)).Secret);

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await Here.Send(new OfferApps([new("jira", "Jira")]));
            await Furnish(OfAcme, Acme, Ada, Liam);
            await Furnish(OfGlobex, Globex, Gus, await Here.Account("gill@globex.example", "Gill", managedBy: Globex));
            await Here.Until(async () => await Here.Scalar<long>("select count(*) from kernel.job where ended_at is null") == 0,
                what: "the jobs did not end");
        }

        async Task Furnish(Dictionary<string, string> ids, OrganizationId organization, AccountId admin, AccountId person)
        {
            var site = await Here.Grant(new CreateSite(organization, "Team", $"https://team-{organization}.example", By(admin)));
            await Here.Grant(new PutAppOnSite(site, "jira", By(admin)));
            var email = (await Here.Grant(new ReadAccount(person))).Email;
            await Here.Grant(new InviteUsers(site, [email], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null,
                By(admin)));
            var domain = (await Here.Send(new ReadDomains(organization))).Single().Id;
            var group = await Here.Grant(new CreateGroup(organization, "Developers", null, By(admin)));
            var policy = await Here.Grant(new CreatePolicy(organization, PolicyDraft.Initial with { Name = "Contractors" }, By(admin)));
            var job = await Here.Grant(
                new ConfirmBulk(organization, await Here.Grant(new BeginClaim(organization, domain, null, By(admin))), null, null, false,
                    false, null, By(admin)));
            var task = await Here.Grant(
                new ConfirmBulk(organization, await Here.Grant(new PrepareBulk(organization, ManyAccounts.MoveToPolicy, [person], null,
                    By(admin))
                { Target = $"{policy}" }), null, null, false, false, null, By(admin)));
            var token = (await Here.Grant(new CreateApiToken(person, "Backup", 90, By(person)))).Token.Id;
            var directory = (await Here.Grant(new CreateIdentityDirectory(organization, admin, "Entra ID", By(admin)))).Directory.Id;
            var key = (await Key(organization, admin, ApiScope.JobsRead)).Key.Id;
            var entry = await Here.Scalar<Guid>("select id from kernel.audit_entry where organization_id = @id limit 1",
                new { id = organization.Value });
            foreach (var (name, value) in ((string, object)[])[
                ("orgId", organization), ("directoryId", organization), ("accountId", person), ("domainId", domain), ("groupId", group),
                    ("policyId", policy), ("jobId", job), ("tokenId", token), ("eventId", entry), ("site", site),
                ("scimDirectoryId", directory), ("scimUserId", person), ("apiKeyId", key), ("taskId", task)]) ids[name] = $"{value}";
        }
    }

    readonly Dictionary<string, string> _acme = one.OfAcme, _globex = one.OfGlobex;

    TestInstallation Here => one.Installation;
    WholeSite Site => one.Node;
    ApiCaller Foreign => one.OfForeign;

    /// <summary>Enough for most deeds to be carried out if the gate let them.</summary>
    const string Body = """
        {"name":"Changed","email":"changed@acme.example","emails":["liam@acme.example"],"users":["liam@acme.example"],"automatic":true,
        "role":"atlassian/user","resource":"RESOURCE","accountId":"ACCOUNT","accountIds":["ACCOUNT"],"domainId":"DOMAIN",
        "permissionRules":[{"role":"atlassian/user","resource":"RESOURCE"}],"additionalGroups":["GROUP"]}
        """;

    /// <summary>Without those that are published and left out, which answer alike whatever is asked.</summary>
    List<(RouteEndpoint Route, RequiresAttribute Requires, string Method)> Routes() =>
        [.. Site.Routes.Where(r => r.Metadata.GetMetadata<Operation>()?.LeftOut is null)
            .Select(r => (r, r.Metadata.GetMetadata<RequiresAttribute>()!)).Where(r => r.Item2 is { Scope: not null })
            .SelectMany(r => r.r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => (r.r, r.Item2, m)))];

    /// <param name="ids">Null for ids that do not exist.</param>
    /// <param name="organization">Whose stands in the path; null for one that does not exist.</param>
    static string Path(RouteEndpoint route, Dictionary<string, string>? organization, Dictionary<string, string>? ids,
        Dictionary<string, string> names)
    {
        var path = new StringBuilder();
        foreach (var segment in route.RoutePattern.PathSegments)
            path.Append('/').Append(segment.Parts[0] switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternParameterPart { Name: "orgId" or "directoryId" } own => organization?[own.Name] ?? $"{Guid.NewGuid()}",
                RoutePatternParameterPart other => names.ContainsKey(other.Name) ? ids?[other.Name]
                    ?? $"{Guid.NewGuid()}" : throw new InvalidOperationException($"teach this test what {{{other.Name}}} is"),
                _ => throw new InvalidOperationException("a part of a new kind"),
            });
        return path.ToString();
    }

    /// <summary>Those of its members that the route takes; no body where it takes none.</summary>
    string? BodyOf(string method, string path, Dictionary<string, string>? ids)
    {
        if (Operations.All.First(o => o.Method == method && Fits(o.Path, path)).Body is not { } schema) return null;
        var members = OpenApi.Schemas[schema]!["properties"]!.AsObject();
        var body = JsonNode.Parse(Filled(ids))!.AsObject();
        foreach (var member in body.Select(m => m.Key).Where(m => !members.ContainsKey(m)).ToList()) body.Remove(member);
        return body.ToJsonString();
    }

    static bool Fits(string template, string path)
    {
        var (expected, given) = (template.Split('/'), path.Split('/'));
        return expected.Length == given.Length && expected.Zip(given).All(p => p.First == p.Second || p.First.StartsWith('{'));
    }

    static string Filled(Dictionary<string, string>? ids) =>
        Body.Replace("RESOURCE", $"ari:cloud:jira::site/{ids?["site"] ?? $"{Guid.NewGuid()}"}", StringComparison.Ordinal)
        .Replace("ACCOUNT", ids?["accountId"] ?? $"{Guid.NewGuid()}", StringComparison.Ordinal)
        .Replace("DOMAIN", ids?["domainId"] ?? $"{Guid.NewGuid()}", StringComparison.Ordinal)
        .Replace("GROUP", ids?["groupId"] ?? $"{Guid.NewGuid()}", StringComparison.Ordinal);

    async Task<string> Answer(ApiCaller caller, string method, string path, Dictionary<string, string>? ids)
    {
        // A bucket is emptied sooner than there are routes.
        Here.Clock.Pass(TimeSpan.FromSeconds(1));
        var (status, body) = await caller.Ask(method, path,
            BodyOf(method, path, ids));
        return $"{(int)status} {Changing().Replace(body.ToString(), "id")}";
    }

    async Task<string> Everything()
    {
        var all = new StringBuilder();
        foreach (var table in await Here.Rows<string>("""
            select format('%I.%I', schemaname, tablename) from pg_tables
              where schemaname in ('domains', 'accounts', 'sites', 'security', 'directory') or (schemaname = 'kernel'
              and tablename in ('job', 'audit_entry'))
            """))
        {
            var rows = await Here.Scalar<string>($"""
                select md5(coalesce(string_agg(line, '|' order by line), ''))
                from (select (to_jsonb(t) - 'last_active_at' - 'last_used_at' - 'state' - 'started_at' - 'ended_at')::text as line
                  from {table} t) l
                """);
            all.AppendLine($"{table} {rows}");
        }
        return all.ToString();
    }

    [Fact]
    public async Task Nothing_of_another_organization_is_seen_or_changed()
    {
        var (routes, told) = (Routes(), new List<string>());
        routes.Count.ShouldBeGreaterThan(50);
        var before = await Everything();
        foreach (var (route, requires, method) in routes)
        {
            var named = $"{method} {route.RoutePattern.RawText}";
            var organizationNamed = route.RoutePattern.GetParameter("orgId") is not null;
            if (organizationNamed)
                await Same(Path(route, _acme, _acme, _acme), _acme, Path(route, null, null, _acme), null, $"another organization: {named}");
            // Foreign things under the own address; what names nothing but the organization does the own work, and is left out.
            if (route.RoutePattern.Parameters.Any(p => p.Name is not ("orgId" or "directoryId")))
                await Same(Path(route, _globex, _acme, _acme), _acme, Path(route, _globex, null, _acme), null, $"foreign things: {named}");
            else if (named.Contains("/users/search", StringComparison.Ordinal))
                (await Answer(Foreign, method, Path(route, _globex, null, _acme), _acme)).ShouldNotContain("liam@");
        }
        told.ShouldBeEmpty(string.Join('\n', told));
        (await Everything()).ShouldBe(before);

        async Task Same(string theirs, Dictionary<string, string> ids, string nobodys, Dictionary<string, string>? unknown, string what)
        {
            var method = what.Split(": ")[1].Split(' ')[0];
            var (one, other) = (await Answer(Foreign, method, theirs, ids), await Answer(Foreign, method, nobodys, unknown));
            if (one != other) told.Add($"{what}: {one[..Math.Min(250, one.Length)]} but {other[..Math.Min(250, other.Length)]}");
            else if (!one.StartsWith("404", StringComparison.Ordinal)) told.Add($"{what}: {one[..Math.Min(250, one.Length)]}");
        }
    }

    [Fact]
    public async Task A_scope_that_was_not_given_answers_alike_whatever_is_asked()
    {
        var (routes, told) = (Routes(), new List<string>());
        var before = await Everything();
        // Each route by every scope that does not open it when whole, by every fourth when small: a route that forgets to ask is seen by
        // any of them.
        var (every, asked) = (Proof.Size(4, 1), new HashSet<string>());
        bool Opens(ApiScope scope, RequiresAttribute requires) => ((IReadOnlyCollection<ApiScope>)[scope]).Cover(requires.Scope!.Value);
        foreach (var (scope, offset) in ApiScopes.All.Select((s, i) => (s, i)))
        {
            using var caller = await one.By(scope);
            foreach (var (route, requires, method) in routes.Where((r, i) => (i + offset) % every == 0 && !Opens(scope, r.Requires)))
            {
                asked.Add($"{method} {route.RoutePattern.RawText}");
                var (own, unknown) = (await Answer(caller, method, Path(route, _acme, _acme, _acme), _acme),
                    await Answer(caller, method, Path(route, null, null, _acme), null));
                if (own != unknown || !own.StartsWith("403", StringComparison.Ordinal))
                    told.Add($"{scope} {method} {route.RoutePattern.RawText}: "
                        + $"{own[..Math.Min(150, own.Length)]} but {unknown[..Math.Min(150, unknown.Length)]}");
            }
        }
        asked.Count.ShouldBe(routes.Count(r => ApiScopes.All.Any(scope => !Opens(scope, r.Requires))));
        told.ShouldBeEmpty(string.Join('\n', told));
        (await Everything()).Split('\n')
            .Where(l => !l.StartsWith("security.api_key", StringComparison.Ordinal)
                && !l.StartsWith("kernel.audit", StringComparison.Ordinal))
                .ShouldBe(before.Split('\n')
                    .Where(l => !l.StartsWith("security.api_key", StringComparison.Ordinal)
                        && !l.StartsWith("kernel.audit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Each_scope_opens_its_own_routes_so_that_the_paths_of_this_test_are_real()
    {
        // Each scope by every route that it opens when whole; when small by three of them, and each route by one.
        var (told, opened) = (new List<string>(), new HashSet<string>());
        foreach (var scope in ApiScopes.All)
        {
            using var caller = await one.By(scope);
            var asked = 0;
            foreach (var (route, requires, _) in Routes()
                .Where(r => r.Method == "GET" && ((IReadOnlyCollection<ApiScope>)[scope]).Cover(r.Requires.Scope!.Value)))
            {
                if (!opened.Add(route.RoutePattern.RawText!) && asked >= Proof.Size(3, int.MaxValue)) continue;
                asked++;
                Here.Clock.Pass(TimeSpan.FromSeconds(1));
                var (status, _) = await caller.Ask("GET", Path(route, _acme, _acme, _acme));
                // A claim job has no export file, and nobody here came from a directory.
                if (status != HttpStatusCode.OK && !route.RoutePattern.RawText!.Contains("/exports/", StringComparison.Ordinal)
                    && !route.RoutePattern.RawText.Contains("get-scim-links", StringComparison.Ordinal))
                    told.Add($"{scope} {route.RoutePattern.RawText}: {status}");
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told));
    }

    /// <summary>Ids, which differ between what is asked and what is not there, and the request's own.</summary>
    [GeneratedRegex("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}")]
    private static partial Regex Changing();
}
