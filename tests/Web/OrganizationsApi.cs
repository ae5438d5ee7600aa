using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The Organizations API as its clients ask it, and what goes beyond it (SPEC P1).</summary>
[Trait("Rule", "P1")]
public sealed class OrganizationsApi : OnOrganizationsApi
{
    [Fact]
    public async Task A_key_sees_its_one_organization()
    {
        var orgs = await Program.Expect(HttpStatusCode.OK, "GET", "/admin/v1/orgs");
        orgs.GetProperty("data").GetArrayLength().ShouldBe(1);
        var one = orgs.GetProperty("data")[0];
        (one.GetProperty("id").GetGuid(), one.GetProperty("type").GetString(), one.GetProperty("attributes").GetProperty("name")
            .GetString()).ShouldBe((Acme.Value, "orgs", "acme"));
        (await Program.Expect(HttpStatusCode.OK, "GET", V1)).GetProperty("data").GetProperty("id").GetGuid().ShouldBe(Acme.Value);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/directories")).GetProperty("data")[0].GetProperty("directoryId").GetGuid()
            .ShouldBe(Acme.Value);
        var fault = await Program.Expect(HttpStatusCode.NotFound, "GET", $"/admin/v1/orgs/{Globex}");
        var error = fault.GetProperty("errors")[0];
        error.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "status", "code", "title", "detail"]);
        (error.GetProperty("status").GetString(), error.GetProperty("id").GetString())
            .ShouldBe(("404", Program.Last.Headers.GetValues("X-Request-Id").Single()));
    }

    [Fact, Trait("Rule", "M1")]
    public async Task Managed_accounts_come_page_by_page_each_once()
    {
        for (var i = 0; i < 24; i++) await Here.Account($"p{i:00}@acme.example", $"Person {i:00}", managedBy: Acme);
        Here.Clock.Pass(TimeSpan.FromSeconds(6));
        var (seen, next) = (new List<string>(), (string?)$"{V1}/users?limit=10");
        for (var pages = 0; next is not null; pages++)
        {
            var page = await Program.Expect(HttpStatusCode.OK, "GET", next);
            page.GetProperty("meta").GetProperty("total").GetInt64().ShouldBe(25);
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(a => a.GetProperty("email").GetString()!));
            next = page.GetProperty("links").TryGetProperty("next", out var link) ? new Uri(link.GetString()!).PathAndQuery : null;
            pages.ShouldBeLessThan(3);
        }
        seen.Count.ShouldBe(25);
        seen.Distinct().Count().ShouldBe(25);
        var account = (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/users?searchTerm=person+07")).GetProperty("data")[0];
        (account.GetProperty("account_type").GetString(), account.GetProperty("account_status").GetString(),
            account.GetProperty("access_billable").GetBoolean()).ShouldBe(("atlassian", "active", true));
        foreach (var bad in (string[])["0", "-1", "x", "1e3"])
            await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{V1}/users?limit={bad}");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/users?limit=1000")).GetProperty("data").GetArrayLength().ShouldBe(25);
    }

    [Fact, Trait("Rule", "P6")]
    public async Task A_cursor_that_the_list_has_not_given_is_refused_by_name()
    {
        await Here.Seed("acme.example", 3);
        foreach (var path in (string[])[$"{V1}/users", $"{V1}/jobs", $"{V1}/events", $"{V1}/events-stream", $"{V2}/directories/-/users",
            $"{V2}/directories/-/groups"])
            foreach (var cursor in (string[])["nonsense", "%21", new KeysetCursor("other", ListSort.Name, false, ["a"], Guid.Empty, false)
                .ToString(), new KeysetCursor("users", ListSort.Email, false, ["a"], Guid.Empty, false).ToString()])
                CodeOf(await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{path}?cursor={cursor}")).ShouldBe("brokenCursor");
    }

    [Fact, Trait("Rule", "P6")]
    public async Task Jobs_come_in_pages_newest_first()
    {
        await Here.Seed("acme.example", 3);
        var domain = (await Here.Send(new ReadDomains(Acme))).First().Id;
        for (var i = 0; i < 3; i++)
        {
            await Program.Expect(HttpStatusCode.Accepted, "POST", $"{V1}/domains/{domain}/claim", "{}");
            await Here.Quiet();
        }
        var (seen, next) = (new List<string?>(), (string?)$"{V1}/jobs?limit=2");
        while (next is not null)
        {
            var page = await Program.Expect(HttpStatusCode.OK, "GET", next);
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(j => j.GetProperty("id").GetString()));
            next = page.GetProperty("links").TryGetProperty("next", out var link) ? new Uri(link.GetString()!).PathAndQuery : null;
        }
        seen.ShouldBe((await Here.Rows<Guid>("select id from kernel.job where organization_id = @id order by asked_at desc, id desc",
            new { id = Acme.Value })).Select(id => $"{id}"));
    }

    [Fact, Trait("Rule", "S5")]
    public async Task Policies_are_made_changed_filled_and_deleted()
    {
        var all = $"{V1}/authentication-policies";
        (await Program.Expect(HttpStatusCode.OK, "GET", all)).GetProperty("data")[0].GetProperty("attributes").GetProperty("isDefault")
            .GetBoolean().ShouldBeTrue();
        var made = (await Program.Expect(HttpStatusCode.Created, "POST", all,
            """{"name":"Contractors","idleMinutes":60,"passwordStrength":"strong"}""")).GetProperty("data");
        var one = $"{all}/{made.GetProperty("id").GetString()}";
        var first = await Program.Expect(HttpStatusCode.OK, "GET", $"{all}?limit=1");
        var next = await Program.Expect(HttpStatusCode.OK, "GET", new Uri(first.GetProperty("links").GetProperty("next").GetString()!)
            .PathAndQuery);
        next.GetProperty("data").EnumerateArray().Concat(first.GetProperty("data").EnumerateArray())
            .Select(p => p.GetProperty("attributes").GetProperty("name").GetString()).Distinct().Count().ShouldBe(2);
        (made.GetProperty("attributes").GetProperty("idleMinutes").GetInt32(), made.GetProperty("attributes")
            .GetProperty("passwordStrength").GetString()).ShouldBe((60, "strong"));
        var changed = (await Program.Expect(HttpStatusCode.OK, "PUT", one, """{"twoStepMandatory":true,"version":1}""")).GetProperty("data")
            .GetProperty("attributes");
        (changed.GetProperty("twoStepMandatory").GetBoolean(), changed.GetProperty("name").GetString(), changed.GetProperty("version")
            .GetInt64()).ShouldBe((true, "Contractors", 2));
        CodeOf(await Program.Expect(HttpStatusCode.Conflict, "PUT", one, """{"apiTokens":false,"version":1}""")).ShouldBe("policyStale");
        await Program.Expect(HttpStatusCode.BadRequest, "PUT", one, """{"idleMinutes":1}""");
        foreach (var strength in (string[])["2", "+0", "-0", " 0", " weak", "weak,fair", "weak, fair", ""])
            await Program.Expect(HttpStatusCode.BadRequest, "PUT", one, new { passwordStrength = strength });
        (await Program.Expect(HttpStatusCode.OK, "POST", $"{one}/members", new { accountIds = (Guid[])[Liam.Value] })).GetProperty("data")
            .GetProperty("moved").GetInt32().ShouldBe(1);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{one}/members")).GetProperty("data")[0].GetProperty("account_id").GetGuid()
            .ShouldBe(Liam.Value);
        await Program.Expect(HttpStatusCode.NotFound, "POST", $"{one}/members", new { accountIds = (Guid[])[Liam.Value, Gus.Value] });
        await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/members", "{}");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", one);
        await Program.Expect(HttpStatusCode.NotFound, "GET", one);
    }

    [Fact, Trait("Rule", "M9")]
    public async Task An_export_is_begun_waited_for_and_fetched()
    {
        var job = await Done(Program, await Program.Expect(HttpStatusCode.Accepted, "POST", $"{V1}/exports", """{"searchTerm":"liam"}"""));
        var one = $"{V1}/exports/{job.GetProperty("id").GetString()}";
        (await Program.Expect(HttpStatusCode.OK, "GET", one)).GetProperty("data").GetProperty("attributes").GetProperty("rows").GetInt64()
            .ShouldBe(1);
        using var file = await Program.Client.SendAsync(Get(Program, $"{one}/file"));
        (await file.Content.ReadAsStringAsync()).ShouldContain("liam@acme.example");
        file.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{V1}/exports/{Guid.NewGuid()}/file");
        await Program.Expect(HttpStatusCode.NotFound, "POST", $"{V1}/exports", new { domainId = Guid.NewGuid() });
        // Nothing makes the file wider than it was asked for.
        foreach (var (bad, member) in ((string, string)[])[("""{"searchTerm":""}""", "searchTerm"),
            ("""{"searchTerm":null}""", "searchTerm"),
            ("""{"searchTerm":"\u200b"}""", "searchTerm"), ("""{"emailDomain":"not a domain"}""", "emailDomain"),
            ($$"""{"domainId":"{{Guid.NewGuid()}}","searchTerm":"liam"}""", "domainId")])
            (await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{V1}/exports", bad)).ToString().ShouldContain(member);
    }

    /// <summary>Whoever may see jobs knows the number of each, whatever its file holds.</summary>
    [Fact, Trait("Rule", "M9"), Trait("Rule", "U8"), Trait("Rule", "U15")]
    public async Task A_file_of_accounts_is_fetched_by_the_scope_that_shows_them_and_one_of_users_by_none()
    {
        var team = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        var domain = (await Here.Send(new ReadDomains(Acme))).Single().Id;
        var files = new List<(JobId Job, bool OfAccounts)>();
        foreach (var scope in (ExportScope[])[new(ManagedAccountFilter.Everybody), new(ManagedAccountFilter.Everybody, domain),
            ExportScope.Of(team, UserFilter.Everybody, false), ExportScope.Of(null, UserFilter.Everybody, false)])
        {
            var job = await Here.Grant(new BeginExport(Acme, scope, By(Ada)));
            await Here.Walk(job);
            await Here.Grant(new ReadExport(Acme, job));
            files.Add((job, scope.Users is null));
        }
        foreach (var scope in ApiScopes.All)
        {
            using var caller = With((await Key(Acme, Ada, scope)).Secret);
            foreach (var (job, ofAccounts) in files)
                foreach (var what in (string[])["", "/file"])
                {
                    Here.Clock.Pass(TimeSpan.FromSeconds(1));
                    await caller.Expect(scope is not (ApiScope.AccountsRead or ApiScope.AccountsManage) ? HttpStatusCode.Forbidden
                        : ofAccounts ? HttpStatusCode.OK : HttpStatusCode.NotFound, "GET", $"{V1}/exports/{job}{what}");
                }
        }
    }
}
