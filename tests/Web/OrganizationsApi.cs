using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The Organizations API as its clients ask it, and what goes beyond it (SPEC P1).</summary>
[Trait("Rule", "P1")]
public sealed class OrganizationsApi : OnApi
{
    string V1 => $"/admin/v1/orgs/{Acme}";
    string V2 => $"/admin/v2/orgs/{Acme}";
    string Users => $"{V2}/directories/-/users";

    static string? CodeOf(JsonElement fault) => fault.GetProperty("errors")[0].GetProperty("code").GetString();

    async Task<SiteId> TeamSite(string url = "https://team.acme.example")
    {
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", url, By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        return site;
    }

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
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/users?limit=5000")).GetProperty("data").GetArrayLength().ShouldBe(25);
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

    [Fact, Trait("Rule", "D1"), Trait("Rule", "D7")]
    public async Task A_domain_is_added_verified_set_and_removed()
    {
        var added = (await Program.Expect(HttpStatusCode.Created, "POST", $"{V1}/domains", """{"name":"New.Example"}"""))
            .GetProperty("data");
        var (id, attributes) = (added.GetProperty("id").GetGuid(), added.GetProperty("attributes"));
        (attributes.GetProperty("name").GetString(), attributes.GetProperty("claim").GetProperty("status").GetString())
            .ShouldBe(("new.example", "unverified"));
        var one = $"{V1}/domains/{id}";
        var looked = (await Program.Expect(HttpStatusCode.OK, "POST", $"{one}/verify")).GetProperty("data").GetProperty("attributes");
        (looked.GetProperty("state").GetString(), looked.GetProperty("lastCheck").GetProperty("explanation").GetString()!.Length > 10)
            .ShouldBe(("unverified", true), "a failed look is told, never hidden");
        var record = attributes.GetProperty("publish").GetProperty("dns");
        await Here.Grant(new DirectoryPlatform.Domains.AddDemoRecord(record.GetProperty("name").GetString()!, "TXT",
            record.GetProperty("value").GetString()!));
        (await Program.Expect(HttpStatusCode.OK, "POST", $"{one}/verify", """{"method":"dns"}""")).GetProperty("data")
            .GetProperty("attributes").GetProperty("claim").GetProperty("status").GetString().ShouldBe("verified");
        (await Program.Expect(HttpStatusCode.OK, "PUT", $"{one}/claim-setting", """{"automatic":false}""")).GetProperty("data")
            .GetProperty("attributes").GetProperty("automaticClaim").GetBoolean().ShouldBeFalse();
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/domains")).GetProperty("data").GetArrayLength().ShouldBe(2);
        CodeOf(await Program.Expect(HttpStatusCode.Conflict, "POST", $"{V1}/domains", """{"name":"new.example"}"""))
            .ShouldBe("domainAlreadyAdded");
        foreach (var bad in (string[])["", "gmail.com", "co.uk", "10.0.0.1", "x"])
            await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{V1}/domains", new { name = bad });
        await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/verify", """{"method":"pigeon"}""");
        await Program.Expect(HttpStatusCode.BadRequest, "PUT", $"{one}/claim-setting", "{}");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", one);
        await Program.Expect(HttpStatusCode.NotFound, "GET", one);
        await Program.Expect(HttpStatusCode.NotFound, "DELETE", one);
    }

    [Fact, Trait("Rule", "C2"), Trait("Rule", "C7"), Trait("Rule", "C8")]
    public async Task Accounts_are_claimed_and_unclaimed_as_the_preview_said()
    {
        var open = await Here.Organization("open");
        var olga = await Here.Admin(open, "olga@mail.example");
        var domain = await Here.VerifiedDomain(open, "open.example", automatic: false);
        for (var i = 0; i < 3; i++) await Here.Account($"p{i}@open.example");
        using var program = With((await Key(open, olga)).Secret);
        var one = $"/admin/v1/orgs/{open}/domains/{domain}";
        var preview = (await program.Expect(HttpStatusCode.OK, "POST", $"{one}/claim/preview",
            """{"emails":["p0@open.example","nonsense","p1@open.example"]}""")).GetProperty("data").GetProperty("attributes");
        (preview.GetProperty("willChange").GetInt64(), preview.GetProperty("badLineCount").GetInt64()).ShouldBe((2, 1));
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by = @id", new { id = open.Value })).ShouldBe(0);
        var job = await Done(program, await program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/claim"));
        (job.GetProperty("state").GetString(), job.GetProperty("counts").GetProperty("claimed").GetInt64()).ShouldBe(("done", 3));
        (await Here.Scalar<bool?>("select automatic_claim from domains.domain where id = @id", new { id = domain.Value }))
            .ShouldBe(false, "left unsaid, the setting stays");
        using (var results = await program.Client.SendAsync(
            Get(program, $"/admin/v1/orgs/{open}/jobs/{job.GetProperty("id").GetString()}/results")))
            (await results.Content.ReadAsStringAsync()).Split('\n').Count(l => l.Contains("claimed", StringComparison.OrdinalIgnoreCase))
                .ShouldBe(3);
        var undone = await Done(program,
            await program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/unclaim", """{"emails":["p2@open.example"]}"""));
        undone.GetProperty("counts").GetProperty("unclaimed").GetInt64().ShouldBe(1);
        var list = await program.Expect(HttpStatusCode.OK, "GET", $"{one}/exclusions");
        (list.GetProperty("meta").GetProperty("total").GetInt64(), list.GetProperty("data")[0].GetProperty("email").GetString())
            .ShouldBe((1, "p2@open.example"));
        await program.Expect(HttpStatusCode.NoContent, "DELETE",
            $"{one}/exclusions/{list.GetProperty("data")[0].GetProperty("accountId").GetString()}");
        await program.Expect(HttpStatusCode.NoContent, "POST", $"{one}/exclusions", """{"email":"p2@open.example"}""");
        CodeOf(await program.Expect(HttpStatusCode.Conflict, "POST", $"{one}/exclusions", """{"email":"p0@open.example"}"""))
            .ShouldBe("unclaimFirst");
        await program.Expect(HttpStatusCode.NotFound, "POST", $"{one}/exclusions", """{"email":"nobody@open.example"}""");
        var unknown = await program.Expect(HttpStatusCode.NotFound, "DELETE", $"{one}/exclusions/{Guid.NewGuid()}");
        CodeOf(await program.Expect(HttpStatusCode.NotFound, "DELETE", $"{one}/exclusions/{Liam}")).ShouldBe(CodeOf(unknown));
        CodeOf(await program.Expect(HttpStatusCode.Conflict, "POST",
            $"/admin/v1/orgs/{open}/jobs/{undone.GetProperty("id").GetString()}/cancel")).ShouldBe("jobHasEnded");
        (await program.Expect(HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{open}/jobs")).GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    static HttpRequestMessage Get(ApiCaller program, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", program.Last.RequestMessage!.Headers.GetValues("Authorization"));
        return request;
    }

    /// <summary>Asks for the job until it has ended; its attributes with its id.</summary>
    async Task<JsonElement> Done(ApiCaller program, JsonElement accepted)
    {
        var self = program.Last.Headers.Location!.PathAndQuery;
        var job = accepted.GetProperty("data");
        await Here.Until(async () =>
        {
            job = (await program.Expect(HttpStatusCode.OK, "GET", self)).GetProperty("data");
            return job.GetProperty("attributes").TryGetProperty("endedAt", out _);
        }, what: "the job did not end");
        var attributes = job.GetProperty("attributes").EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        attributes["id"] = job.GetProperty("id").GetString()!;
        return JsonSerializer.SerializeToElement(attributes);
    }

    [Fact, Trait("Rule", "U3"), Trait("Rule", "U4"), Trait("Rule", "U5")]
    public async Task Users_are_invited_found_suspended_restored_and_removed()
    {
        var site = await TeamSite();
        var resource = $"ari:cloud:jira::site/{site}";
        var invited = await Program.Expect(HttpStatusCode.OK, "POST", $"{V2}/users/invite",
            new
            {
                emails = (string[])["liam@acme.example", "new@mail.example"],
                permissionRules = (object[])[new { resource, role = "atlassian/user" }],
                notificationText = "Hello"
            });
        invited.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("results")[0].GetProperty("result").GetString())
            .ShouldBe(["added", "invited"]);
        var again = await Program.Expect(HttpStatusCode.PartialContent, "POST", $"{V2}/users/invite",
            new
            {
                emails = (string[])["liam@acme.example", "other@mail.example"],
                permissionRules = (object[])[new { resource, role = "atlassian/user" }]
            });
        again.GetProperty("data")[0].GetProperty("results")[0].GetProperty("code").GetString().ShouldBe("alreadyUserHere");
        Here.Clock.Pass(TimeSpan.FromSeconds(6));
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/count")).GetProperty("count").GetInt64().ShouldBe(3);
        var found = (await Program.Expect(HttpStatusCode.OK, "POST", $"{Users}/search",
            """{"emails":["LIAM@acme.example","ada@acme.example","gus@globex.example"]}""")).GetProperty("data");
        found.EnumerateArray().Select(u => u.GetProperty("email").GetString()).ShouldBe(["liam@acme.example"], "others are no users here");
        (found[0].GetProperty("accountId").GetGuid(), found[0].GetProperty("claimStatus").GetString(), found[0]
            .GetProperty("membershipStatus").GetString()).ShouldBe((Liam.Value, "managed", "active"));
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}?accountIds={Liam},{Gus}")).GetProperty("data").GetArrayLength()
            .ShouldBe(1);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}?status=invited&limit=1")).GetProperty("links").GetProperty("next")
            .GetString()!.Length.ShouldBeGreaterThan(10);
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{Users}/{Liam}/suspend", "{}");
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{Users}/{Liam}/suspend");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/directories/{Acme}/users/{Liam}")).GetProperty("data")
            .GetProperty("sites")[0].GetProperty("membershipStatus").GetString().ShouldBe("suspended");
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{Users}/{Liam}/restore");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/{Liam}/role-assignments")).GetProperty("data")[0]
            .GetProperty("resourceId").GetString().ShouldBe(resource);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/directory/users/{Liam}/last-active-dates")).GetProperty("data")
            .GetProperty("added_to_org").GetString()!.ShouldEndWith("Z");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/stats")).GetProperty("roles")[0].GetProperty("count").GetInt32()
            .ShouldBe(1);
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{Users}/{Liam}");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{Users}/{Liam}");
        await Program.Expect(HttpStatusCode.NotFound, "DELETE", $"{Users}/{Liam}");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{V2}/directories/{Guid.NewGuid()}/users");
        foreach (var (body, status) in ((object, HttpStatusCode)[])[
            (new { emails = Array.Empty<string>() }, HttpStatusCode.BadRequest),
            (new { emails = (string[])["a@b.example"] }, HttpStatusCode.BadRequest),
            (new { emails = (string[])["a@b.example"], permissionRules = (object[])[new { resource, role = "owner" }] },
                HttpStatusCode.BadRequest),
            (new { emails = (string[])["a@b.example"],
                permissionRules = (object[])[new { resource = $"ari:cloud:jira::site/{Guid.NewGuid()}", role = "atlassian/user" }] },
                HttpStatusCode.NotFound),
            (new { emails = (string[])["a@b.example"], permissionRules = (object[])[new { resource, role = "atlassian/user" }],
                additionalGroups = (Guid[])[Guid.NewGuid()] }, HttpStatusCode.NotFound)])
            await Program.Expect(status, "POST", $"{V2}/users/invite", body);
    }

    [Fact, Trait("Rule", "U6")]
    public async Task Roles_and_groups_open_apps()
    {
        var site = await TeamSite();
        var resource = $"ari:cloud:jira::site/{site}";
        await Here.Grant(new InviteUsers(site, ["liam@acme.example"], new Dictionary<string, AppRole>(), [], null, By(Ada)));
        var roles = $"{V1}/users/{Liam}/roles";
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{roles}/assign", new { role = "atlassian/admin", resource });
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/{Liam}/role-assignments")).GetProperty("data")[0].GetProperty("roles")[0]
            .GetString().ShouldBe("atlassian/admin");
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{roles}/revoke", new { role = "atlassian/user", resource });
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/{Liam}/role-assignments")).GetProperty("data").GetArrayLength()
            .ShouldBe(1, "another role than the one revoked stays");
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{roles}/revoke", new { role = "atlassian/admin", resource });
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/{Liam}/role-assignments")).GetProperty("data").GetArrayLength()
            .ShouldBe(0);
        CodeOf(await Program.Expect(HttpStatusCode.Forbidden, "POST", $"{roles}/assign", new { role = "atlassian/org-admin" }))
            .ShouldBe("notForKeys");
        await Program.Expect(HttpStatusCode.NotFound, "POST", $"{V1}/users/{Gus}/roles/assign", new { role = "atlassian/user", resource });

        var groups = $"{V2}/directories/-/groups";
        var group = (await Program.Expect(HttpStatusCode.Created, "POST", groups, """{"name":"Developers","description":"Who builds"}"""))
            .GetProperty("data").GetProperty("id").GetGuid();
        CodeOf(await Program.Expect(HttpStatusCode.Conflict, "POST", groups, """{"name":"developers"}""")).ShouldBe("groupNameTaken");
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{groups}/{group}/memberships", new { accountId = Liam.Value });
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{groups}/{group}/memberships", new { accountId = Liam.Value });
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{groups}/{group}/role-assignments/assign",
            new { role = "atlassian/user", resource });
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{groups}/{group}")).GetProperty("data").GetProperty("roleAssignments")[0]
            .GetProperty("resource").GetString().ShouldBe(resource);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}?groupIds={group}")).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/{Liam}/role-assignments")).GetProperty("data")[0]
            .GetProperty("byGroups")[0].GetString().ShouldBe("Developers");
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{groups}/{group}/role-assignments/revoke",
            new { role = "atlassian/user", resource });
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{groups}/{group}/memberships/{Liam}");
        var (out_, never) = (await Program.Expect(HttpStatusCode.NotFound, "DELETE", $"{groups}/{group}/memberships/{Liam}"),
            await Program.Expect(HttpStatusCode.NotFound, "DELETE", $"{groups}/{group}/memberships/{Guid.NewGuid()}"));
        CodeOf(out_).ShouldBe(CodeOf(never));
        for (var i = 0; i < 3; i++) await Program.Expect(HttpStatusCode.Created, "POST", groups, new { name = $"Team {i}" });
        var first = await Program.Expect(HttpStatusCode.OK, "GET", $"{groups}?limit=3");
        var rest = await Program.Expect(HttpStatusCode.OK, "GET",
            $"{groups}?limit=3&cursor={first.GetProperty("links").GetProperty("next").GetString()}");
        (first.GetProperty("data").GetArrayLength(), rest.GetProperty("data").GetArrayLength()).ShouldBe((3, 1));
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{groups}/{group}");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{groups}/{group}");
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
        (made.GetProperty("attributes").GetProperty("idleMinutes").GetInt32(), made.GetProperty("attributes")
            .GetProperty("passwordStrength").GetString()).ShouldBe((60, "strong"));
        var changed = (await Program.Expect(HttpStatusCode.OK, "PUT", one, """{"twoStepMandatory":true,"version":1}""")).GetProperty("data")
            .GetProperty("attributes");
        (changed.GetProperty("twoStepMandatory").GetBoolean(), changed.GetProperty("name").GetString(), changed.GetProperty("version")
            .GetInt64()).ShouldBe((true, "Contractors", 2));
        CodeOf(await Program.Expect(HttpStatusCode.Conflict, "PUT", one, """{"apiTokens":false,"version":1}""")).ShouldBe("policyStale");
        await Program.Expect(HttpStatusCode.BadRequest, "PUT", one, """{"idleMinutes":1}""");
        await Program.Expect(HttpStatusCode.BadRequest, "PUT", one, """{"passwordStrength":"2"}""");
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
    }
}
