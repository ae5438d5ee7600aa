using System.Net;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Users of sites, their roles and groups in the Organizations API (SPEC P1).</summary>
[Trait("Rule", "P1")]
public sealed class OrganizationUsersApi : OnOrganizationsApi
{
    string Users => $"{V2}/directories/-/users";

    async Task<SiteId> TeamSite(string url = "https://team.acme.example")
    {
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", url, By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        return site;
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
            .GetProperty("added_to_org_timestamp").GetString()!.ShouldEndWith("Z");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/stats")).GetProperty("roles")[0].GetProperty("count").GetInt32()
            .ShouldBe(1);
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", $"{Users}/{Liam}");
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Users}/{Liam}")).GetProperty("data").GetProperty("membershipStatus").GetString()
            .ShouldBe("no_membership", "managed, and on no site any more");
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
}
