using System.Net;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>A list of members that lost its values must not empty a group, and must not leave in it whoever was meant to go (SPEC P6).
/// </summary>
[Trait("Rule", "P2"), Trait("Rule", "P6")]
public sealed class KeepMembersThroughSlips : OnScim
{
    Guid _ann, _bob, _group;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_ann, _bob) = (await Provider.Create(Person("ann")), await Provider.Create(Person("bob")));
        _group = (await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups",
            new { displayName = "Sales", members = (object[])[new { value = _ann }, new { value = _bob }] })).GetProperty("id").GetGuid();
    }

    string Group => $"/Groups/{_group}";

    async Task<IReadOnlyList<Guid>> Members() =>
        (await Provider.Expect(HttpStatusCode.OK, "GET", Group)).TryGetProperty("members", out var members)
            ? [.. members.EnumerateArray().Select(m => m.GetProperty("value").GetGuid())]
            : [];

    static string Operation(string op, string value) =>
        $$$"""{"Operations":[{"op":"{{{op}}}","path":"members","value":{{{value}}}}]}""";

    [Fact]
    public async Task A_member_that_names_nobody_is_refused()
    {
        foreach (var slip in (string[])["[null]", "[{}]", "{}", """[{"value":null}]""", """[{"value":["x"]}]""", """[{"display":"Ann"}]""",
            """[{"value":""}]""", """[""]""", "[[]]", "[true]", $$"""[{"value":"{{_ann}}"},{"value":" "}]""",
            $$"""[{"id":"{{_ann}}"}]""", $$"""[{"value":"{{_ann}}"},{"$ref":"https://elsewhere.example/Users/{{_bob}}"}]"""])
        {
            var whole = $$$"""{"displayName":"Other","members":{{{slip}}}}""";
            foreach (var (method, path, body) in ((string, string, string)[])[
                ("POST", "/Groups", whole), ("PUT", Group, whole), ("PATCH", Group, Operation("add", slip)),
                ("PATCH", Group, Operation("replace", slip)), ("PATCH", Group, Operation("remove", slip)),
                ("PATCH", Group, $$$"""{"Operations":[{"op":"replace","value":{{{whole}}}}]}""")])
            {
                var fault = await Provider.Expect(HttpStatusCode.BadRequest, method, path, body);
                (fault.GetProperty("scimType").GetString(), fault.GetProperty("detail").GetString())
                    .ShouldBe(("invalidValue", "members: each one needs a value, which is the ID of a user."), $"{method} {body}");
            }
        }
        (await Members()).ShouldBe([_ann, _bob], ignoreOrder: true);
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Groups")).GetProperty("totalResults").GetInt32().ShouldBe(1);
    }

    /// <summary>RFC 7644, 3.5.1: a list is emptied by an empty one.</summary>
    [Fact]
    public async Task Null_in_place_of_the_list_takes_nobody_out_and_an_empty_list_everybody()
    {
        (await Provider.Expect(HttpStatusCode.BadRequest, "PATCH", Group, Operation("remove", "null"))).GetProperty("detail").GetString()!
            .ShouldContain("Leave it out to remove all members");
        foreach (var (method, body) in ((string, string)[])[("PUT", """{"displayName":"Sales","members":null}"""),
            ("PATCH", Operation("replace", "null")), ("PATCH", Operation("add", "null")), ("PATCH", Operation("remove", "[]")),
            ("PATCH", """{"Operations":[{"op":"replace","value":{"members":null,"displayName":"Sales"}}]}""")])
            await Provider.Expect(HttpStatusCode.OK, method, Group, body);
        (await Members()).ShouldBe([_ann, _bob], ignoreOrder: true);
        // One that stands alone, and by its bare value, is one.
        await Provider.Expect(HttpStatusCode.OK, "PATCH", Group, Operation("remove", $"\"{_bob}\""));
        (await Members()).ShouldBe([_ann]);
        await Provider.Expect(HttpStatusCode.OK, "PATCH", Group, Operation("replace", "[]"));
        (await Members()).ShouldBeEmpty();
    }
}
