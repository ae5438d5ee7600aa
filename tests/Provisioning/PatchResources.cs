using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal.Protocol;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>PATCH of RFC 7644, 3.5.2, with what Entra and Okta send beyond it.</summary>
[Trait("Rule", "P2")]
public sealed class PatchResources(OtherScim others) : IClassFixture<OtherScim>
{
    const string Urn = MadeUpUsers.Enterprise, Mails =
        """[{"value":"ann@acme.example","type":"work","primary":true},{"value":"ann@home.example","type":"home"}]""";

    static JsonObject Ann => JsonNode.Parse($$"""
        { "userName": "ann@acme.example", "displayName": "Ann", "title": "Chief", "active": true,
          "name": { "givenName": "Ann", "familyName": "Lee" },
          "emails": [ { "value": "ann@acme.example", "type": "work", "primary": true }, { "value": "ann@home.example", "type": "home" } ],
          "{{Urn}}": { "department": "Tours", "costCenter": "1" } }
        """)!.AsObject();

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    static Outcome<JsonObject> Apply(JsonObject resource, string operations, List<string>? passedOver = null) =>
        ScimPatch.Apply(resource,
            Json($$"""{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{{operations}}] }"""),
            ScimResource.User, passedOver);

    [Theory]
    [InlineData("""{"op":"replace","path":"title","value":"Boss"}""", "title", "\"Boss\"")]
    [InlineData("""{"op":"Replace","path":"active","value":"False"}""", "active", "false")] // Entra's spelling of both.
    [InlineData("""{"op":"add","path":"nickName","value":"Annie"}""", "nickName", "\"Annie\"")]
    [InlineData("""{"op":"replace","path":"nickName","value":"Annie"}""", "nickName", "\"Annie\"")] // 3.5.2.3: what is not there is added.
    [InlineData("""{"op":"remove","path":"title"}""", "title", null)]
    [InlineData("""{"op":"replace","path":"title","value":null}""", "title", null)]
    [InlineData("""{"op":"replace","path":"name.familyName","value":"Kim"}""", "name", """{"givenName":"Ann","familyName":"Kim"}""")]
    // 3.5.2.3: parts that are not named stay.
    [InlineData("""{"op":"replace","path":"name","value":{"familyName":"Kim"}}""", "name", """{"givenName":"Ann","familyName":"Kim"}""")]
    [InlineData("""{"op":"replace","value":{"active":false,"name.familyName":"Kim","displayName":"Kim"}}""", "name",
        """{"givenName":"Ann","familyName":"Kim"}""")]
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"HR"}}""", Urn,
        """{"department":"HR","costCenter":"1"}""")]
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"HR"}}}""", Urn,
        """{"department":"HR","costCenter":"1"}""")]
    [InlineData("""{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}""", Urn, null)]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"26118915"}""", Urn,
        """{"department":"Tours","costCenter":"1","manager":{"value":"26118915"}}""")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"].value","value":"a@acme.example"}""", "emails",
        """[{"value":"a@acme.example","type":"work","primary":true},{"value":"ann@home.example","type":"home"}]""")]
    [InlineData("""{"op":"replace","value":{"emails[type eq \"work\"].value":"a@acme.example"}}""", "emails",
        """[{"value":"a@acme.example","type":"work","primary":true},{"value":"ann@home.example","type":"home"}]""")]
    [InlineData("""{"op":"add","path":"phoneNumbers[type eq \"mobile\"].value","value":"1"}""", "phoneNumbers",
        """[{"type":"mobile","value":"1"}]""")]
    [InlineData("""{"op":"replace","path":"phoneNumbers[type eq \"mobile\" and primary eq true].value","value":"1"}""", "phoneNumbers",
        """[{"type":"mobile","primary":true,"value":"1"}]""")]
    [InlineData("""{"op":"remove","path":"emails[type eq \"home\"]"}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":true}]""")]
    [InlineData("""{"op":"remove","path":"emails","value":[{"value":"ann@home.example"}]}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":true}]""")]
    [InlineData("""{"op":"remove","path":"emails"}""", "emails", null)]
    [InlineData("""{"op":"replace","path":"emails","value":[]}""", "emails", null)]
    [InlineData("""{"op":"remove","path":"emails[type eq \"other\"]"}""", "title", "\"Chief\"")] // Removed already.
    // Nothing is added, so that nothing changes; what is replaced by nothing is unassigned.
    [InlineData("""{"op":"add","path":"emails","value":null}""", "emails", Mails)]
    [InlineData("""{"op":"Add","value":{"emails":null,"title":"Boss"}}""", "emails", Mails)]
    [InlineData("""{"op":"add","value":{"emails":null,"title":"Boss"}}""", "title", "\"Boss\"")]
    [InlineData("""{"op":"add","path":"emails[type eq \"work\"]","value":null}""", "emails", Mails)]
    [InlineData("""{"op":"add","path":"emails[type eq \"work\"].value","value":null}""", "emails", Mails)]
    [InlineData("""{"op":"add","path":"phoneNumbers[type eq \"work\"].value","value":null}""", "phoneNumbers", null)]
    [InlineData("""{"op":"add","path":"title","value":null}""", "title", "\"Chief\"")]
    [InlineData("""{"op":"add","path":"userName","value":null}""", "userName", "\"ann@acme.example\"")]
    [InlineData("""{"op":"add","path":"name","value":null}""", "name", """{"givenName":"Ann","familyName":"Lee"}""")]
    [InlineData("""{"op":"add","path":"name.givenName","value":null}""", "name", """{"givenName":"Ann","familyName":"Lee"}""")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":null}""", Urn,
        """{"department":"Tours","costCenter":"1"}""")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":null}""", Urn,
        """{"department":"Tours","costCenter":"1"}""")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":null}""", Urn, null)]
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":null,"title":"T"}}""", Urn, null)]
    [InlineData("""{"op":"replace","path":"emails","value":null}""", "emails", null)]
    [InlineData("""{"op":"replace","path":"emails[type eq \"home\"]","value":null}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":true}]""")]
    // 3.5.2.1: there already.
    [InlineData("""{"op":"add","path":"emails","value":[{"value":"ann@home.example","type":"home"}]}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":true},{"value":"ann@home.example","type":"home"}]""")]
    // 3.5.2: one primary.
    [InlineData("""{"op":"add","path":"emails","value":[{"value":"x@acme.example","primary":true}]}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":false},{"value":"ann@home.example","type":"home"},"""
        + """{"value":"x@acme.example","primary":true}]""")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":false},{"value":"ann@home.example","type":"home","primary":true}]""")]
    // 3.5.2.3: the record is replaced.
    [InlineData("""{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"n@acme.example"}}""", "emails",
        """[{"value":"n@acme.example"},{"value":"ann@home.example","type":"home"}]""")]
    [InlineData("""{"op":"add","path":"emails[type eq \"work\"]","value":{"display":"A"}}""", "emails",
        """[{"value":"ann@acme.example","type":"work","primary":true,"display":"A"},{"value":"ann@home.example","type":"home"}]""")]
    // Behind the core schema's URN stand the resource's own attributes.
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":{"title":"T","id":"1"}}}""", "title", "\"T\"")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:user","value":{"name.familyName":"Kim"}}""", "name",
        """{"givenName":"Ann","familyName":"Kim"}""")]
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":5,"title":"T"}}""", "title", "\"T\"")]
    // What is read-only in a whole value is passed over.
    [InlineData("""{"op":"add","value":{"id":"1","groups":[{"value":"1"}],"schemas":["x"],"title":"T"}}""", "title", "\"T\"")]
    public void A_step_is_done(string operation, string attribute, string? after)
    {
        var before = Ann;
        var patched = Apply(before, operation);
        patched.Granted.ShouldBeTrue($"{patched.Refusal}");
        JsonNode.DeepEquals(patched.Value[attribute], after is null ? null : JsonNode.Parse(after))
            .ShouldBeTrue($"{patched.Value[attribute]}");
        JsonNode.DeepEquals(before, Ann).ShouldBeTrue();
    }

    [Fact]
    public void As_many_values_as_a_request_can_hold_are_added_each_once()
    {
        const int many = 30_000;
        var values = string.Join(',', Enumerable.Range(0, many).Select(i => $$"""{"value":"p{{i}}","type":"other"}"""));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var patched = Apply(Ann, $$"""{"op":"add","path":"ims","value":[{{values}},{"type":"other","value":"p7"}]}""");
        patched.Value["ims"]!.AsArray().Count.ShouldBe(many);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), "each was compared with each");
    }

    [Fact]
    public void As_many_values_as_a_request_can_hold_are_removed_and_those_alone()
    {
        const int many = 30_000;
        var before = Ann;
        before["ims"] = new JsonArray([.. Enumerable.Range(0, many + 1)
            .Select(i => new JsonObject { ["value"] = $"p{i}", ["type"] = "other" })]);
        // Some are named by the value alone, some by all of their parts; of the last, the type is another one.
        var values = string.Join(',', Enumerable.Range(0, many)
            .Select(i => i % 2 == 0 ? $$"""{"value":"p{{i}}"}""" : $$"""{"type":"other","value":"p{{i}}"}"""));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var patched = Apply(before, $$"""{"op":"remove","path":"ims","value":[{{values}},{"value":"p{{many}}","type":"home"}]}""");
        patched.Value["ims"]!.ToJsonString().ShouldBe($$"""[{"value":"p{{many}}","type":"other"}]""");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), "each was compared with each");
    }

    [Theory]
    [InlineData("""{"op":"move","path":"title","value":"x"}""", "invalidSyntax")]
    [InlineData("""{"op":"replace","path":"title"}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"title","value":{"a":1}}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"active","value":"perhaps"}""", "invalidValue")]
    [InlineData("""{"op":"remove"}""", "noTarget")] // 3.5.2.2
    [InlineData("""{"op":"remove","path":"userName"}""", "mutability")] // 3.5.2.2: required.
    [InlineData("""{"op":"replace","path":"id","value":"1"}""", "mutability")]
    [InlineData("""{"op":"add","path":"groups","value":[{"value":"1"}]}""", "mutability")]
    [InlineData("""{"op":"replace","path":"emails[type eq","value":"1"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"name[familyName eq \"Lee\"].givenName","value":"1"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User[department eq \"x\"]","value":"y"}""",
        "invalidPath")]
    [InlineData("""{"op":"add","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User[department eq \"x\"]":"y"}}""",
        "invalidPath")]
    [InlineData("""{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User[department eq \"x\"]"}""",
        "invalidPath")]
    [InlineData("""{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value eq \"x\"]"}""",
        "invalidPath")]
    [InlineData("""{"op":"replace","path":"emails[shoe eq \"work\"].value","value":"1"}""", "invalidFilter")]
    [InlineData("""{"op":"replace","path":"emails[type eq \"other\"]","value":{"value":"1"}}""", "noTarget")] // 3.5.2.3
    [InlineData("""{"op":"replace","path":"emails[not (type eq \"work\") and not (type eq \"home\")].value","value":"1"}""", "noTarget")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User","value":null}""", "invalidPath")]
    [InlineData("""{"op":"remove","path":"urn:ietf:params:scim:schemas:core:2.0:User"}""", "invalidPath")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User[active eq true]","value":{"active":false}}""",
        "invalidPath")]
    [InlineData("""{"op":"add","value":"x"}""", "invalidValue")]
    [InlineData("""{"op":"add","path":5,"value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"add","path":"title","value":"\u0000"}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"emails","value":[{"address":"x@acme.example"}]}""", "invalidValue")]
    [InlineData("""{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":"x"}""", "invalidValue")]
    [InlineData("""5""", "invalidSyntax")]
    public void What_cannot_be_done_is_refused_and_nothing_is_done(string operation, string type)
    {
        var patched = Apply(Ann, $$"""{"op":"replace","path":"title","value":"Boss"},{{operation}}""");
        patched.Refusal.ShouldBeOfType<ScimFault>().Type.ShouldBe(type);
    }

    [Fact]
    public void What_no_schema_knows_is_passed_over_and_noted()
    {
        var passedOver = new List<string>();
        var patched = Apply(Ann, """
            {"op":"add","path":"shoeSize","value":"42"},{"op":"add","value":{"title":"T","urn:x:y:z":{"a":1}}},
            {"op":"add","path":"emails","value":[{"value":"q@acme.example","colour":"red"}]}
            """, passedOver).Value;
        patched["title"]!.GetValue<string>().ShouldBe("T");
        passedOver.ShouldBe(["shoeSize", "urn:x:y:z", "emails.colour"]);
    }

    [Theory]
    [InlineData("""[{"address":"x@acme.example"}]""")]
    [InlineData("""[{"value":["x"]}]""")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("[true]")]
    [InlineData("{}")]
    [InlineData("true")]
    public void Values_that_cannot_be_read_take_no_others_place_and_are_noted(string value)
    {
        foreach (var operation in (string[])[$$"""{"op":"Replace","path":"emails","value":{{value}} }""",
            $$"""{"op":"replace","value":{"emails":{{value}} } }"""])
        {
            var odd = new Oddities();
            var patched = ScimPatch.Apply(Ann, Json($$"""{"Operations":[{{operation}}]}"""), ScimResource.User, odd).Value;
            JsonNode.DeepEquals(patched["emails"], JsonNode.Parse(Mails)).ShouldBeTrue($"{operation}: {patched["emails"]}");
            odd.Told!.ShouldContain("emails: ignored, because it has no value that can be read.");
        }
        // Of several, those that can be read take the place.
        JsonNode.DeepEquals(Apply(Ann, """{"op":"replace","path":"emails","value":[null,{},{"value":"x@acme.example"}]}""").Value["emails"],
            JsonNode.Parse("""[{"value":"x@acme.example"}]""")).ShouldBeTrue();
    }

    [Fact]
    public void An_extension_that_is_no_object_is_noted_and_what_is_there_stays()
    {
        foreach (var operation in (string[])[$$"""{"op":"add","path":"{{Urn}}","value":"HR"}""",
            $$"""{"op":"replace","path":"{{Urn}}","value":[]},{"op":"replace","path":"title","value":"T"}""",
            $$"""{"op":"replace","value":{"{{Urn}}":["HR"],"title":"T"} }"""])
        {
            var odd = new Oddities();
            var patched = ScimPatch.Apply(Ann, Json($$"""{"Operations":[{{operation}}]}"""), ScimResource.User, odd).Value;
            JsonNode.DeepEquals(patched[Urn], Ann[Urn]).ShouldBeTrue($"{operation}: {patched[Urn]}");
            odd.Told!.ShouldContain($"{Urn}: ignored, because it is not an object.");
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"Operations":[]}""")]
    [InlineData("""{"Operations":{}}""")]
    public void A_body_without_operations_is_refused(string body) =>
        ScimPatch.Apply(Ann, Json(body), ScimResource.User).Refusal.ShouldBeOfType<ScimFault>().Type.ShouldBe("invalidSyntax");

    /// <summary>One step that both the RFC and the other implementations have one reading of, upon what is there now.</summary>
    static JsonObject Step(Random random, MadeUpUsers users, JsonObject now)
    {
        string[] singles = ["title", "displayName", "nickName", "name.familyName", "name.givenName", $"{Urn}:department",
            $"{Urn}:costCenter"];
        var types = (now["emails"] as JsonArray)?.Select(e => e!["type"]?.GetValue<string>()).OfType<string>().ToArray() ?? [];
        var (op, email) = (random.Next(2) == 0 ? "add" : "replace",
            new JsonObject { ["value"] = $"{users.Word()}{random.Next(1_000)}@acme.example", ["type"] = "other" });
        JsonObject Made(string deed, string path, JsonNode? value = null)
        {
            var step = new JsonObject { ["op"] = random.Next(3) == 0 ? char.ToUpperInvariant(deed[0]) + deed[1..] : deed, ["path"] = path };
            if (value is not null) step["value"] = value;
            return step;
        }
        var single = singles[random.Next(singles.Length)];
        return random.Next(10) switch
        {
            0 or 1 => Made(op, single, users.Word()),
            2 => Made("remove", single),
            3 => Made(op, "active", random.Next(2) == 0),
            4 => Made("add", "name", new JsonObject { ["familyName"] = users.Word() }),
            5 => Made("add", "emails", new JsonArray(email)),
            6 => Made("replace", "emails", new JsonArray(email)),
            7 when types.Length > 0 => Made(op, $"emails[type eq \"{types[random.Next(types.Length)]}\"].value", users.Word()),
            8 when types.Length > 0 => Made("remove", $"emails[type eq \"{types[random.Next(types.Length)]}\"]"),
            9 => new JsonObject { ["op"] = op, ["value"] = new JsonObject { ["title"] = users.Word(), ["nickName"] = users.Word() } },
            _ => Made("remove", "emails"),
        };
    }

    static JsonObject Body(IEnumerable<JsonObject> steps) =>
        new() { ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"), ["Operations"] = new JsonArray([.. steps]) };

    /// <summary>Unassigned and not there are the same (RFC 7643, 2.5), and so is what only a whole answer has.</summary>
    static JsonNode? Plain(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parts:
                var left = new JsonObject();
                foreach (var (name, part) in parts.OrderBy(p => p.Key, StringComparer.Ordinal))
                    if (name is not ("schemas" or "meta" or "id") && Plain(part) is { } kept) left[name] = kept;
                return left.Count == 0 ? null : left;
            case JsonArray list:
                var all = list.Select(Plain).OfType<JsonNode>().ToArray();
                return all.Length == 0 ? null : new JsonArray(all);
            default:
                return node?.DeepClone();
        }
    }

    [Theory]
    [InlineData("scimPatch", 3_000)]
    [InlineData("scimmyPatch", 2_000)]
    public async Task Thousands_of_patches_end_as_with_other_implementations(string ask, int count)
    {
        count = Proof.Size(count / 20, count);
        var random = new Random(23);
        var users = new MadeUpUsers(random);
        var (questions, ours) = (new List<JsonObject>(), new List<JsonObject>());
        for (var i = 0; i < count; i++)
        {
            var user = users.User();
            // scimmy takes what looks like an address where one belongs, and its own types for externalId.
            foreach (var email in (user["emails"] as JsonArray ?? []).OfType<JsonObject>()) email["type"] ??= "work";
            var (now, steps) = (user, new List<JsonObject>());
            for (var step = 0; step < 1 + i % 4; step++)
            {
                var next = Step(random, users, now);
                var patched = ScimPatch.Apply(now, JsonDocument.Parse(Body([next.DeepClone().AsObject()]).ToJsonString()).RootElement,
                    ScimResource.User);
                patched.Granted.ShouldBeTrue($"{next}: {patched.Refusal}");
                (now, _) = (patched.Value, next);
                steps.Add(next);
            }
            var body = Body(steps);
            ours.Add(ScimPatch.Apply(user, JsonDocument.Parse(body.ToJsonString()).RootElement, ScimResource.User).Value);
            questions.Add(new() { ["ask"] = ask, ["resource"] = user.DeepClone(), ["body"] = body.DeepClone() });
        }
        foreach (var ((question, mine), theirs) in questions.Zip(ours).Zip(await others.Ask(questions)))
            JsonNode.DeepEquals(Plain(mine), Plain(theirs)).ShouldBeTrue($"{question}\nours: {mine}\ntheirs: {theirs}");
    }

    /// <summary>Where the others read the RFC otherwise. Each is asked, so that this list says when one of them changes its mind.</summary>
    [Theory]
    // 3.5.2.3: a record that a filter selects is replaced; scim-patch and scimmy merge.
    [InlineData("scimPatch", """{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"n@acme.example"}}""")]
    // 3.5.2: the others stop being primary.
    [InlineData("scimmyPatch", """{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}""")]
    [InlineData("scimPatch", """{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}""")]
    [InlineData("scimPatch", """{"op":"replace","value":{"name":{"familyName":"Kim"}}}""")] // 3.5.2.3: parts that are not named stay.
    [InlineData("scimmyPatch", """{"op":"replace","path":"name","value":{"familyName":"Kim"}}""")]
    [InlineData("scimPatch", """{"op":"Replace","path":"active","value":"False"}""")] // Entra's spelling.
    [InlineData("scimPatch", """{"op":"remove","path":"emails","value":[{"value":"ann@home.example"}]}""")] // Named by its value alone.
    [InlineData("scimPatch", """{"op":"remove","path":"phoneNumbers[type eq \"fax\"]"}""")] // Removed already.
    public async Task Others_differ(string ask, string operation)
    {
        var body = Body([JsonNode.Parse(operation)!.AsObject()]);
        var ours = ScimPatch.Apply(Ann, JsonDocument.Parse(body.ToJsonString()).RootElement, ScimResource.User).Value;
        var theirs = await others.AskOne(new() { ["ask"] = ask, ["resource"] = Ann, ["body"] = body });
        JsonNode.DeepEquals(Plain(ours), Plain(theirs)).ShouldBeFalse($"{theirs}");
    }
}
