using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Many requests in one (RFC 7644, 3.7), and what the server says of itself (4).</summary>
[Trait("Rule", "P2")]
public sealed class CarryOutBulks : OnScim
{
    static JsonObject Operation(string method, string path, JsonNode? data = null, string? bulkId = null, string? version = null)
    {
        var operation = new JsonObject { ["method"] = method, ["path"] = path };
        if (bulkId is not null) operation["bulkId"] = bulkId;
        if (version is not null) operation["version"] = version;
        if (data is not null) operation["data"] = data;
        return operation;
    }

    static JsonObject Managed(string name, string manager)
    {
        var person = Person(name);
        person["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]!["manager"] = new JsonObject { ["value"] = manager };
        return person;
    }

    static JsonObject Group(string name, params string[] members) =>
        new() { ["displayName"] = name, ["members"] = new JsonArray([.. members.Select(m => new JsonObject { ["value"] = m })]) };

    static JsonObject Patch(string path, JsonNode value) =>
        new() { ["Operations"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value }) };

    async Task<IReadOnlyList<JsonElement>> Send(int? failOnErrors, params JsonObject[] operations)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:BulkRequest"),
            ["Operations"] = new JsonArray([.. operations])
        };
        if (failOnErrors is not null) body["failOnErrors"] = failOnErrors;
        var answer = await Provider.Expect(HttpStatusCode.OK, "POST", "/Bulk", body);
        answer.GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:BulkResponse");
        return [.. answer.GetProperty("Operations").EnumerateArray()];
    }

    static IEnumerable<string> Statuses(IEnumerable<JsonElement> operations) =>
        operations.Select(o => o.GetProperty("status").GetString()!);

    [Fact]
    public async Task What_names_another_by_its_bulkId_waits_for_it()
    {
        var done = await Send(null,
            Operation("POST", "/Groups", Group("Sales", "bulkId:ann", "bulkId:bob"), "group"),
            Operation("POST", "/Users", Managed("ann", "bulkId:bob"), "ann"),
            Operation("POST", "/Users", Person("bob"), "bob"),
            Operation("PATCH", "/Users/bulkId:bob", Patch("title", "Boss")));
        done.Select(o =>
            $"{o.GetProperty("method").GetString()} {(o.TryGetProperty("bulkId", out var id) ? id.GetString() : "")} "
            + $"{o.GetProperty("status").GetString()}").ShouldBe(["POST bob 201", "POST ann 201", "POST group 201", "PATCH  200"]);
        var location = done.Single(o => o.GetProperty("method").GetString() == "POST" && o.GetProperty("bulkId").GetString() == "group")
            .GetProperty("location").GetString()!;
        var group = await Provider.Expect(HttpStatusCode.OK, "GET", location[location.IndexOf("/Groups", StringComparison.Ordinal)..]);
        group.GetProperty("members").GetArrayLength().ShouldBe(2);
        var ann = (await Provider.Find("userName sw \"ann\"")).Single();
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{ann}"))
            .GetProperty("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").GetProperty("manager").GetProperty("value").GetGuid()
            .ShouldBe((await Provider.Find("userName sw \"bob\"")).Single());
    }

    [Fact]
    public async Task A_reference_stands_in_a_filter_a_path_and_an_address_and_is_text_elsewhere()
    {
        var known = await Provider.Create(Person("kim"));
        var sales = (await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups", Group("Sales", $"{known}"))).GetProperty("id")
            .GetGuid();
        var odd = "a \"quoted\" \\ one";
        var done = await Send(null,
            // Each stands before the one it needs.
            Operation("PATCH", $"/Groups/{sales}", Remove("members[value eq \"bulkId:ann\" or value eq \"bulkId:bob\"]")),
            Operation("PATCH", $"/Groups/{sales}", Remove($"members[value eq {JsonSerializer.Serialize($"bulkId:{odd}")}]")),
            Operation("PATCH", "/Users/bulkId:bob", Patch("emails[type eq \"work\"].display", "write to \"bulkId:eve\"")),
            Operation("PATCH", "/Users/bulkId:ann", new JsonObject
            {
                ["Operations"] = new JsonArray(new JsonObject
                {
                    ["op"] = "add",
                    ["path"] = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
                    ["value"] = new JsonObject { ["value"] = "bulkId:bob", ["$ref"] = "../Users/bulkId:bob" }
                })
            }),
            Operation("POST", "/Users", Person("ann"), "ann"), Operation("POST", "/Users", Person("bob"), "bob"),
            Operation("POST", "/Users", Person("cem"), odd),
            Operation("PATCH", $"/Groups/{sales}", Remove("members[value eq \"bulkId:nobody\"]")));
        Statuses(done).Order().ShouldBe(["200", "200", "200", "200", "201", "201", "201", "400"], ignoreOrder: false,
            string.Join('\n', done.Select(o => o.GetRawText())));
        var bob = await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{(await Provider.Find("userName sw \"bob\"")).Single()}");
        bob.GetProperty("emails")[0].GetProperty("display").GetString().ShouldBe("write to \"bulkId:eve\"");
        var ann = await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{(await Provider.Find("userName sw \"ann\"")).Single()}");
        var manager = ann.GetProperty("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").GetProperty("manager");
        (manager.GetProperty("value").GetString(), manager.GetProperty("$ref").GetString())
            .ShouldBe((bob.GetProperty("id").GetString(), $"../Users/{bob.GetProperty("id").GetString()}"));
        // Whoever is named by such a filter goes, and nobody else.
        var (people, group) = (Person("dan"), Group("Support", "bulkId:dan", $"{known}"));
        await Send(null, Operation("POST", "/Users", people, "dan"), Operation("POST", "/Groups", group, "support"),
            Operation("PATCH", "/Groups/bulkId:support", Remove("members[value eq \"bulkId:dan\"]")));
        (await Here.Rows<Guid>(
            "select account_id from sites.group_member m join sites.grp g on g.id = m.group_id where g.name = 'Support'"))
            .ShouldBe([known]);

        static JsonObject Remove(string path) =>
            new() { ["Operations"] = new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = path }) };
    }

    [Fact]
    public async Task A_path_that_cannot_be_is_refused_by_itself()
    {
        var known = await Provider.Create(Person("kim"));
        // Texts that begin everywhere and end nowhere, and brackets behind what has no values to select from.
        var path = $"emails[value eq {string.Concat(Enumerable.Repeat("\"bulkId:\\", 20_000))}";
        var done = await Send(null, Operation("PATCH", $"/Users/{known}", Patch(path, "x")),
            Operation("PATCH", $"/Users/{known}",
                Patch("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User[department eq \"x\"]", "x")),
            Operation("POST", "/Users", Person("ann"), "ann"));
        Statuses(done).Order().ShouldBe(["201", "400", "400"]);
    }

    [Fact, Trait("Rule", "P5")]
    public async Task Each_value_that_was_passed_over_stands_in_the_log()
    {
        var people = Enumerable.Range(0, 12).Select(i =>
        {
            var person = Person($"p{i}");
            person["timezone"] = $"Mars/{i}";
            person[$"unheardOf{i}"] = true;
            return Operation("POST", "/Users", person, $"{i}");
        }).ToArray();
        Statuses(await Send(null, people)).ShouldAllBe(s => s == "201");
        var notes = (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes;
        notes.Count.ShouldBe(12);
        notes.ShouldAllBe(n => n.Path == "/Users" && n.Method == "POST" && n.Status == 201 && n.Person != null);
        for (var i = 0; i < 12; i++)
            notes.Count(n => n.Reason.Contains("timezone", StringComparison.Ordinal)
                && n.Reason.EndsWith($" unheardOf{i}.", StringComparison.Ordinal)).ShouldBe(1);
        // However many stand in one request, and in which order.
        var many = Person("many");
        foreach (var i in Enumerable.Range(0, 400)) many[$"urn:example:params:scim:schemas:{i:000}:unknown"] = "x";
        await Provider.Create(many);
        var reasons = (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes
            .TakeWhile(n => !n.Reason.Contains("unheardOf", StringComparison.Ordinal)).Select(n => n.Reason).ToList();
        reasons.Count.ShouldBeGreaterThan(5);
        reasons.ShouldAllBe(r => r.Length <= 2_000);
        Enumerable.Range(0, 400).ShouldAllBe(i => string.Join(' ', reasons).Contains($"schemas:{i:000}:", StringComparison.Ordinal));
        (await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Groups/{(await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups",
            Group("Sales"))).GetProperty("id").GetString()}", new JsonObject
            {
                ["Operations"] = new JsonArray(new JsonObject
                {
                    ["op"] = "add",
                    ["path"] = "members",
                    ["value"] = new JsonArray(new JsonObject
                    {
                        ["value"] = $"{(await Provider.Find("userName sw \"p0\"")).Single()}",
                        ["nick"] = "p",
                    })
                })
            })).GetProperty("members").GetArrayLength().ShouldBe(1);
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes[0].Reason.ShouldContain("members.nick");
    }

    [Fact]
    public async Task Those_that_wait_for_each_other_for_none_or_for_a_failure_are_refused()
    {
        var done = await Send(null,
            Operation("POST", "/Users", Managed("ann", "bulkId:bob"), "ann"),
            Operation("POST", "/Users", Managed("bob", "bulkId:ann"), "bob"),
            Operation("POST", "/Groups", Group("Sales", "bulkId:nobody"), "sales"),
            Operation("POST", "/Users", Person("eve", domain: "globex.example"), "eve"),
            Operation("POST", "/Groups", Group("Eves", "bulkId:eve"), "eves"),
            Operation("POST", "/Users", Person("fay"), "fay"));
        Statuses(done).ShouldBe(["409", "409", "400", "403", "409", "201"]);
        done.Count(o => o.TryGetProperty("location", out _)).ShouldBe(1, "a POST that failed made nothing that could be anywhere");
        done[0].GetProperty("response").GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
        (await Here.Scalar<long>("select count(*) from directory.provisioned_user")).ShouldBe(1);
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes.ShouldContain(n => n.Path == "/Bulk"
            && n.Reason.StartsWith("5 of 6 operations were rejected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Own_and_foreign_ids_are_answered_each()
    {
        var (mine, theirs) = (await Provider.Create(Person("mia")), await Foreign.Create(Person("gill", domain: "globex.example")));
        var unread = Operation("DELETE", $"/Users/{mine}");
        unread["version"] = 1;
        Statuses(await Send(null, unread)).Single().ShouldBe("400", "a version that is no text is not one that nobody asked for");
        var nobody = Guid.NewGuid();
        var done = await Send(null,
            Operation("PATCH", $"/Users/{mine}", Patch("title", "Boss")), Operation("PATCH", $"/Users/{theirs}", Patch("title", "Mine")),
            Operation("DELETE", $"/Users/{theirs}"), Operation("DELETE", $"/Users/{nobody}"),
            Operation("PUT", $"/Users/{mine}", Person("mia", "other"), version: "W/\"1\""), Operation("DELETE", $"/Groups/{mine}"),
                Operation("DELETE", $"/Users/{mine}", version: "W/\"2\""), Operation("DELETE", $"/Users/{mine}"));
        Statuses(done).ShouldBe(["200", "404", "404", "404", "412", "404", "204", "404"]);
        done[1].GetProperty("response").GetRawText().ShouldBe(done[3].GetProperty("response").GetRawText());
        done[0].GetProperty("version").GetString().ShouldBe("W/\"2\"");
        // Each says where it is, also what was refused or deleted (RFC 7644, 3.7).
        done.Select(o => o.GetProperty("location").GetString()!.Split($"/scim/directory/{Provider.Directory}")[1]).ShouldBe(
        [
            $"/Users/{mine}", $"/Users/{theirs}", $"/Users/{theirs}", $"/Users/{nobody}", $"/Users/{mine}", $"/Groups/{mine}",
            $"/Users/{mine}", $"/Users/{mine}",
        ]);
        (await Foreign.Expect(HttpStatusCode.OK, "GET", $"/Users/{theirs}")).GetProperty("title").GetString().ShouldBe("Engineer");
    }

    [Fact]
    public async Task It_stops_after_as_many_failures_as_it_was_told()
    {
        var bad = () => Operation("DELETE", $"/Users/{Guid.NewGuid()}");
        Statuses(await Send(2, bad(), Operation("POST", "/Users", Person("ann"), "1"), bad(),
            Operation("POST", "/Users", Person("bob"), "2"))).ShouldBe(["404", "201", "404"]);
        (await Provider.Find("userName sw \"bob\"")).ShouldBeEmpty();
        Statuses(await Send(null, bad(), bad(), Operation("POST", "/Users", Person("bob"), "2"))).ShouldBe(["404", "404", "201"]);
    }

    [Fact]
    public async Task What_is_no_operation_is_refused_by_itself_and_what_is_no_bulk_as_a_whole()
    {
        var done = await Send(null,
            Operation("GET", "/Users"), Operation("POST", "/Users", Person("ann")), Operation("POST", "/Robots", Person("ann"), "1"),
            Operation("PATCH", "/Users", Patch("title", "x")), Operation("PATCH", "/Users/1"),
            Operation("POST", "/Users/1/2", Person("x"), "2"),
            Operation("POST", "/Bulk", new JsonObject(), "3"));
        Statuses(done).ShouldAllBe(s => s == "400");
        foreach (var body in (string[])["{}", """{"Operations":[]}""", """{"Operations":5}""",
            """{"failOnErrors":0,"Operations":[{"method":"DELETE","path":"/Users/1"}]}""",
            """{"failOnErrors":"x","Operations":[{"method":"DELETE","path":"/Users/1"}]}""",
            """{"Operations":[{"method":"POST","path":"/Users","bulkId":"1","data":{}},"""
            + """{"method":"POST","path":"/Users","bulkId":"1","data":{}}]}"""])
            await Provider.Expect(HttpStatusCode.BadRequest, "POST", "/Bulk", body);
        Statuses(await Send(null, [new JsonObject { ["method"] = 5, ["path"] = true }])).ShouldBe(["400"]);
        await Provider.Expect(HttpStatusCode.RequestEntityTooLarge, "POST", "/Bulk",
            new JsonObject
            {
                ["Operations"] = new JsonArray([.. Enumerable.Range(0, 1_001).Select(_ => Operation("DELETE", "/Users/1"))])
            });
        await Provider.Expect(HttpStatusCode.RequestEntityTooLarge, "POST", "/Bulk", $$"""{"x":"{{new string('x', 1_100_000)}}"}""");
        // As many as are taken; those that are none cost nothing.
        Statuses(await Send(null,
            [.. Enumerable.Range(0, 1_000)
                .Select(i => i % 50 == 0 ? Operation("DELETE", $"/Users/{Guid.NewGuid()}") : Operation("GET", "/Users"))]))
            .CountBy(s => s).ShouldBe([new("404", 20), new("400", 980)], ignoreOrder: true);
    }

    [Fact]
    public async Task The_server_says_what_it_can_do()
    {
        var config = await Provider.Expect(HttpStatusCode.OK, "GET", "/ServiceProviderConfig");
        config.GetProperty("bulk").GetProperty("maxOperations").GetInt32().ShouldBe(1_000);
        var root = config.GetProperty("meta").GetProperty("location").GetString()!;
        root.ShouldEndWith($"/scim/directory/{Provider.Directory}/ServiceProviderConfig");
        foreach (var list in (string[])["/Schemas", "/ResourceTypes"])
            foreach (var one in (await Provider.Expect(HttpStatusCode.OK, "GET", list)).GetProperty("Resources").EnumerateArray())
                (await Provider.Expect(HttpStatusCode.OK, "GET", $"{list}/{one.GetProperty("id").GetString()}")).GetRawText()
                    .ShouldBe(one.GetRawText());
        await Provider.Expect(HttpStatusCode.NotFound, "GET", "/Schemas/urn:nothing");
        await Provider.Expect(HttpStatusCode.NotFound, "GET", "/ResourceTypes/Robot");
        await Provider.Expect(HttpStatusCode.Forbidden, "GET", "/Schemas?filter=id%20pr");
        using var nobody = new ScimCaller(Site.Somebody().Client, Provider.Directory, null, Here.Clock);
        foreach (var path in (string[])["/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/Groups"])
            await nobody.Expect(HttpStatusCode.Unauthorized, "GET", path);
        await nobody.Expect(HttpStatusCode.Unauthorized, "POST", "/Bulk", new { });
    }
}
