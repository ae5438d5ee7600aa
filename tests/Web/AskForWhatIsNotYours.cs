using System.Text;
using System.Text.RegularExpressions;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Two organizations with one of everything that has an id, and the paths of all routes there:
/// for whoever asks every route.</summary>
[Collection(Furnished.Name)]
public abstract partial class OnFurnishedSite(FurnishedSite all) : IAsyncLifetime
{
    protected const string Password = FurnishedSite.Password;

    /// <summary>What somebody who guesses would send along: enough for most forms to be carried out if the gate let them.</summary>
    protected static readonly (string, string)[] Fields =
    [
        ("Input.Which", "all"), ("which", "all"), ("action", "deactivate"), ("Input.TypedName", "acme.example"), ("Input.Typed", "1"),
        ("automatic", "true"), ("Input.Name", "new.test"), ("Input.SeenVersion", "1"),
        ("Input.Email", "liam@acme.example"), ("Input.Acknowledged", "true"), ("Input.Reason", "none"), ("Value", "Changed"), ("Seen", ""),
        ("Input.Label", "x"), ("Input.Days", "9"), ("Input.Contact", "changed"),
    ];

    /// <summary>Routes that end the session they are asked in; they name nobody.</summary>
    static readonly string[] OfNobody = ["sign-out", "api/sign-out"];

    private protected WholeSite _site => all.Site;
    protected TestInstallation Here => all.Here;
    protected IReadOnlyDictionary<string, Dictionary<string, string>> _ids => all.Ids;

    public virtual Task InitializeAsync() => all.Ready();

    public virtual Task DisposeAsync()
    {
        all.Rest();
        return Task.CompletedTask;
    }

    /// <summary>Those that people ask; what API keys and identity providers' tokens open have tests of their own.</summary>
    protected IReadOnlyList<(RouteEndpoint Endpoint, RequiresAttribute Requires)> Routes() =>
        [.. _site.Routes.Select(r => (r, r.Metadata.GetMetadata<RequiresAttribute>()!))
            .Where(r => r.Item2 is { Scope: null, Permission: not Permission.Provision }
                && !OfNobody.Contains(r.r.RoutePattern.RawText!.TrimStart('/')))
                .DistinctBy(r => $"{r.r.RoutePattern.RawText} {Methods(r.r)}")];

    protected static string Methods(RouteEndpoint route) =>
        string.Join(' ', route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]);

    /// <param name="org">Whose organization stands in the path; null for one that does not exist.</param>
    /// <param name="things">Whose the other ids are; null for ids that do not exist.</param>
    protected string Path(RouteEndpoint route, string? org, string? things)
    {
        var path = new StringBuilder();
        foreach (var segment in route.RoutePattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                path.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    // A site's own address names no organization: there the site stands for it.
                    RoutePatternParameterPart { Name: "siteId" } when path.Equals("/s/") =>
                        org is null ? $"{Guid.NewGuid()}" : _ids[org]["siteId"],
                    RoutePatternParameterPart { Name: "orgId" } => org is null ? $"{Guid.NewGuid()}" : _ids[org]["orgId"],
                    RoutePatternParameterPart parameter => Value(parameter.Name, path.ToString(), things),
                    RoutePatternSeparatorPart separator => separator.Content,
                    _ => throw new InvalidOperationException($"{route.RoutePattern.RawText}: a part of a new kind"),
                });
        }
        return path.Length == 0 ? "/" : path.ToString();
    }

    string Value(string parameter, string before, string? things)
    {
        // What is about one site alone has ids of its own there.
        if (before.StartsWith("/s/", StringComparison.Ordinal) && _ids["acme"].ContainsKey($"s/{parameter}")) parameter = $"s/{parameter}";
        var known = _ids["acme"].ContainsKey(parameter) ? parameter : $"{before.TrimEnd('/').Split('/')[^1]}/{parameter}";
        _ids["acme"].ShouldContainKey(known, $"teach this test what {{{parameter}}} in {before} is");
        return things is not null || !Guid.TryParse(_ids["acme"][known], out _) ? _ids[things ?? "acme"][known] : $"{Guid.NewGuid()}";
    }

    private protected static async Task<string> Answer(SiteVisitor visitor, string method, string path, string token)
    {
        using var answer = method == "POST" ? await visitor.Send(path, token, Fields)
            : await visitor.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path}");
        // What a page is told while it is open has no end.
        var body = answer.Content.Headers.ContentType?.MediaType is "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
        return string.Join(' ', Changing().Replace($"{(int)answer.StatusCode} {answer.Headers.Location} {body}", "")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Every row of every table but those that requests write by themselves.</summary>
    protected async Task<string> Everything()
    {
        var all = new StringBuilder();
        foreach (var table in await Here.Rows<string>("""
            select format('%I.%I', schemaname, tablename) from pg_tables
              where schemaname in ('domains', 'accounts', 'sites', 'security', 'directory') or (schemaname = 'kernel'
              and tablename in ('job', 'mail', 'audit_entry'))
            """))
        {
            // A session that is used after a minute raises its person's version; sessions and tokens are looked at themselves.
            if (table is "security.sign_in_throttle" or "security.refresh_token" or "security.credentials") continue;
            var rows = await Here.Scalar<string>($"""
                select md5(coalesce(string_agg(line, '|' order by line), ''))
                from (select (to_jsonb(t) - 'last_active_at' - 'last_used_at' - 'sent_at' - 'tried_at' - 'next_at' - 'attempts' - 'letter'
                  - 'started_at' - 'ended_at' - 'state' - 'next_check_at')::text as line from {table} t) l
                """);
            all.AppendLine($"{table} {rows}");
        }
        return all.ToString();
    }

    /// <summary>Ids, form tokens, the way back, and the notice that an answer before has left.</summary>
    [GeneratedRegex(
        """[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|name="__RequestVerificationToken"[^>]*>|returnTo=[^"\s]*|"""
        + """<div class="alert [^"]*notice"[\s\S]*?</button>\s*</div>""")]
    private static partial Regex Changing();
}

/// <summary>
/// Every route that is compiled in, as everybody, with own, foreign and unknown ids, by GET and by POST: what somebody may not see answers
/// as what does not exist, and nothing of it changes (SPEC S8). A new route is tested without a line here, unless its path has a parameter
/// of a new name.
/// </summary>
[Trait("Rule", "S8"), Trait("Rule", "S7")]
public sealed class AskForWhatIsNotYours(FurnishedSite all) : OnFurnishedSite(all)
{
    [Fact]
    public async Task Whoever_may_not_sees_what_does_not_exist_and_changes_nothing()
    {
        await Here.Until(async () => await Here.Scalar<long>("select count(*) from kernel.job where ended_at is null") == 0,
            what: "the jobs did not end");
        await Here.Quiet();
        using var nobody = _site.Somebody();
        using var nora = _site.Somebody();
        using var gus = _site.Somebody();
        using var ada = _site.Somebody();
        await nora.SignIn("nora@mail.example", Password);
        await gus.SignIn("gus@globex.example", Password);
        await ada.SignIn("ada@acme.example", Password);
        using var sam = await SignedIn("sam");
        using var sina = await SignedIn("sina");
        using var otto = await SignedIn("otto");
        var tokens = new Dictionary<SiteVisitor, string>
        {
            [sam] = await sam.Token("/account/api-tokens"),
            [sina] = await sina.Token("/account/api-tokens"),
            [otto] = await otto.Token("/account/api-tokens"),
            [nobody] = await nobody.Token("/sign-in"),
            [nora] = await nora.Token("/account/api-tokens"),
            [gus] = await gus.Token("/account/api-tokens"),
            [ada] = await ada.Token("/account/api-tokens"),
        };
        tokens.Values.ShouldAllBe(t => t.Length > 0);
        var before = await Everything();
        var (routes, told, asked) = (Routes(), new List<string>(), 0);
        routes.Count(r => r.Requires.Permission.IsOfOrganization()).ShouldBeGreaterThan(30);
        // Each route by every stranger when whole, by one of them in turn when small: a route that forgets to ask lets all of them in.
        var (turn, together) = (0, Proof.Size(1, int.MaxValue));
        foreach (var (route, requires) in routes)
            foreach (var method in Methods(route).Split(' ').Where(m => m is "GET" or "POST"))
            {
                turn++;
                var ofOrganization = requires.Permission.IsOfOrganization() || requires.Permission.IsOfSite();
                List<(string, SiteVisitor)> strangers = [("a person", nora), ("another organization's admin", gus),
                    ("another site's admin", sina)];
                if (!PermissionTable.Row(requires.Permission).Roles.Contains(Role.SiteAdmin)) strangers.Add(("a site admin", sam));
                if (!PermissionTable.Row(requires.Permission).Roles.Contains(Role.AccessAdmin))
                    strangers.Add(("a user access admin", otto));
                var named = route.RoutePattern.RawText!;
                if (ofOrganization)
                {
                    foreach (var (who, visitor) in strangers.Where((_, i) => (i + turn) % strangers.Count < together))
                        await Same(visitor, method, Path(route, "acme", "acme"), Path(route, null, null), $"{who}: {method} {named}",
                            "404");
                    await Same(nobody, method, Path(route, "acme", "acme"), Path(route, null, null), $"nobody: {method} {named}",
                        method == "GET" ? "302 /sign-in?" : "401");
                }
                else if (requires.Permission is Permission.OwnAccount
                    && !(await Answer(nobody, method, Path(route, null, null), tokens[nobody]))
                    .StartsWith(method == "GET" && !requires.Bearer ? "302 /sign-in?" : "401", StringComparison.Ordinal))
                    told.Add($"nobody: {method} {named} is let in");
                // Foreign things under the address of the organization that one does administer, or as a person.
                if (route.RoutePattern.Parameters.Any(p => p.Name != "orgId" && !(p.Name == "siteId" && requires.Permission.IsOfSite())
                    && p.Name.EndsWith("Id", StringComparison.Ordinal)))
                {
                    if (ofOrganization)
                        await Same(ada, method, Path(route, "acme", "globex"), Path(route, "acme", null),
                            $"the admin with foreign ids: {method} {named}", null);
                    else await Same(nora, method, Path(route, null, "acme"), Path(route, null, null),
                        $"a person with foreign ids: {method} {named}", null);
                }
            }
        told.ShouldBeEmpty(string.Join('\n', told));
        asked.ShouldBeGreaterThan(200);
        (await Everything()).ShouldBe(before);

        async Task<SiteVisitor> SignedIn(string name)
        {
            var visitor = _site.Somebody();
            await visitor.SignIn($"{name}@acme.test", Password);
            return visitor;
        }

        async Task Same(SiteVisitor visitor, string method, string theirs, string nobodys, string what, string? begins)
        {
            var (one, other) = (await Answer(visitor, method, theirs, tokens[visitor]),
                await Answer(visitor, method, nobodys, tokens[visitor]));
            asked += 2;
            if (one != other) told.Add($"{what}: {one[..Math.Min(200, one.Length)]} but {other[..Math.Min(200, other.Length)]}");
            else if (begins is not null && !one.StartsWith(begins, StringComparison.Ordinal))
                told.Add($"{what}: {one[..Math.Min(100, one.Length)]}");
            else if (begins is null && one[..3] is not ("404" or "302" or "405")) told.Add($"{what}: {one[..Math.Min(100, one.Length)]}");
        }
    }

    const string NoFile = "/users/jobs/{jobId:guid}/users.csv";

    [Fact]
    public async Task The_admin_sees_the_own_so_that_the_paths_of_this_test_are_real()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var (routes, told) = (Routes()
            .Where(r => (r.Requires.Permission.IsOfOrganization() || r.Requires.Permission.IsOfSite()) && Methods(r.Endpoint)
                .Contains("GET", StringComparison.Ordinal)).ToList(), new List<string>());
        foreach (var (route, _) in routes)
            if (await Answer(ada, "GET", Path(route, "acme", "acme"), "") is var answer && answer[..3] is not ("200" or "302" or "405"))
                told.Add($"{route.RoutePattern.RawText}: {answer[..Math.Min(100, answer.Length)]}");
        // A job that claims or invites has no export file, and nobody has a picture: these answer alike to everybody.
        told.Where(t => !t.StartsWith("/o/{orgId:guid}/jobs/{jobId:guid}/accounts.csv", StringComparison.Ordinal)
            && !t.Contains(NoFile, StringComparison.Ordinal) && !t.Contains("picture.webp", StringComparison.Ordinal))
            .ShouldBeEmpty(string.Join('\n', told));
        routes.Count.ShouldBeGreaterThan(30);
    }

    [Fact, Trait("Rule", "U15")]
    public async Task A_file_of_one_site_is_of_the_organizations_own()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var file = $"/o/{_ids["acme"]["orgId"]}/users/users.csv";
        foreach (var site in (string[])[_ids["globex"]["siteId"], $"{Guid.NewGuid()}", "none"])
            (await Answer(ada, "GET", $"{file}?site={site}", "")).ShouldStartWith("404", Case.Sensitive, site);
        (await Answer(ada, "GET", file, "")).ShouldContain("id,Site,Status");
        (await Answer(ada, "GET", $"{file}?site={_ids["acme"]["siteId"]}", "")).ShouldContain("id,Status");
    }

    [Fact, Trait("Rule", "U9")]
    public async Task Site_admins_and_user_access_admins_see_the_own_site_and_decide_about_the_own_app()
    {
        using var sam = _site.Somebody();
        using var otto = _site.Somebody();
        await sam.SignIn("sam@acme.test", Password);
        await otto.SignIn("otto@acme.test", Password);
        var (routes, told) = (Routes()
            .Where(r => r.Requires.Permission.IsOfSite() && Methods(r.Endpoint).Contains("GET", StringComparison.Ordinal)).ToList(),
            new List<string>());
        routes.Count.ShouldBeGreaterThan(7);
        foreach (var (route, requires) in routes)
            foreach (var (who, role, visitor) in ((string, Role, SiteVisitor)[])[
                ("site admin", Role.SiteAdmin, sam), ("access admin", Role.AccessAdmin, otto)])
            {
                var answer = await Answer(visitor, "GET", Path(route, "acme", "acme"), "");
                var may = PermissionTable.Row(requires.Permission).Roles.Contains(role);
                if (route.RoutePattern.RawText is { } named
                    && (named.EndsWith(NoFile, StringComparison.Ordinal) || named.EndsWith("picture.webp", StringComparison.Ordinal)))
                    answer.ShouldStartWith("404");
                else if (may != (answer[..3] is "200" or "302" or "405"))
                    told.Add($"{who}: {route.RoutePattern.RawText}: {answer[..Math.Min(100, answer.Length)]}");
            }
        told.ShouldBeEmpty(string.Join('\n', told));
        var (access, token) = ($"/s/{_ids["acme"]["siteId"]}/users/{_ids["acme"]["accountId"]}/access",
            await otto.Token("/account/api-tokens"));
        await otto.Send(access, token, ("role[jira]", "admin"));
        await otto.Send(access, token, ("role[trello]", "user"));
        (await Here.Rows<string>("select app_id || role from sites.app_grant where site_id = @site order by 1",
            new { site = Guid.Parse(_ids["acme"]["siteId"]) })).ShouldBe(["jira1", "trello1"], "the own app alone");
        // The page of the own site that is asked with the person of another organization.
        (await Answer(sam, "GET", $"/s/{_ids["acme"]["siteId"]}/users/{_ids["globex"]["accountId"]}", "")).ShouldStartWith("404");
    }
}
