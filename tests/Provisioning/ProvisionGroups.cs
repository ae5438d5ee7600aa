using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Groups that a provider makes and fills (SPEC P2), in the order in which Microsoft
/// Entra's and Okta's documentation has them asked.</summary>
[Trait("Rule", "P2")]
public sealed class ProvisionGroups : OnScim
{
    static readonly string[] PatchOp = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    GroupSchema = ["urn:ietf:params:scim:schemas:core:2.0:Group"];

    Task<JsonElement> Patch(Guid group, params object[] operations) => Patched(HttpStatusCode.OK, group, operations);

    Task<JsonElement> Patched(HttpStatusCode status, Guid group, params object[] operations) =>
        Provider.Expect(status, "PATCH", $"/Groups/{group}", new { schemas = PatchOp, Operations = operations });

    async Task<Guid> Make(string name, params Guid[] members) =>
        (await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups",
            new { schemas = GroupSchema, displayName = name, members = members.Select(m => new { value = m }) })).GetProperty("id")
            .GetGuid();

    async Task<IReadOnlyList<Guid>> Members(Guid group) => await Provider.Expect(HttpStatusCode.OK, "GET", $"/Groups/{group}") is var body
        && body.TryGetProperty("members", out var members)
        ? [.. members.EnumerateArray().Select(m => m.GetProperty("value").GetGuid())] : [];

    async Task<IReadOnlyList<Guid>> Find(string filter, string more = "&excludedAttributes=members") =>
        [.. (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Groups?filter={Uri.EscapeDataString(filter)}{more}"))
            .GetProperty("Resources").EnumerateArray().Select(g => g.GetProperty("id").GetGuid())];

    [Fact]
    public async Task As_Entra_asks()
    {
        var (ann, bob) = (await Provider.Create(Person("ann")), await Provider.Create(Person("bob")));
        (await Find("displayName eq \"Sales\"")).ShouldBeEmpty();
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups", """
            { "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group",
                "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
              "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName": "Sales", "members": [],
              "meta": { "resourceType": "Group" } }
            """);
        var id = made.GetProperty("id").GetGuid();
        made.GetProperty("meta").GetProperty("location").GetString().ShouldBe(Provider.Last.Headers.Location!.ToString());
        Provider.Last.Headers.ETag!.ToString().ShouldBe("W/\"1\"");
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Groups/{id}?excludedAttributes=members")).GetProperty("externalId").GetString()
            .ShouldBe("8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159");
        (await Find("displayName eq \"SALES\"")).ShouldBe([id]);
        (await Find("externalId eq \"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159\"")).ShouldBe([id]);
        await Patch(id, new { op = "Replace", path = "displayName", value = "Sales worldwide" });
        await Patch(id,
            JsonDocument.Parse($$"""{ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": "{{ann}}" }] }""").RootElement);
        await Patch(id, new { op = "Add", path = "members", value = (object[])[new { value = ann }, new { value = bob }] });
        (await Find($"id eq \"{id}\" and members eq \"{ann}\"", "&attributes=id")).ShouldBe([id]);
        (await Find($"id eq \"{id}\" and members eq \"{Guid.NewGuid()}\"", "&attributes=id")).ShouldBeEmpty();
        (await Members(id)).ShouldBe([ann, bob], ignoreOrder: true);
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{ann}")).GetProperty("groups")[0].GetProperty("display").GetString()
            .ShouldBe("Sales worldwide");
        await Patch(id,
            JsonDocument.Parse($$"""{ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": "{{ann}}" }] }""").RootElement);
        (await Members(id)).ShouldBe([bob]);
        var view = await Here.Grant(new ReadGroup(Acme, new(id)));
        (view.Name, view.Provider).ShouldBe(("Sales worldwide", "Entra ID"));
        (await Here.Rows<string>(
            "select action from kernel.audit_entry where means = @means and subject_id in (@id, @ann, @bob) and action like '%Group%' "
            + "order by at, id", new { means = $"scim {Provider.Directory}", id, ann, bob }))
            .ShouldBe(["GroupCreated", "GroupChanged", "AddedToGroup", "AddedToGroup", "RemovedFromGroup"]);
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Groups/{id}");
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Groups/{id}");
        (await Here.Send(new ReadGroup(Acme, new(id)))).Granted.ShouldBeFalse();
        (await Here.Scalar<long>("select count(*) from directory.provisioned_group")).ShouldBe(0);
    }

    [Fact]
    public async Task As_Okta_asks()
    {
        var (ann, bob, cyd) = (await Provider.Create(Person("ann")), await Provider.Create(Person("bob")),
            await Provider.Create(Person("cyd")));
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Groups?startIndex=1&count=100")).GetProperty("totalResults").GetInt64()
            .ShouldBe(0);
        var id = (await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups",
            new
            {
                schemas = GroupSchema,
                displayName = "Test SCIMv2",
                members = (object[])[new { value = ann, display = "ann@acme.example" }]
            })).GetProperty("id").GetGuid();
        await Patch(id, new { op = "replace", value = new { id, displayName = "Test SCIMv22" } });
        await Patch(id, new { op = "remove", path = $"members[value eq \"{ann}\"]" },
            new { op = "add", path = "members", value = (object[])[new { value = bob, display = "bob" }] });
        (await Members(id)).ShouldBe([bob]);
        await Patch(id, new { op = "replace", path = "members", value = (object[])[new { value = ann }, new { value = cyd }] });
        (await Members(id)).ShouldBe([ann, cyd], ignoreOrder: true);
        await Patch(id, new { op = "add", value = new { members = (object[])[new { value = bob }] } });
        (await Members(id)).Count.ShouldBe(3);
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Groups/{id}",
            $$"""{"{{GroupSchema[0]}}":{"displayName":"Renamed","members":[{"value":"{{bob}}"}] } }""");
        (await Members(id)).ShouldBe([bob], "what stands behind the schema's URN is the group's own");
        var put = await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Groups/{id}",
            new { schemas = GroupSchema, id, displayName = "Renamed", members = (object[])[new { value = cyd }] });
        (put.GetProperty("displayName").GetString(), put.GetProperty("members").GetArrayLength()).ShouldBe(("Renamed", 1));
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Groups/{id}", new { schemas = GroupSchema, displayName = "Renamed again" });
        (await Members(id)).ShouldBe([cyd], "a body without members leaves them");
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Groups/{id}",
            new { schemas = GroupSchema, displayName = "Renamed again", members = Array.Empty<object>() });
        (await Members(id)).ShouldBeEmpty();
        (await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{id}?attributes=displayName",
            new { schemas = PatchOp, Operations = (object[])[new { op = "add", path = "externalId", value = "g" }] }))
            .GetProperty("displayName").GetString().ShouldBe("Renamed again");
        var list = await Provider.Expect(HttpStatusCode.OK, "POST", "/Groups/.search", new { filter = "externalId eq \"g\"", count = 1 });
        (list.GetProperty("totalResults").GetInt64(), list.GetProperty("Resources")[0].GetProperty("id").GetGuid()).ShouldBe((1, id));
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Groups/{id}");
    }

    [Fact]
    public async Task Only_people_of_the_directory_can_be_members_and_nobody_is_told_who_else_there_is()
    {
        var (ann, theirs, account) = (await Provider.Create(Person("ann")), await Foreign.Create(Person("gill", domain: "globex.example")),
            (await Here.Account("own@acme.example", managedBy: Acme)).Value);
        using var second = await Directory("Second");
        var seconds = (await second.Expect(HttpStatusCode.Created, "POST", "/Users", Person("sue"))).GetProperty("id").GetGuid();
        var group = await Make("Sales", ann);
        foreach (var stranger in (string[])[$"{theirs}", $"{account}", $"{seconds}", $"{Guid.NewGuid()}", $"{group}", "x"])
        {
            var members = (object[])[new { value = $"{ann}" }, new { value = stranger }];
            foreach (var (method, path, body) in ((string, string, object)[])[("POST", "/Groups", new { displayName = "Other", members }),
                ("PUT", $"/Groups/{group}", new { displayName = "Other", members }),
                ("PATCH", $"/Groups/{group}",
                    new { Operations = (object[])[new { op = "add", path = "members", value = members },
                        new { op = "replace", path = "displayName", value = "Other" }] })])
            {
                var fault = await Provider.Expect(HttpStatusCode.BadRequest, method, path, body);
                (fault.GetProperty("scimType").GetString(), fault.GetProperty("detail").GetString())
                    .ShouldBe(("invalidValue", $"members: there is no user {stranger} in this directory."));
            }
        }
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Groups/{group}")).GetProperty("displayName").GetString().ShouldBe("Sales");
        foreach (var id in (string[])[$"{group}", $"{Guid.NewGuid()}", "x"])
            foreach (var (method, body) in ((string, object?)[])[
                ("GET", null), ("PUT", new { displayName = "Mine" }),
                ("PATCH", new { Operations = (object[])[new { op = "remove", path = "members" }] }), ("DELETE", null)])
                (await Foreign.Expect(HttpStatusCode.NotFound, method, $"/Groups/{id}", body)).GetProperty("detail").GetString()
                    .ShouldBe("There is no such group here.");
        var admins = await Here.Grant(new CreateGroup(Acme, "Admins own", null, By(Ada)));
        await Provider.Expect(HttpStatusCode.NotFound, "DELETE", $"/Groups/{admins}");
        (await Members(group)).ShouldBe([ann]);
    }

    [Fact]
    public async Task A_name_or_an_external_id_that_is_taken_or_too_long_is_refused()
    {
        await Here.Grant(new CreateGroup(Acme, "Marketing", null, By(Ada)));
        var sales = await Make("Sales");
        foreach (var name in (string[])["marketing", "SALES"])
            (await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Groups", new { displayName = name })).GetProperty("scimType")
                .GetString().ShouldBe("uniqueness");
        await Provider.Expect(HttpStatusCode.Conflict, "PATCH", $"/Groups/{sales}",
            new { Operations = (object[])[new { op = "replace", path = "displayName", value = "Marketing" }] });
        await Patch(sales, new { op = "replace", path = "externalId", value = "1" });
        (await Audit(sales))[^1].ShouldBe("GroupExternalIdChanged");
        (await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Groups", new { displayName = "Other", externalId = "1" }))
            .GetProperty("scimType").GetString().ShouldBe("uniqueness");
        var other = await Make("Other");
        await Provider.Expect(HttpStatusCode.Conflict, "PATCH", $"/Groups/{other}",
            new { Operations = (object[])[new { op = "replace", path = "externalId", value = "1" }] });
        (await Foreign.Expect(HttpStatusCode.Created, "POST", "/Groups", new { displayName = "Sales", externalId = "1" })).GetProperty("id")
            .GetGuid().ShouldNotBe(sales);
        // Nothing that compression could make small enough for an index.
        var random = new Random(7);
        string Long(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));
        var longest = Long(254);
        (await Patch(other, new { op = "replace", path = "externalId", value = $" {longest} " })).GetProperty("externalId").GetString()
            .ShouldBe(longest);
        foreach (var tooLong in (string[])[Long(255), Long(5_000)])
        {
            foreach (var (method, path, body) in ((string, string, object)[])[
                ("POST", "/Groups", new { displayName = "Third", externalId = tooLong }),
                ("PUT", $"/Groups/{other}", new { displayName = "Other", externalId = tooLong }),
                ("PATCH", $"/Groups/{other}",
                    new { Operations = (object[])[new { op = "replace", path = "externalId", value = tooLong }] })])
                (await Provider.Expect(HttpStatusCode.BadRequest, method, path, body)).GetProperty("scimType").GetString()
                    .ShouldBe("invalidValue", method);
        }
        // Blank is none, which any number of groups may have.
        foreach (var (name, blank) in ((string, string)[])[("Blank", ""), ("Blanks", ""), ("Blanker", " ")])
            (await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups", new { displayName = name, externalId = blank }))
                .TryGetProperty("externalId", out _).ShouldBeFalse();
        (await Patch(other, new { op = "replace", path = "externalId", value = "" })).TryGetProperty("externalId", out _).ShouldBeFalse();
        // As long as Entra ID has names. What an admin says beside such a name leaves it.
        var (longName, named) = (new string('x', 256), new GroupId(await Make(new string('x', 256))));
        await Here.Grant(new ChangeGroup(Acme, named, longName, "Who sells", By(Ada)));
        (await Here.Refuse(new ChangeGroup(Acme, named, new string('x', 255), null, By(Ada)))).ShouldBeOfType<InvalidValue>();
        var view = await Here.Grant(new ReadGroup(Acme, named));
        (view.Name, view.Description).ShouldBe((longName, "Who sells"));
        await Patch(named.Value, new { op = "replace", path = "displayName", value = new string('y', 256) });
        (await Here.Grant(new ReadGroup(Acme, named))).Name.ShouldBe(new string('y', 256));
        string Marks() => string.Concat(Enumerable.Range(0, 7).Select(_ => (char)random.Next(0x300, 0x340)));
        var marked = string.Concat(Enumerable.Range(0, 256).Select(_ => $"{Long(1)}{Marks()}"));
        foreach (var bad in (object[])[new { displayName = new string('x', 257) }, new { displayName = marked },
            new { displayName = $"a{string.Concat(Enumerable.Repeat(Marks(), 1_000))}" }, new { displayName = "a\u0001b" },
            new { externalId = "5" }, new { displayName = 5, members = 7 }])
            (await Provider.Expect(HttpStatusCode.BadRequest, "POST", "/Groups", bad)).GetProperty("scimType").GetString()
                .ShouldBe("invalidValue");
    }

    [Fact]
    public async Task Versions_are_kept_and_concurrent_changes_all_happen()
    {
        var people = new List<Guid>();
        for (var i = 0; i < 12; i++) people.Add(await Provider.Create(Person($"p{i}")));
        var group = await Make("Sales");
        var callers = people.Select(p =>
            (Person: p, Caller: new ScimCaller(Site.Somebody().Client, Provider.Directory, Provider.Token, Here.Clock))).ToList();
        await Task.WhenAll(
            callers.Select(c => c.Caller.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{group}",
                new { Operations = (object[])[new { op = "add", path = "members", value = (object[])[new { value = c.Person }] }] })));
        callers.ForEach(c => c.Caller.Dispose());
        (await Members(group)).ShouldBe(people, ignoreOrder: true);
        Provider.Last.Headers.ETag!.ToString().ShouldBe("W/\"13\"");
        await Patch(group, new { op = "add", path = "members", value = (object[])[new { value = people[0] }] });
        Provider.Last.Headers.ETag!.ToString().ShouldBe("W/\"13\"", "nothing was new");
        await Provider.Expect(HttpStatusCode.NotModified, "GET", $"/Groups/{group}", null, ("If-None-Match", "W/\"13\""));
        foreach (var (method, body) in ((string, object?)[])[
            ("PUT", new { displayName = "X" }), ("PATCH", new { Operations = (object[])[new { op = "remove", path = "members" }] }),
            ("DELETE", null)])
            await Provider.Expect(HttpStatusCode.PreconditionFailed, method, $"/Groups/{group}", body, ("If-Match", "W/\"12\""));
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Groups/{group}", new { displayName = "X" }, ("If-Match", "W/\"13\""));
    }

    [Fact, Trait("Rule", "A11")]
    public async Task Admins_choose_what_the_group_opens_and_the_provider_who_is_in_it()
    {
        var ann = await Provider.Create(Person("ann"));
        var (group, member) = (new GroupId(await Make("Sales", ann)), new AccountId(ann));
        var site = await Here.Grant(new CreateSite(Acme, "Main", "https://main.acme.example", By(Ada)));
        await Here.Grant(new InviteUsers(site, ["ann@acme.example", "own@acme.example"], new Dictionary<string, AppRole>(), [], null,
            By(Ada)));
        foreach (var refusal in (Refusal[])[
            await Here.Refuse(new ChangeGroup(Acme, group, "Other", null, By(Ada))),
            await Here.Refuse(new DeleteGroup(Acme, group, By(Ada))), await Here.Refuse(new AddToGroup(Acme, group, member, By(Ada))),
            await Here.Refuse(new RemoveFromGroup(Acme, group, member, By(Ada))),
            await Here.Refuse(new InviteUsers(site, ["new@acme.example"], new Dictionary<string, AppRole>(), [group], null, By(Ada)))])
            refusal.ShouldBe(new GroupOwnedByProvider("Entra ID"));
        await Here.Grant(new ChangeGroup(Acme, group, "Sales", "Who sells", By(Ada)));
        (await Here.Grant(new ReadGroup(Acme, group))).Description.ShouldBe("Who sells");
        await Here.Send(new ChangeMembership(Acme, null, [member], MembershipChange.Remove, By(Ada)));
        (await Members(group.Value)).ShouldBe([ann], "leaving the sites leaves the group to the provider");
        // Given back one by one: out of the provider's groups. Gone from the provider: as well.
        await Here.Grant(new UnlinkPerson(Acme, member, By(Ada)));
        (await Members(group.Value)).ShouldBeEmpty();
        var bob = await Provider.Create(Person("bob"));
        await Patch(group.Value, new { op = "add", path = "members", value = (object[])[new { value = bob }] });
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{bob}");
        (await Here.Scalar<long>("select count(*) from sites.group_member")).ShouldBe(0);
    }

    [Fact]
    public async Task Removing_the_directory_gives_its_groups_back_with_their_members()
    {
        var ann = await Provider.Create(Person("ann"));
        var group = new GroupId(await Make("Sales", ann));
        await Here.Grant(new RemoveIdentityDirectory(Acme, Provider.Directory, "Entra ID", By(Ada)));
        await Here.Grant(new GiveBackGroups(Acme, Provider.Directory.Value, By(Ada)));
        await Recur<GiveBackRemoved>();
        (await Here.Grant(new ReadGroup(Acme, group))).Provider.ShouldBeNull();
        (await Here.Scalar<long>("select count(*) from sites.group_member where group_id = @id and account_id = @ann",
            new { id = group.Value, ann })).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from directory.provisioned_group")).ShouldBe(0);
        await Here.Grant(new RemoveFromGroup(Acme, group, new(ann), By(Ada)));
        await Here.Grant(new DeleteGroup(Acme, group, By(Ada)));
    }

    [Fact]
    public async Task Of_a_great_group_one_member_is_one_row()
    {
        var many = Proof.Size(1_000, 50_000);
        var (ann, group) = (await Provider.Create(Person("ann")), await Make("Everybody"));
        var people = await ManyPeople(many);
        await Here.Rows<int>(
            "insert into sites.group_member (group_id, account_id, added_at) select @group, unnest(@people), now() returning 1",
            new { group, people });
        var before = await Here.Scalar<long>("select txid_current()");
        await Patched(HttpStatusCode.NoContent, group, new { op = "Add", path = "members", value = (object[])[new { value = ann }] });
        (await Here.Scalar<long>("select count(*) from sites.group_member where group_id = @group and xmin::text::bigint > @before",
            new { group, before })).ShouldBe(1);
        // A thousand are told with the answer, one more are not, unless they are asked for.
        (await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{group}?attributes=displayName",
            new { Operations = (object[])[new { op = "Remove", path = $"members[value eq \"{people[0]}\"]" }] }))
            .TryGetProperty("members", out _).ShouldBeFalse();
        var told = await Patched(many == 1_000 ? HttpStatusCode.OK : HttpStatusCode.NoContent, group,
            new { op = "Replace", path = "displayName", value = "All" });
        if (many == 1_000) told.GetProperty("members").GetArrayLength().ShouldBe(many);
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Groups?excludedAttributes=members")).GetRawText().Length.ShouldBeLessThan(2_000);
        (await Members(group)).Count.ShouldBe(many);
    }

    [Fact]
    public async Task A_great_group_is_filled_and_emptied_in_steps()
    {
        var (many, step) = (Proof.Size(3_000, 50_000), Proof.Size(1_000, 10_000));
        var (people, group) = (await ManyPeople(many), await Make("Everybody"));
        var slowest = TimeSpan.Zero;
        foreach (var part in people.Chunk(step))
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{group}?attributes=id",
                new { Operations = (object[])[new { op = "add", path = "members", value = part.Select(p => new { value = p }) }] });
            slowest = new[] { slowest, System.Diagnostics.Stopwatch.GetElapsedTime(began) }.Max();
        }
        (await Members(group)).ShouldBe(people, ignoreOrder: true);
        // One by one within one request, as Entra takes people out.
        foreach (var part in people.Take(many / 2).Chunk(1_000))
            await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{group}?attributes=id",
                new { Operations = part.Select(p => new { op = "Remove", path = $"members[value eq \"{p}\"]" }) });
        (await Members(group)).ShouldBe(people.Skip(many / 2), ignoreOrder: true);
        // Said whole: only what differs is written.
        var before = await Here.Scalar<long>("select txid_current()");
        await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{group}?attributes=id", new
        {
            Operations = (object[])[new { op = "replace", path = "members",
                value = people.Skip(many / 2 - 5).Take(step).Select(p => new { value = p }) }]
        });
        (await Members(group)).ShouldBe(people.Skip(many / 2 - 5).Take(step), ignoreOrder: true);
        (await Here.Scalar<long>("select count(*) from sites.group_member where group_id = @group and xmin::text::bigint > @before",
            new { group, before })).ShouldBe(5);
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(20), "no step takes longer than a provider waits");
    }

    async Task<Guid[]> ManyPeople(int many) => [.. await Here.Rows<Guid>("""
        insert into directory.provisioned_user (directory_id, account_id, user_name, active, resource, version, created_at, changed_at)
        select @directory, gen_random_uuid(), 'u' || n, true, jsonb_build_object('userName', 'u' || n), 1, now(), now()
          from generate_series(1, @many) n returning account_id
        """, new { directory = Provider.Directory.Value, many })];
}
