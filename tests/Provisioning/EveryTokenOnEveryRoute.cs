using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>
/// Every route that identity providers' tokens open, by everybody who has none, and by a provider with another's ids: the first are
/// answered alike whatever they ask, the second as for ids that do not exist, and nothing of anybody changes (SPEC P2, S8). A new route is
/// tested without a line here, unless its path has a parameter of a new name.
/// </summary>
[Trait("Rule", "P2"), Trait("Rule", "S8")]
public sealed partial class EveryTokenOnEveryRoute : OnScim
{
    readonly Dictionary<string, string> _acme = [], _globex = [];

    /// <summary>Enough for most deeds to be carried out if the door let them.</summary>
    const string Body = """
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"userName":"changed@acme.example","displayName":"Changed",
        "active":false,"Operations":[{"op":"replace","path":"displayName","value":"Changed","method":"DELETE"}]}
        """;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (ids, caller, domain) in new[] { (_acme, Provider, "acme.example"), (_globex, Foreign, "globex.example") })
        {
            ids["userId"] = $"{await caller.Create(Person("mia", domain: domain))}";
            var developers = await caller.Expect(HttpStatusCode.Created, "POST", "/Groups",
                new { displayName = "Developers", members = (object[])[new { value = ids["userId"] }] });
            ids["groupId"] = developers.GetProperty("id").GetString()!;
        }
    }

    List<(RouteEndpoint Route, string Method)> Routes() =>
        [.. Site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is { Permission: Permission.Provision })
            .SelectMany(r => r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => (r, m)))];

    /// <summary>Behind the directory's own address.</summary>
    static string Path(RouteEndpoint route, Dictionary<string, string>? ids)
    {
        var path = new StringBuilder();
        foreach (var segment in route.RoutePattern.PathSegments.Skip(3))
            path.Append('/').Append(segment.Parts[0] switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                // Descriptions of the protocol are the same for everybody.
                RoutePatternParameterPart { Name: "schemaId" or "urn" or "resourceType" or "name" or "id" } => "unknown",
                RoutePatternParameterPart { Name: "userId" or "groupId" } thing => ids?[thing.Name] ?? $"{Guid.NewGuid()}",
                RoutePatternParameterPart other => throw new InvalidOperationException($"teach this test what {{{other.Name}}} is"),
                _ => throw new InvalidOperationException("a part of a new kind"),
            });
        return path.ToString();
    }

    async Task<string> Everything()
    {
        var all = new StringBuilder();
        foreach (var table in await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('accounts', 'sites', 'directory') "
            + "or (schemaname = 'kernel' and tablename = 'audit_entry')"))
        {
            if (table is "directory.provisioning_note") continue;
            var rows = await Here.Scalar<string>($"""
                select md5(coalesce(string_agg(line, '|' order by line), ''))
                from (select (to_jsonb(t) - 'last_request_at')::text as line from {table} t) l
                """);
            all.AppendLine($"{table} {rows}");
        }
        return all.ToString();
    }

    [Fact]
    public async Task Nobody_opens_anything_without_the_token_of_the_directory_that_is_asked_nor_reaches_another_ones_things_with_it()
    {
        await Here.Quiet();
        var (before, routes, told) = (await Everything(), Routes(), new List<string>());
        routes.Count.ShouldBeGreaterThan(6);
        var key = (await Here.Grant(new CreateApiKey(Acme, Ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7, By(Ada)))).Secret;
        before = await Everything();
        foreach (var (route, method) in routes)
        {
            var strangers = new List<string>();
            foreach (var (directory, token) in ((IdentityDirectoryId, string?)[])[
                (Provider.Directory, null), (Provider.Directory, Foreign.Token), (Provider.Directory, key),
                (new(Guid.NewGuid()), Provider.Token)])
                strangers.Add(await Answer(directory, token, method, Path(route, _acme)));
            if (strangers.Distinct().Count() != 1 || !strangers[0].StartsWith("401", StringComparison.Ordinal))
                told.Add($"{method} {route.RoutePattern.RawText}: {string.Join(" | ", strangers.Distinct())}");
            // Creating and listing name no id.
            if (!route.RoutePattern.Parameters.Any(p => p.Name is "userId" or "groupId")) continue;
            var (theirs, nobodys) = (await Answer(Provider.Directory, Provider.Token, method, Path(route, _globex)),
                await Answer(Provider.Directory, Provider.Token, method, Path(route, null)));
            if (theirs != nobodys || !theirs.StartsWith("404", StringComparison.Ordinal))
                told.Add($"{method} {route.RoutePattern.RawText}: {theirs} but {nobodys}");
        }
        told.ShouldBeEmpty(string.Join('\n', told));
        (await Everything()).ShouldBe(before);
    }

    /// <summary>One look at the rows lets in all of them.</summary>
    [Fact, Trait("Rule", "A9")]
    public async Task Of_many_who_ask_at_the_same_moment_each_is_let_in_by_the_own_token_alone()
    {
        var nobody = $"/Users/{Guid.NewGuid()}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var (asked, other) = i % 2 == 0 ? (Provider, Foreign) : (Foreign, Provider);
            var isOwn = i % 4 < 2;
            var answer = await Answer(asked.Directory, isOwn ? asked.Token : other.Token, "DELETE", nobody);
            return (IsOwn: isOwn, Status: answer[..3]);
        }));
        answers.Where(a => a.Status != (a.IsOwn ? "404" : "401")).ShouldBeEmpty();
    }

    async Task<string> Answer(IdentityDirectoryId directory, string? token, string method, string path)
    {
        using var caller = new ScimCaller(Site.Somebody().Client, directory, token, Here.Clock);
        var (status, body) = await caller.Ask(method, path, method is "GET" or "DELETE" ? null : Body);
        return Ids().Replace($"{(int)status} {(body.ValueKind is System.Text.Json.JsonValueKind.Undefined ? "" : body.GetRawText())}", "");
    }

    [GeneratedRegex("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex Ids();
}
