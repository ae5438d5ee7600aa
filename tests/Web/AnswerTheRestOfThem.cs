using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Published operations and members as they are meant: what they do, and what they refuse by name (SPEC P6, P7).</summary>
[Trait("Rule", "P7")]
public sealed class AnswerTheRestOfThem : OnOrganizationsApi
{
    string Access => $"/admin/api-access/v1/orgs/{Acme}";
    string Control => $"/admin/control/v1/orgs/{Acme}/auth-policy";

    static List<string?> All(JsonElement page, string member) =>
        [.. page.GetProperty("data").EnumerateArray().Select(d => d.TryGetProperty(member, out var its) ? its.GetString() : null)];

    [Fact, Trait("Rule", "M8")]
    public async Task All_tokens_of_managed_accounts_are_revoked_by_a_job_and_nobody_elses()
    {
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{Access}/api-tokens");
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft where action = 'revoke-api-tokens'")).ShouldBe(0);
        await Here.Account("tokenless@acme.example", "Tokenless", managedBy: Acme);
        await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)));
        await Here.Grant(new CreateApiToken(Gus, "Foreign", 90, By(Gus)));
        await Here.Grant(new CreateApiToken(Ada, "Unmanaged", 90, By(Ada)));
        using var reader = With((await Key(Acme, Ada, ApiScope.AccountsRead)).Secret);
        await reader.Expect(HttpStatusCode.Forbidden, "DELETE", $"{Access}/api-tokens");
        await Foreign.Expect(HttpStatusCode.NotFound, "DELETE", $"{Access}/api-tokens");
        (await Done(Program, await Program.Expect(HttpStatusCode.Accepted, "DELETE", $"{Access}/api-tokens"))).GetProperty("counts")
            .GetProperty("apiTokensRevoked").GetInt32().ShouldBe(1);
        (await Here.Rows<Guid>("select item from kernel.bulk_item i join kernel.bulk_draft d on d.id = i.draft_id "
            + "where d.action = 'revoke-api-tokens'")).Single().ShouldBe(Liam.Value, "who has no token is not in the list");
        (await Here.Rows<string>("select label from security.api_token where revoked_at is null order by label"))
            .ShouldBe(["Foreign", "Unmanaged"]);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'ApiTokenRevoked'")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'api-tokens-revoked'")).ShouldBe(1);
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{Access}/api-tokens");
    }

    [Fact, Trait("Rule", "P6")]
    public async Task A_span_of_time_is_said_whole_or_refused_by_its_name()
    {
        foreach (var label in (string[])["Old", "Young", "Unused"]) await Here.Grant(new CreateApiToken(Liam, label, 90, By(Liam)));
        await Here.Scalar<int?>("update security.api_token set created_at = '2025-06-01', last_used_at = '2025-07-01' where label = 'Old'");
        await Here.Scalar<int?>("update security.api_token set last_used_at = '2026-02-01' where label = 'Young'");
        async Task<List<string?>> Labels(string query) =>
            [.. All(await Program.Expect(HttpStatusCode.OK, "GET", $"{Access}/api-tokens?{query}"), "label").Order()];
        (await Labels("createdAtSearchType=range&createdAtTo=2026-01-01T00:00:00Z")).ShouldBe(["Old"]);
        (await Labels("createdAtSearchType=range&createdAtFrom=2025-06-01T00:00:00Z&createdAtTo=2025-06-01T00:00:01Z")).ShouldBe(["Old"]);
        (await Labels("createdAtSearchType=range&createdAtFrom=2025-06-01T00:00:01Z")).ShouldBe(["Unused", "Young"]);
        (await Labels("lastActiveAtSearchType=range&lastActiveAtFrom=2025-01-01")).ShouldBe(["Old", "Young"], "one was never used");
        (await Labels("q=OL")).ShouldBe(["Old"]);
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{Access}/api-tokens?sort=createdAt&pageSize=1"), "label").ShouldBe(["Old"]);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Access}/api-tokens/count?q=un")).GetInt32().ShouldBe(2);
        foreach (var (query, by) in ((string, string)[])[
            ("createdAtFrom=2026-01-01", "createdAtSearchType"), ("createdAtSearchType=range", "createdAtSearchType"),
            ("createdAtSearchType=gt&createdAtValue=3&createdAtUom=day", "createdAtSearchType"), ("createdAtUom=day", "createdAtUom"),
            ("lastActiveAtSearchType=range&lastActiveAtFrom=yesterday", "lastActiveAtFrom"), ("sort=label", "sort"),
            ("createdAtSearchType=range&createdAtFrom=1764547200", "createdAtFrom"),
            ("createdAtSearchType=range&createdAtTo=01/12/2026", "createdAtTo"),
            ("status=BLOCKED", "status"), ("limit=5&pageSize=5", "pageSize")])
            foreach (var path in (string[])["api-tokens", "api-tokens/count"])
                if (path == "api-tokens" || by is not ("sort" or "pageSize"))
                    (await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{Access}/{path}?{query}")).ToString().ShouldContain(by);
        (await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{Access}/api-keys?expiresAtTo=2026-01-01")).ToString()
            .ShouldContain("expiresAtSearchType");
    }

    [Fact, Trait("Rule", "S5")]
    public async Task Accounts_are_moved_by_address_and_a_task_says_who_was_not()
    {
        var policy = await Here.Grant(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Contractors" }, By(Ada)));
        var foreign = await Here.Grant(new CreatePolicy(Globex, PolicyDraft.Initial with { Name = "Theirs" }, By(Gus)));
        var mona = await Here.Account("mona@acme.example", "Mona", managedBy: Acme);
        var nora = await Here.Account("nora@acme.example", "Nora", managedBy: Acme);
        var begun = await Program.Expect(HttpStatusCode.Accepted, "POST", $"{Control}/{policy}/add-users",
            """{"users":["LIAM@acme.example","gus@globex.example","no address","mona@acme.example, nora@acme.example"]}""");
        var task = begun.GetProperty("taskId").GetGuid();
        new Uri(begun.GetProperty("taskLink").GetString()!).AbsolutePath.ShouldBe($"{Control}/task/{task}");
        await Here.WorkNow();
        var told = await Program.Expect(HttpStatusCode.OK, "GET", $"{Control}/task/{task}");
        (told.GetProperty("inProgressCount").GetInt32(), told.GetProperty("successCount").GetInt32(),
            told.GetProperty("failureCount").GetInt32()).ShouldBe((0, 1, 3));
        told.GetProperty("failureReasons").EnumerateArray().SelectMany(f => f.GetProperty("emails").EnumerateArray())
            .Select(e => e.GetString())
            .ShouldBe(["gus@globex.example", "no address", "mona@acme.example, nora@acme.example"], ignoreOrder: true);
        foreach (var one in (AccountId[])[mona, nora]) (await Here.Send(new ReadPolicyOf(Acme, one)))!.Id.ShouldNotBe(policy);
        (await Here.Send(new ReadPolicyOf(Acme, Liam)))!.Id.ShouldBe(policy);
        // A day later the addresses are gone and their number is not.
        await Here.Scalar<int?>("update kernel.bulk_draft set bad_lines = '[]' where id = @task", new { task });
        var later = await Program.Expect(HttpStatusCode.OK, "GET", $"{Control}/task/{task}");
        later.GetProperty("failureCount").GetInt32().ShouldBe(3);
        later.GetProperty("failureReasons").EnumerateArray().Single().GetProperty("details").GetProperty("detail").GetString()
            .ShouldStartWith("3 ");
        foreach (var none in (Guid[])[foreign.Value, Guid.NewGuid()])
            await Program.Expect(HttpStatusCode.NotFound, "POST", $"{Control}/{none}/add-users", """{"users":["liam@acme.example"]}""");
        await Foreign.Expect(HttpStatusCode.NotFound, "GET", $"/admin/control/v1/orgs/{Globex}/auth-policy/task/{task}");
        // A job of another kind is no task.
        var export = await Program.Expect(HttpStatusCode.Accepted, "POST", $"{V1}/exports");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{Control}/task/{export.GetProperty("data").GetProperty("id").GetGuid()}");
        CodeOf(await Program.Expect(HttpStatusCode.Conflict, "POST", $"{Control}/{policy}/add-users",
            """{"users":["liam@acme.example"]}""")).ShouldBe("nothingToDo");
        foreach (var body in (string[])["{}", """{"users":[]}""", """{"users":["a\nb"]}""", """{"users":[null]}""", """{"users":null}"""])
            (await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{Control}/{policy}/add-users", body)).ToString()
                .ShouldContain("users", Case.Sensitive, body);
    }

    [Fact, Trait("Rule", "U2")]
    public async Task A_user_is_shown_with_states_roles_and_counts_and_a_managed_one_without_a_site_too()
    {
        await Here.Send(new OfferApps([new("jira", "Jira")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        var jane = await Here.Account("jane@mail.example", "Jane");
        await Here.Grant(new InviteUsers(site, ["liam@acme.example", "jane@mail.example"],
            new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null, By(Ada)));
        await Here.Grant(new AppointSiteAdmin(site, null, "liam@acme.example", By(Ada)));
        await Here.Scalar<int>("insert into security.two_step (account_id, secret, on_since, last_step) values (@a, '', now(), 0), "
            + "(@b, '', now(), 0)", new { a = Liam.Value, b = jane.Value });
        var never = await Here.Account("never@acme.example", "Never", managedBy: Acme);
        async Task<JsonElement> One(AccountId who) =>
            (await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/directories/-/users/{who}")).GetProperty("data");
        var liam = await One(Liam);
        (Text(liam, "status"), Text(liam, "membershipStatus"), liam.GetProperty("emailVerified").GetBoolean(),
            liam.GetProperty("mfaEnabled").GetBoolean(), Text(liam.GetProperty("platformRoles")[0]),
            liam.GetProperty("counts").GetProperty("resources").GetInt32())
            .ShouldBe(("active", "active", true, true, "atlassian/site-admin", 1));
        (await One(jane)).TryGetProperty("mfaEnabled", out _).ShouldBeFalse("whether others have it is nobody's business");
        var alone = await One(never);
        (Text(alone, "status"), Text(alone, "membershipStatus"), alone.TryGetProperty("addedToOrg", out _))
            .ShouldBe(("not_invited", "no_membership", false));
        await Here.Grant(new DeactivateAccount(never, Acme, null, null, true, By(Ada)));
        Text(await One(never), "status").ShouldBe("deactivated");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{V1}/directory/users/{never}/last-active-dates");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{V2}/directories/-/users/{Gus}");
        // What was not asked for is not there.
        var found = (await Program.Expect(HttpStatusCode.OK, "POST", $"{V2}/directories/-/users/search",
            """{"expand":["productAccess"],"accountIds":["LIAM"]}""".Replace("LIAM", $"{Liam}", StringComparison.Ordinal)))
            .GetProperty("data")[0];
        Text(found.GetProperty("productAccess")[0], "key").ShouldBe("jira");
        foreach (var member in (string[])["groups", "platformRoles", "counts"]) found.TryGetProperty(member, out _).ShouldBeFalse(member);
        (await Program.Expect(HttpStatusCode.OK, "POST", $"{V1}/users/search", """{"accountIds":["LIAM"]}"""
            .Replace("LIAM", $"{Liam}", StringComparison.Ordinal))).GetProperty("data")[0].EnumerateObject().Select(m => m.Name)
            .ShouldBe(["accountId", "accountType", "accountStatus", "statusInUserbase"]);
        foreach (var bad in (string[])["""{"emailUsernames":{"eq":["a"],"contains":"b"}}""", """{"emailDomains":{"eq":["no domain"]}}""",
            """{"emailDomains":{"contains":"münchen"}}""", """{"namesOrNicknames":{"eq":[]}}""",
            """{"namesOrNicknames":{"contains":" "}}""", """{"namesOrNicknames":{"is":"a"}}"""])
            (await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{V1}/users/search", bad)).ToString()
                .ShouldContain(bad.Split('"')[1], Case.Sensitive, bad);
        // A name is the same in any letter case, and no other with accents taken away.
        await Here.Account("jose@acme.example", "José", managedBy: Acme);
        async Task<int> Named(string name) => (await Program.Expect(HttpStatusCode.OK, "POST", $"{V1}/users/search",
            new { namesOrNicknames = new { eq = (string[])[name] } })).GetProperty("data").GetArrayLength();
        (await Named("jose"), await Named("JosÉ")).ShouldBe((0, 1));
    }

    [Fact, Trait("Rule", "M1")]
    public async Task Managed_accounts_are_found_by_the_status_that_the_answer_says()
    {
        var gone = await Here.Account("gone@acme.example", "Gone", managedBy: Acme);
        await Here.Grant(new ScheduleDeletion(gone, Acme, By(Ada)));
        var off = await Here.Account("off@acme.example", "Off", managedBy: Acme);
        await Here.Grant(new DeactivateAccount(off, Acme, null, null, true, By(Ada)));
        async Task<List<(string?, string?)>> Found(string query)
        {
            var page = await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/users?{query}");
            return [.. All(page, "email").Zip(All(page, "account_status"))];
        }
        (await Found("status=inactive")).ShouldBe([("gone@acme.example", "inactive"), ("off@acme.example", "inactive")], ignoreOrder: true);
        (await Found("status=active")).ShouldBe([("liam@acme.example", "active")]);
        (await Found("status=active,inactive")).Count.ShouldBe(3);
        (await Found("status=closed")).ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "L4")]
    public async Task Events_are_found_by_several_actors_and_by_a_former_address()
    {
        await Here.Grant(new GiveEmail(Liam, Acme, "liam.new@acme.example", By(Ada)));
        await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)));
        async Task<int> Count(string query) => (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/events?limit=1000&{query}"))
            .GetProperty("data").GetArrayLength();
        var (ada, liam) = (await Count($"actor={Ada}"), await Count($"actor={Liam}"));
        (ada > 0, liam > 0).ShouldBe((true, true));
        foreach (var both in (string[])[$"actor={Ada}&actor={Liam}", $"actor={Ada},{Liam}", $"actor=ada@acme.example,liam@acme.example",
            $"actor=ada@acme.example&actor={Liam}&actor=nobody@acme.example"]) (await Count(both)).ShouldBe(ada + liam, both);
        (await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{V1}/events?actor={Ada},x")).ToString().ShouldContain("actor");
        // By what was theirs once, too; that an erasure ends it is held by ScanTheAuditLog.
        foreach (var query in (string[])["actor=liam@acme.example", "actor=liam.new@acme.example", "q=liam@acme.example"])
            (await Count(query)).ShouldBeGreaterThan(0, query);
    }

    [Fact, Trait("Rule", "P4")]
    public async Task A_page_of_accounts_makes_few_round_trips()
    {
        // Once before, so that nothing is made for the first time. Two are for the key, which a lane's nodes do not remember.
        await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/users?limit=50");
        using var trips = new RoundTrips(Here);
        await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/users?limit=50");
        trips.Sent.ShouldNotBeEmpty();
        trips.ShouldBeAtMost(5);
    }

    [Fact]
    public async Task A_place_in_a_list_that_is_none_is_told_by_the_status()
    {
        await Here.Grant(new GivePassword([Ada], "correct horse"));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", "correct horse");
        foreach (var path in (string[])["members", "users", "groups", "audit-log", "jobs"])
        {
            using var broken = await ada.Get($"/o/{Acme}/{path}?at=nonsense");
            broken.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
            using var whole = await ada.Get($"/o/{Acme}/{path}");
            whole.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    static string? Text(JsonElement value) => value.GetString();

    static string? Text(JsonElement of, string member) => of.GetProperty(member).GetString();
}
