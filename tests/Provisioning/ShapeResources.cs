using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal.Protocol;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>What a provider sends is made one spelling, and what it is answered has the protocol's shape (RFC 7643, RFC 7644).</summary>
[Trait("Rule", "P2")]
public sealed class ShapeResources
{
    const string Urn = MadeUpUsers.Enterprise;

    static Outcome<JsonObject> Read(string text, List<string>? passedOver = null) =>
        ScimResource.User.Read(JsonDocument.Parse(text).RootElement, passedOver);

    [Fact]
    public void Names_and_types_become_those_of_the_schema()
    {
        var passedOver = new List<string>();
        var user = Read($$"""
            { "schemas": ["x"], "ID": "5", "meta": {}, "groups": [{"value":"1"}], "USERNAME": "Ann@acme.example", "Active": "True",
              "title": null, "roles": [], "shoe": 1, "password": "secret",
              "name.familyName": "Lee", "emails": { "VALUE": "a@acme.example", "size": 1 },
              "phoneNumbers": [{"value": 5, "primary": "true"}, {"value": "6", "primary": true}],
              "{{ScimSchemas.UserUrn.ToLowerInvariant()}}": { "nickName": "Annie", "id": "6", "sock": 1 },
              "{{Urn}}:department": "HR", "{{Urn.ToUpperInvariant()}}": { "Manager": "7", "employeeNumber": 12 } }
            """, passedOver);
        user.Granted.ShouldBeTrue($"{user.Refusal}");
        JsonNode.DeepEquals(user.Value, JsonNode.Parse($$"""
            { "userName": "Ann@acme.example", "active": true, "name": { "familyName": "Lee" }, "emails": [{ "value": "a@acme.example" }],
              "nickName": "Annie",
              "phoneNumbers": [{ "value": "5", "primary": false }, { "value": "6", "primary": true }],
              "{{Urn}}": { "department": "HR", "manager": { "value": "7" }, "employeeNumber": "12" } }
            """)).ShouldBeTrue($"{user.Value}");
        passedOver.ShouldBe(["shoe", "password", "emails.size", "sock"]);
    }

    [Theory]
    [InlineData("""{ "displayName": "x" }""", "userName")]
    [InlineData("""{ "userName": "" }""", "userName")]
    [InlineData("""{ "userName": ["a"] }""", "userName")]
    [InlineData("""{ "userName": "a", "active": "perhaps" }""", "active")]
    [InlineData("""{ "userName": "a", "emails": [{"value": {}}] }""", "emails.value")]
    [InlineData("""{ "userName": "a", "name": "b" }""", "name")]
    [InlineData("""{ "userName": "a", "title": "\u0000" }""", "title")]
    [InlineData("""{ "userName": "a", "title": "\ud800" }""", "title")]
    [InlineData("""{ "userName": "a", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": 5 }""", "enterprise")]
    public void A_wrong_value_is_refused_with_its_attribute(string text, string attribute)
    {
        var fault = Read(text).Refusal.ShouldBeOfType<ScimFault>();
        fault.Type.ShouldBe("invalidValue");
        fault.Detail.ShouldContain(attribute);
    }

    static readonly JsonObject Ann = JsonNode.Parse($$"""
        { "userName": "a", "name": { "givenName": "A", "familyName": "B" }, "emails": [{ "value": "x", "type": "work" }],
          "{{Urn}}": { "department": "D", "costCenter": "1" } }
        """)!.AsObject();

    [Theory]
    [InlineData("userName", null, "userName")]
    [InlineData("USERNAME,emails.value", null, "userName,emails.value")]
    [InlineData("name.givenName, shoe", null, "name.givenName")]
    [InlineData(Urn, null, Urn + ".department," + Urn + ".costCenter")]
    [InlineData(Urn + ":department", null, Urn + ".department")]
    [InlineData(null, "name,emails,meta", "userName," + Urn + ".department," + Urn + ".costCenter")]
    [InlineData(null, "id,schemas,meta,userName,emails.type,name.givenName," + Urn + ":department",
        "name.familyName,emails.value," + Urn + ".costCenter")]
    public void Only_what_is_asked_for_is_shown(string? attributes, string? excluded, string shown)
    {
        var shape = ScimShape.Of(ScimResource.User, Guid.Empty, Ann, new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 3, "here"),
            ScimProjection.Read(new(attributes, excluded), ScimResource.User).Value);
        shape["schemas"].ShouldNotBeNull();
        shape["id"].ShouldNotBeNull();
        IEnumerable<string> Leaves(JsonNode? node, string path) => node switch
        {
            JsonObject o => o.SelectMany(p => Leaves(p.Value, path.Length == 0 ? p.Key : $"{path}.{p.Key}")),
            JsonArray a => a.SelectMany(i => Leaves(i, path)),
            _ => [path],
        };
        string.Join(",", Leaves(shape, "").Where(l => l is not ("id" or "schemas"))).ShouldBe(shown);
    }

    [Fact]
    public void A_whole_resource_has_its_schemas_its_id_and_its_version()
    {
        var shape = ScimShape.Of(ScimResource.User, Guid.Empty, Ann,
            new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(10), 3, "here"), ScimProjection.All);
        JsonNode.DeepEquals(shape["schemas"], new JsonArray(ScimSchemas.UserUrn, Urn)).ShouldBeTrue();
        JsonNode.DeepEquals(shape["meta"], JsonNode.Parse("""
            {"resourceType":"User","created":"1970-01-01T00:00:00.000000Z","lastModified":"1970-01-01T00:00:00.000001Z",
             "location":"here","version":"W/\"3\""}
            """)).ShouldBeTrue($"{shape["meta"]}");
        ScimProjection.Read(new("userName", "name"), ScimResource.User).Refusal.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(null, null, 1, 100)]
    [InlineData("0", "0", 1, 0)]
    [InlineData("-5", "-1", 1, 0)]
    [InlineData("11", "5000", 11, 1_000)]
    public void Paging_counts_from_one_and_is_bounded(string? startIndex, string? count, long start, int most) =>
        ScimPaging.Read(startIndex, count).Value.ShouldBe(new(start, most));

    [Fact]
    public void A_page_that_is_no_number_is_refused()
    {
        ScimPaging.Read("x", null).Refusal.ShouldNotBeNull();
        ScimPaging.Read(null, "99999999999999999999").Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void The_discovery_documents_describe_what_is_read()
    {
        var config = new ScimDiscovery().ServiceProviderConfig("https://x/scim/directory/1");
        config["patch"]!["supported"]!.GetValue<bool>().ShouldBeTrue();
        config["bulk"]!["maxOperations"]!.GetValue<int>().ShouldBe(1_000);
        config["meta"]!["location"]!.GetValue<string>().ShouldBe("https://x/scim/directory/1/ServiceProviderConfig");
        var schemas = new ScimDiscovery().Schemas("r");
        schemas["totalResults"]!.GetValue<long>().ShouldBe(3);
        foreach (var schema in schemas["Resources"]!.AsArray())
        {
            new ScimDiscovery().Schema("r", schema!["id"]!.GetValue<string>().ToUpperInvariant()).ShouldNotBeNull();
            var kind = schema["id"]!.GetValue<string>() == ScimSchemas.GroupUrn ? ScimResource.Group : ScimResource.User;
            foreach (var attribute in schema["attributes"]!.AsArray())
            {
                // What every attribute must say (RFC 7643, 7), and that its name leads somewhere.
                foreach (var said in (string[])["name", "type", "multiValued", "description", "required", "caseExact", "mutability",
                    "returned", "uniqueness"]) attribute![said].ShouldNotBeNull();
                kind.Find($"{schema["id"]}:{attribute!["name"]}").ShouldNotBeNull();
            }
        }
        new ScimDiscovery().Schema("r", "urn:nothing").ShouldBeNull();
        new ScimDiscovery().ResourceTypes("r")["totalResults"]!.GetValue<long>().ShouldBe(2);
        new ScimDiscovery().ResourceType("r", "group")!["endpoint"]!.GetValue<string>().ShouldBe("/Groups");
        new ScimDiscovery().ResourceType("r", "Robot").ShouldBeNull();
    }
}
