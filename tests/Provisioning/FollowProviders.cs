using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>The requests that Microsoft Entra ID and Okta document for users, in their order and in their words (SPEC P2).</summary>
[Trait("Rule", "P2")]
public sealed class FollowProviders : OnScim
{
    const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    Task<JsonElement> Patch(Guid id, string operations) =>
        Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{id}", $$"""{"schemas":["{{PatchOp}}"],"Operations":{{operations}}}""");

    async Task<AccountView> Account(Guid id) => await Here.Grant(new ReadAccount(new(id)));

    [Fact]
    public async Task Entra_ID_matches_creates_patches_switches_off_and_on_and_deletes()
    {
        var none = await Provider.Expect(HttpStatusCode.OK, "GET",
            "/Users?filter=userName+eq+%22Test_User_dfeef4c5-5681-4387-b016-bdf221e82081%22");
        (none.GetProperty("totalResults").GetInt32(), none.GetProperty("Resources").GetArrayLength(), none.GetProperty("schemas")[0]
            .GetString()).ShouldBe((0, 0, "urn:ietf:params:scim:api:messages:2.0:ListResponse"));
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
             "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
             "userName": "Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1@acme.example", "active": true, "displayName": "Test User",
             "emails": [{"primary": true, "type": "work", "value": "Test_User_fd0ea19b-0777-472c-9f96-4f70d2226f2e@acme.example"}],
             "meta": {"resourceType": "User"},
             "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"}, "roles": []}
            """);
        var id = made.GetProperty("id").GetGuid();
        (made.GetProperty("meta").GetProperty("resourceType").GetString(), made.GetProperty("externalId").GetString(),
            made.GetProperty("active").GetBoolean()).ShouldBe(("User", "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", true));
        await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}");
        (await Provider.Find("userName eq \"test_user_AB6490ee-1e48-479e-a20b-2d77186b5dd1@acme.example\"")).ShouldBe([id]);
        (await Provider.Find("externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"")).ShouldBe([id]);
        var changed = await Patch(id, """
            [{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updatedEmail@acme.example"},
             {"op": "Replace", "path": "name.familyName", "value": "updatedFamilyName"},
             {"op": "Replace", "path": "name.formatted", "value": "givenName updatedFamilyName"}]
            """);
        (changed.GetProperty("name").GetProperty("familyName").GetString(), changed.GetProperty("emails")[0].GetProperty("value")
            .GetString()).ShouldBe(("updatedFamilyName", "updatedEmail@acme.example"));
        ((await Account(id)).Email, (await Account(id)).Name).ShouldBe(("updatedemail@acme.example", "givenName updatedFamilyName"));
        await Patch(id, """[{"op": "Replace", "path": "userName", "value": "5b50642d-79fc-4410-9e90-4c077cdd1a59@acme.example"}]""");
        (await Provider.Find("userName eq \"5b50642d-79fc-4410-9e90-4c077cdd1a59@acme.example\"")).ShouldBe([id]);
        await Patch(id, """
            [{"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "Sales"},
             {"op": "Add", "path": "title", "value": "Seller"},
             {"op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "+1 201 555 0123"}]
            """);
        var profile = await Here.Grant(new ReadProfile(new(id), Acme, Ada));
        (profile[AccountDetail.Department].Value, profile[AccountDetail.JobTitle].Value, profile[AccountDetail.Phone].Value)
            .ShouldBe(("Sales", "Seller", "+1 201 555 0123"));
        await Patch(id, """
            [{"op": "replace", "value": {"displayName": "Other", "name.formatted": "Other Name",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "Buying"}}]
            """);
        ((await Account(id)).Name, (await Here.Grant(new ReadProfile(new(id), Acme, Ada)))[AccountDetail.Department].Value)
            .ShouldBe(("Other Name", "Buying"));
        await Patch(id, """[{"op": "Remove", "path": "title"}]""");
        (await Here.Grant(new ReadProfile(new(id), Acme, Ada)))[AccountDetail.JobTitle].Value.ShouldBeNull();
        (await Patch(id, """[{"op": "Replace", "path": "active", "value": "False"}]""")).GetProperty("active").GetBoolean().ShouldBeFalse();
        (await Account(id)).State.ShouldBe(AccountState.Deactivated);
        (await Provider.Find("userName eq \"5b50642d-79fc-4410-9e90-4c077cdd1a59@acme.example\""))
            .ShouldBe([id], "who is switched off is still there");
        (await Patch(id, """[{"op": "Replace", "path": "active", "value": true}]""")).GetProperty("active").GetBoolean().ShouldBeTrue();
        (await Account(id)).State.ShouldBe(AccountState.Active);
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{id}");
        (await Provider.Find("externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"")).ShouldBeEmpty();
        (await Account(id)).State.ShouldBe(AccountState.Deactivated);
    }

    [Fact]
    public async Task Okta_looks_creates_replaces_switches_off_by_patch_and_on_by_replacement()
    {
        var none = await Provider.Expect(HttpStatusCode.OK, "GET",
            "/Users?filter=userName%20eq%20%22test.user%40acme.example%22&startIndex=1&count=100");
        (none.GetProperty("totalResults").GetInt32(), none.GetProperty("startIndex").GetInt32(), none.GetProperty("itemsPerPage")
            .GetInt32()).ShouldBe((0, 1, 0));
        var person = JsonNode.Parse("""
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "test.user@acme.example",
             "name": {"givenName": "Test", "familyName": "User"},
             "emails": [{"primary": true, "value": "test.user@acme.example", "type": "work"}], "displayName": "Test User",
             "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq", "active": true}
            """)!.AsObject();
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", person);
        var id = made.GetProperty("id").GetGuid();
        made.TryGetProperty("password", out _).ShouldBeFalse();
        (await Here.Scalar<long>("select count(*) from security.password where account_id = @id", new { id }))
            .ShouldBe(0, "providers bring no passwords here");
        (await Here.Scalar<bool>("select exists (select from directory.provisioned_user where position('1mz050nq' in resource::text) > 0)"))
            .ShouldBeFalse();
        (await Provider.Ask("POST", "/Users", person))
            .ShouldSatisfyAllConditions(a => a.Status.ShouldBe(HttpStatusCode.Conflict), a => a.Body.GetProperty("scimType").GetString()
                .ShouldBe("uniqueness"));
        person["name"]!["familyName"] = "Changed";
        person["id"] = $"{id}";
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", person);
        (await Account(id)).Name.ShouldBe("Test Changed");
        await Patch(id, """[{"op": "replace", "value": {"active": false}}]""");
        (await Account(id)).State.ShouldBe(AccountState.Deactivated);
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}")).GetProperty("active").GetBoolean().ShouldBeFalse();
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", person);
        (await Account(id)).State.ShouldBe(AccountState.Active);
    }

    /// <summary>As Entra ID names somebody whose userPrincipalName is not the mail address: nothing that is added is no reason to move the
    /// account to the other one.</summary>
    [Fact]
    public async Task Nothing_that_is_added_takes_nothing_away()
    {
        var person = Person("ann.upn");
        person["emails"] = new JsonArray(new JsonObject { ["value"] = "ann@acme.example", ["type"] = "work", ["primary"] = true });
        var id = await Provider.Create(person);
        (await Account(id)).Email.ShouldBe("ann@acme.example");
        foreach (var operation in (string[])["""{"op": "Add", "path": "emails", "value": null}""",
            """{"op": "Add", "value": {"emails": null, "title": "Boss"}}""",
            """{"op": "Add", "path": "emails[type eq \"work\"].value", "value": null}"""])
        {
            (await Patch(id, $"[{operation}]")).GetProperty("emails")[0].GetProperty("value").GetString()
                .ShouldBe("ann@acme.example", operation);
            (await Account(id)).Email.ShouldBe("ann@acme.example", operation);
        }
        (await Here.Grant(new ReadProfile(new(id), Acme, Ada)))[AccountDetail.JobTitle].Value.ShouldBe("Boss");
    }
}
