using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Operations and shapes as they are published, for clients that were written for somebody else's host (SPEC P1, P7).</summary>
[Trait("Rule", "P7")]
public sealed class PublishedOperations : OnOrganizationsApi
{
    string Groups => $"{V2}/directories/-/groups";
    string Users => $"{V2}/directories/-/users";

    async Task<SiteId> NewSite(string name, params string[] apps)
    {
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        var site = await Here.Grant(new CreateSite(Acme, name, $"https://{name.ToLowerInvariant()}.acme.example", By(Ada)));
        foreach (var app in apps) await Here.Grant(new PutAppOnSite(site, app, By(Ada)));
        return site;
    }

    static List<string?> All(JsonElement page, string member) =>
        [.. page.GetProperty("data").EnumerateArray().Select(d => d.GetProperty(member).GetString())];

    [Fact]
    public async Task Workspaces_are_the_apps_on_the_organizations_own_sites()
    {
        var (team, desk) = (await NewSite("Team", "jira", "trello"), await NewSite("Desk", "jira"));
        var path = $"{V2}/workspaces";
        string Of(string app, SiteId site) => $"ari:cloud:{app}::site/{site}";
        async Task<List<string?>> Ids(object? body) => All(await Program.Expect(HttpStatusCode.OK, "POST", path, body), "id");
        (await Ids(null)).ShouldBe([Of("jira", desk), Of("jira", team), Of("trello", team)], ignoreOrder: true);
        (await Ids("""{"query":{"field":{"name":"attributes.typeKey","values":["trello"]}}}""")).ShouldBe([Of("trello", team)]);
        (await Ids("""{"query":{"searchWorkspaces":"DESK.acme"}}""")).ShouldBe([Of("jira", desk)]);
        (await Ids("""
            {"query":{"and":[{"field":{"name":"attributes.typeKey","values":["jira"]}},
              {"nor":[{"field":{"name":"attributes.name","values":["Desk"]}}]}]}}
            """)).ShouldBe([Of("jira", team)]);
        (await Ids("""{"sort":[{"field":"attributes.name","order":"desc"},{"field":"attributes.typeKey","order":"desc"}]}"""))
            .ShouldBe([Of("trello", team), Of("jira", team), Of("jira", desk)]);
        // Page by page, by the cursor alone.
        var first = await Program.Expect(HttpStatusCode.OK, "POST", path,
            """{"limit":1,"query":{"field":{"name":"attributes.typeKey","values":["jira"]}}}""");
        var next = await Program.Expect(HttpStatusCode.OK, "POST", path,
            new { cursor = first.GetProperty("links").GetProperty("next").GetString() });
        (All(first, "id")[0], All(next, "id").Count, next.GetProperty("links").TryGetProperty("next", out _))
            .ShouldBe((Of("jira", desk), 1, false));
        foreach (var bad in (string[])["{}", "[]", """{"field":{"name":"attributes.color","values":["red"]}}""",
            """{"field":{"name":"id","values":[]}}""", """{"and":[]}""", """{"or":[{"searchWorkspaces":"x"}]}""",
            """{"searchWorkspaces":"x","value":"y"}""",
            """{"searchWorkspaces":"\ud800"}""", """{"\ud800":"x"}""", """{"field":{"name":"id","values":["\ud800"]}}""",
            """{"and":[{"searchWorkspaces":"x"},{"policy":{}}]}"""])
            (await Program.Expect(HttpStatusCode.BadRequest, "POST", path, $$"""{"query":{{bad}}}""")).ToString().ShouldContain("query");
        All(await Foreign.Expect(HttpStatusCode.OK, "POST", $"/admin/v2/orgs/{Globex}/workspaces"), "id").ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "U6")]
    public async Task Groups_take_both_bodies_and_say_what_they_open()
    {
        var site = await NewSite("Team", "jira", "trello");
        var (jira, trello) = ($"ari:cloud:jira::site/{site}", $"ari:cloud:trello::site/{site}");
        var group = (await Program.Expect(HttpStatusCode.Created, "POST", Groups, """{"name":"Writers"}""")).GetProperty("data")
            .GetProperty("id").GetGuid();
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{Groups}/{group}/role-assignments/assign",
            new { roleId = "atlassian/user", resourceId = jira });
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{Groups}/{group}/role-assignments/assign",
            new { role = "atlassian/admin", resource = trello });
        await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{Groups}/{group}/role-assignments/assign",
            new { role = "atlassian/user", roleId = "atlassian/admin", resource = jira });
        var roles = $"{Groups}/{group}/role-assignments";
        All(await Program.Expect(HttpStatusCode.OK, "GET", roles), "resourceId").ShouldBe([jira, trello], ignoreOrder: true);
        foreach (var filter in (string[])["resourceOwners=jira", "roleIds=atlassian/user", $"resourceIds={jira}"])
            All(await Program.Expect(HttpStatusCode.OK, "GET", $"{roles}?{filter}"), "resourceId").ShouldBe([jira]);
        var first = await Program.Expect(HttpStatusCode.OK, "GET", $"{roles}?limit=1");
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{roles}?cursor={first.GetProperty("links").GetProperty("next").GetString()}"),
            "resourceId").Count.ShouldBe(1);
        var stats = (await Program.Expect(HttpStatusCode.OK, "GET", $"{Groups}/stats")).GetProperty("totals");
        (stats.GetProperty("all").GetInt32(), stats.GetProperty("synced").GetInt32()).ShouldBe((1, 0));
        // Another role than the group has is none to take.
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{roles}/revoke", new { roleId = "atlassian/admin", resourceId = jira });
        All(await Program.Expect(HttpStatusCode.OK, "GET", roles), "resourceId").Count.ShouldBe(2);
        await Program.Expect(HttpStatusCode.NoContent, "POST", $"{roles}/revoke", new { roleId = "atlassian/user", resourceId = jira });
        All(await Program.Expect(HttpStatusCode.OK, "GET", roles), "resourceId").ShouldBe([trello]);
    }

    [Fact, Trait("Rule", "U3"), Trait("Rule", "U12")]
    public async Task An_invitation_mails_nobody_when_it_is_told_so_and_groups_alone_say_where_to()
    {
        var site = await NewSite("Team", "jira");
        var group = await Here.Grant(new CreateGroup(Acme, "Writers", null, By(Ada)));
        var rule = (object[])[new { resource = $"ari:cloud:jira::site/{site}", role = "atlassian/user" }];
        Task<long> Mails() => Here.Scalar<long>("select count(*) from kernel.mail where template in ('invitation', 'added-to-site')");
        var quiet = await Program.Expect(HttpStatusCode.OK, "POST", $"{V2}/users/invite",
            new { emails = (string[])["liam@acme.example", "new@mail.example"], permissionRules = rule, sendNotification = false });
        (await Mails()).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from sites.invitation where sent_at is null")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where after->>'notification' = 'none'")).ShouldBe(2);
        var each = quiet.GetProperty("data");
        (each[0].GetProperty("id").GetGuid(), each[1].TryGetProperty("id", out _)).ShouldBe((Liam.Value, false));
        each[0].GetProperty("results")[0].GetProperty("roleAssignmentResult")[0].GetProperty("status").GetString().ShouldBe("INVITED");
        All(await Program.Expect(HttpStatusCode.OK, "GET", Users), "status").ShouldBe(["active", "invited"]);
        var refused = await Program.Expect(HttpStatusCode.PartialContent, "POST", $"{V2}/users/invite",
            new { emails = (string[])["liam@acme.example"], permissionRules = rule, sendNotification = true });
        refused.GetProperty("data")[0].GetProperty("results")[0].GetProperty("roleAssignmentResult")[0].GetProperty("status").GetString()
            .ShouldBe("ERROR");
        // A group that opens nothing says nothing about where to.
        (await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{V2}/users/invite",
            new { emails = (string[])["by@mail.example"], additionalGroups = (Guid[])[group.Value] })).ToString()
            .ShouldContain("additionalGroups");
        await Here.Grant(new GiveGroupAccess(Acme, group, site, "jira", AppRole.User, By(Ada)));
        await Program.Expect(HttpStatusCode.OK, "POST", $"{V2}/users/invite",
            new { emails = (string[])["by@mail.example"], additionalGroups = (Guid[])[group.Value] });
        (await Mails()).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where after->>'notification' = 'none'")).ShouldBe(2);
        var waits = await Here.Scalar<Guid>("select id from sites.invitation where sent_at is null");
        (await Here.Grant(new ReadWaitingInvitation(site, new(waits)))).SentAt.ShouldBeNull();
        await Here.Grant(new ResendInvitation(site, new(waits), By(Ada)));
        (await Here.Grant(new ReadWaitingInvitation(site, new(waits)))).SentAt.ShouldNotBeNull();
    }

    [Fact, Trait("Rule", "U4"), Trait("Rule", "U5")]
    public async Task Users_are_suspended_restored_and_removed_by_the_old_paths_too()
    {
        var site = await NewSite("Team", "jira");
        await Here.Grant(new InviteUsers(site, ["liam@acme.example"], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null,
            By(Ada)));
        var old = $"{V1}/directory/users/{Liam}";
        foreach (var (verb, status) in ((string, string)[])[("suspend-access", "suspended"), ("restore-access", "active")])
        {
            await Program.Expect(HttpStatusCode.NoContent, "POST", $"{old}/{verb}");
            All(await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}?accountIds={Liam}"), "membershipStatus").ShouldBe([status]);
        }
        await Here.Scalar<int>("update sites.site_member set last_active_at = now()");
        var dates = await Program.Expect(HttpStatusCode.OK, "GET", $"{old}/last-active-dates");
        var added = dates.GetProperty("data").GetProperty("added_to_org_timestamp").GetDateTime();
        dates.GetProperty("data").GetProperty("added_to_org").GetString().ShouldBe($"{added:yyyy-MM-dd}");
        dates.GetProperty("data").GetProperty("product_access").GetArrayLength().ShouldBe(0, "the site was used, the app never");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", old);
        await Program.Expect(HttpStatusCode.NotFound, "DELETE", old);
        await Foreign.Expect(HttpStatusCode.NotFound, "DELETE", $"/admin/v1/orgs/{Globex}/directory/users/{Liam}");
    }

    [Fact, Trait("Rule", "M8")]
    public async Task Tokens_and_keys_of_the_organization_are_listed_and_keys_revoked()
    {
        var token = (await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)))).Token.Id;
        await Here.Grant(new CreateApiToken(Gus, "Foreign", 90, By(Gus)));
        var other = (await Key(Acme, Ada, ApiScope.JobsRead)).Key.Id;
        var access = $"/admin/api-access/v1/orgs/{Acme}";
        var tokens = await Program.Expect(HttpStatusCode.OK, "GET", $"{access}/api-tokens");
        (All(tokens, "id").Single(), tokens.GetProperty("data")[0].GetProperty("user").GetProperty("email").GetString())
            .ShouldBe(($"{token}", "liam@acme.example"));
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{access}/api-tokens?q=liam"), "id").Count.ShouldBe(1);
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{access}/api-tokens?q=ada"), "id").ShouldBeEmpty();
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{access}/api-keys"), "id").ShouldContain($"{other}");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{access}/api-keys")).ToString().ShouldNotContain("secret");
        using var reader = With((await Key(Acme, Ada, ApiScope.KeysRead)).Secret);
        await reader.Expect(HttpStatusCode.Forbidden, "DELETE", $"{access}/api-keys/{other}");
        await Foreign.Expect(HttpStatusCode.NotFound, "DELETE", $"/admin/api-access/v1/orgs/{Globex}/api-keys/{other}");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{access}/api-keys/{other}");
        await Program.Expect(HttpStatusCode.NotFound, "DELETE", $"{access}/api-keys/{other}");
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{access}/api-keys"), "id").ShouldNotContain($"{other}");
    }

    [Fact, Trait("Rule", "P2")]
    public async Task Links_to_a_directory_are_found_and_parted()
    {
        var made = await Here.Grant(new CreateIdentityDirectory(Acme, Ada, "Entra ID", By(Ada)));
        using var provider = new ScimCaller(Site.Somebody().Client, made.Directory.Id, made.Token, Here.Clock);
        async Task<Guid> Provided(string name) => await provider.Create(new
        {
            schemas = (string[])["urn:ietf:params:scim:schemas:core:2.0:User"],
            userName = $"{name}@acme.example",
            externalId = name,
        });
        var (mia, max) = (await Provided("mia"), await Provided("max"));
        var links = $"/admin/user-provisioning/v1/org/{Acme}";
        foreach (var found in (JsonElement[])[
            await Program.Expect(HttpStatusCode.OK, "GET", $"{links}/user/{mia}/get-scim-links"),
            await Program.Expect(HttpStatusCode.OK, "POST", $"{links}/get-scim-links-for-email", """{"email":"MIA@acme.example"}""")])
        {
            var link = found.GetProperty("scimLinks")[0];
            (link.GetProperty("directoryId").GetGuid(), link.GetProperty("scimUserId").GetGuid()).ShouldBe((made.Directory.Id.Value, mia));
        }
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{links}/user/{Liam}/get-scim-links");
        await Program.Expect(HttpStatusCode.NotFound, "POST", $"{links}/get-scim-links-for-email", """{"email":"gus@globex.example"}""");
        await Foreign.Expect(HttpStatusCode.NotFound, "GET", $"/admin/user-provisioning/v1/org/{Globex}/user/{mia}/get-scim-links");
        await Program.Expect(HttpStatusCode.NotFound, "PATCH", $"{links}/scimDirectoryId/{Guid.NewGuid()}/scimUserId/{mia}/unlink");
        await Program.Expect(HttpStatusCode.NoContent, "PATCH", $"{links}/scimDirectoryId/{made.Directory.Id}/scimUserId/{mia}/unlink");
        await Program.Expect(HttpStatusCode.NotFound, "GET", $"{links}/user/{mia}/get-scim-links");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{links}/user/{max}/onlyDeleteUserInDB");
        await Program.Expect(HttpStatusCode.NotFound, "DELETE", $"{links}/user/{max}/onlyDeleteUserInDB");
        (await Here.Grant(new ReadAccount(new(max)))).State.ShouldBe(AccountState.Active, "it stays as it is");
        // The program knows only JSON, and is answered so, and nobody else is.
        foreach (var (accept, type) in ((string, string)[])[("application/json", "application/json"),
            ("application/json;q=0.9, application/scim+json", "application/scim+json"), ("*/*", "application/scim+json"),
            ("text/html, application/json", "application/json")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/scim/directory/{made.Directory.Id}/Users/{Guid.NewGuid()}");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {made.Token}");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await Program.Client.SendAsync(request);
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.NotFound, type), accept);
        }
        // Whoever did it, there is an actor.
        var actors = (await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/events?limit=1000")).GetProperty("data").EnumerateArray()
            .Select(e => e.GetProperty("attributes").GetProperty("actor")).ToList();
        actors.Select(a => a.GetProperty("type").GetString()).Distinct().ShouldBe(["user", "directory", "platform"], ignoreOrder: true);
        actors.ShouldContain(a => a.GetProperty("id").GetString() == $"{made.Directory.Id}"
            && a.GetProperty("name").GetString() == "Entra ID");
        actors.Any(a => a.TryGetProperty("auth", out _)).ShouldBeTrue("by a key, in the person's name");
    }

    [Fact]
    public async Task Version_2_shows_domains_and_events_and_the_organization_what_belongs_to_it()
    {
        var domain = All(await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/domains"), "id").Single();
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/domains/{domain}")).GetProperty("data").GetProperty("id").GetString()
            .ShouldBe(domain);
        var at = All(await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/events?limit=1"), "id").Single();
        await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/events/{at}");
        foreach (var organization in (JsonElement[])[(await Program.Expect(HttpStatusCode.OK, "GET", V1)).GetProperty("data"),
            (await Program.Expect(HttpStatusCode.OK, "GET", "/admin/v1/orgs")).GetProperty("data")[0]])
            organization.GetProperty("relationships").GetProperty("users").GetProperty("links").GetProperty("related").GetString()
                .ShouldEndWith($"{V1}/users");
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/directories?searchTerm=ACME"), "directoryId").Count.ShouldBe(1);
        All(await Program.Expect(HttpStatusCode.OK, "GET", $"{V2}/directories?directoryIds={Globex}"), "directoryId").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_left_out_says_why()
    {
        var left = Operations.All.Where(o => o.LeftOut is not null).ToList();
        left.Count.ShouldBeGreaterThan(10);
        foreach (var operation in left)
        {
            var path = operation.Path.Replace("{orgId}", $"{Acme}", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal)
                .Replace("}", "", StringComparison.Ordinal);
            var fault = await Program.Expect(HttpStatusCode.NotImplemented, operation.Method, path,
                operation.Method == "GET" ? null : "{}");
            fault.GetProperty("errors")[0].GetProperty("detail").GetString().ShouldBe(operation.LeftOut);
        }
    }
}
