using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>People by SCIM: made, read, changed, switched off and on, and given back (SPEC P2).</summary>
[Trait("Rule", "P2")]
public sealed class ProvisionUsers : OnScim
{
    [Fact]
    public async Task A_new_person_gets_a_verified_managed_account_whose_provided_details_are_the_providers()
    {
        var body = await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", Person("Mia"));
        var id = body.GetProperty("id").GetGuid();
        var address = $"http://localhost/scim/directory/{Provider.Directory}/Users/{id}";
        body.GetProperty("meta").GetProperty("location").GetString().ShouldBe(address);
        (Provider.Last.Headers.Location!.OriginalString, Provider.Last.Headers.ETag!.ToString()).ShouldBe((address, "W/\"1\""));
        body.GetProperty("userName").GetString().ShouldBe("Mia@acme.example", "as the provider writes it");
        var account = await Here.Grant(new ReadAccount(new(id)));
        (account.Email, account.Name, account.State, account.ManagedBy)
            .ShouldBe(("mia@acme.example", "Mia Long", AccountState.Active, Acme));
        var profile = await Profile(id);
        (profile[AccountDetail.JobTitle].Value, profile[AccountDetail.Department].Value, profile.ProvisionedBy)
            .ShouldBe(("Engineer", "Research", "Entra ID"));
        foreach (var owned in (AccountDetail[])[AccountDetail.Name, AccountDetail.JobTitle, AccountDetail.Department])
            profile[owned].Refusal.ShouldBe(new OwnedByProvider("Entra ID"), $"{owned}");
        (profile.EmailRefusal, profile[AccountDetail.Location].Refusal, profile[AccountDetail.PublicName].Refusal)
            .ShouldBe((new OwnedByProvider("Entra ID"), null, null));
        (await Audit(id)).ShouldBe(["AccountSignedUp", "DetailChanged", "DetailChanged", "AccountProvisioned"], ignoreOrder: true);
        (await Here.Rows<string>(
            "select distinct means from kernel.audit_entry where subject_id = @id and organization_id = @acme and actor_id is null",
            new { id, acme = Acme.Value })).ShouldBe([$"scim {Provider.Directory}"]);
        var read = await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}");
        JsonElement.DeepEquals(read, body).ShouldBeTrue($"{read} but {body}");
        using var program = new ApiCaller(Site.Somebody().Client,
            (await Here.Grant(new CreateApiKey(Acme, Ada, "Program", ["accounts:manage"], 7, By(Ada)))).Secret);
        var privileges = await program.Expect(HttpStatusCode.OK, "GET", $"/users/{id}/manage");
        privileges.GetProperty("email.set").GetProperty("reason").GetProperty("key").GetString().ShouldBe("externalDirectory.scim");
        privileges.GetProperty("profile").GetProperty("extended_profile.job_title").GetProperty("reason").GetProperty("key").GetString()
            .ShouldBe("externalDirectory.scim");
        privileges.GetProperty("profile").GetProperty("extended_profile.location").GetProperty("allowed").GetBoolean().ShouldBeTrue();
        (await Here.Send(new WhichDirectory(Acme, new(id))))!
            .ShouldSatisfyAllConditions(d => d.Name.ShouldBe("Entra ID"), d => d.UserName.ShouldBe("mia@acme.example"));
    }

    [Fact]
    public async Task What_is_known_here_is_found_by_its_names_and_the_pages_of_a_list_hold_everybody_once()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++) ids.Add(await Provider.Create(Person($"p{i}")));
        var elsewhere = await Foreign.Create(Person("p1", domain: "globex.example"));
        foreach (var filter in (string[])["userName eq \"P1@ACME.example\"", "externalId eq \"ext-p1\"",
            "emails.value eq \"p1@acme.example\"", "emails[type eq \"work\" and value eq \"p1@acme.example\"]",
            "displayName eq \"P1 for show\"",
            "name.givenName eq \"p1\"", "userName sw \"p1\"", "name.familyName eq \"long\" and externalId eq \"ext-p1\"",
                $"id eq \"{ids[1]}\"", "active eq true and userName eq \"p1@acme.example\""])
        {
            if (filter.StartsWith("emails[", StringComparison.Ordinal)
                && (await Provider.Ask("GET", $"/Users?filter={Uri.EscapeDataString(filter)}")).Status is HttpStatusCode.BadRequest)
                continue;
            (await Provider.Find(filter)).ShouldBe([ids[1]], filter);
        }
        (await Provider.Find("userName eq \"p1@globex.example\"")).ShouldBeEmpty();
        (await Provider.Find($"id eq \"{elsewhere}\"")).ShouldBeEmpty();
        var seen = new List<Guid>();
        for (var start = 1; start <= 7; start += 3)
        {
            var page = await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users?startIndex={start}&count=3&attributes=userName");
            (page.GetProperty("totalResults").GetInt32(), page.GetProperty("startIndex").GetInt32()).ShouldBe((7, start));
            seen.AddRange(page.GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetGuid()));
            page.GetProperty("Resources")[0].TryGetProperty("emails", out _).ShouldBeFalse();
        }
        seen.Order().ShouldBe(ids.Order());
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Users?count=0")).GetProperty("totalResults").GetInt32().ShouldBe(7);
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Users?startIndex=50")).GetProperty("totalResults").GetInt32().ShouldBe(7);
        var found = await Provider.Expect(HttpStatusCode.OK, "POST", "/Users/.search",
            new
            {
                schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                filter = "externalId eq \"ext-p3\"",
                attributes = (string[])["userName"],
                startIndex = 1,
                count = 5
            });
        found.GetProperty("Resources")[0].GetProperty("id").GetGuid().ShouldBe(ids[3]);
        (await Provider.Expect(HttpStatusCode.BadRequest, "GET", "/Users?filter=title%20eq%20%22Engineer%22")).GetProperty("scimType")
            .GetString().ShouldBe("invalidFilter");
        (await Provider.Expect(HttpStatusCode.BadRequest, "GET", "/Users?filter=userName%20eq")).GetProperty("scimType").GetString()
            .ShouldBe("invalidFilter");
        (await Provider.Expect(HttpStatusCode.BadRequest, "GET", "/Users?startIndex=x")).GetProperty("scimType").GetString()
            .ShouldBe("invalidValue");
        await Provider.Expect(HttpStatusCode.BadRequest, "POST", "/Users/.search", new { count = "5" });
    }

    [Fact]
    public async Task A_replacement_says_all_and_what_it_leaves_out_is_no_longer_the_providers()
    {
        var id = await Provider.Create(Person("mia"));
        var less = Person("mia");
        less.Remove("title");
        less["nickName"] = "Mi";
        less["timezone"] = "europe/berlin";
        less["preferredLanguage"] = "de-AT,de;q=0.8";
        less["phoneNumbers"] = new JsonArray(new JsonObject { ["value"] = "tel:+49-30-1234567;ext=9", ["type"] = "work" });
        var body = await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", less);
        body.TryGetProperty("title", out _).ShouldBeFalse();
        Provider.Last.Headers.ETag!.ToString().ShouldBe("W/\"2\"");
        var profile = await Profile(id);
        (profile[AccountDetail.JobTitle].Value, profile[AccountDetail.JobTitle].Refusal, profile[AccountDetail.Department].Value)
            .ShouldBe((null, null, "Research"));
        (profile[AccountDetail.PublicName].Value, profile[AccountDetail.TimeZone].Value, profile[AccountDetail.Language].Value,
            profile[AccountDetail.Phone].Value).ShouldBe(("Mi", "Europe/Berlin", "de-AT", "+49-30-1234567"));
        await Here.Grant(new ChangeDetail(new(id), Acme, AccountDetail.JobTitle, null, "By hand", By(Ada)));
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", less);
        Provider.Last.Headers.ETag!.ToString().ShouldBe("W/\"2\"", "nothing new moves no version");
        (await Profile(id))[AccountDetail.JobTitle].Value.ShouldBe("By hand", "what the provider does not say is left alone");
        (await Here.Refuse(new ChangeDetail(new(id), Acme, AccountDetail.PublicName, "Mi", "x", By(Ada))))
            .ShouldBe(new OwnedByProvider("Entra ID"));
    }

    [Fact]
    public async Task Versions_guard_against_overwriting_and_save_reading_again()
    {
        var id = await Provider.Create(Person("mia"));
        await Provider.Expect(HttpStatusCode.NotModified, "GET", $"/Users/{id}", null, ("If-None-Match", "W/\"1\""));
        await Provider.Expect(HttpStatusCode.PreconditionFailed, "PUT", $"/Users/{id}", Person("mia"), ("If-Match", "W/\"2\""));
        await Provider.Expect(HttpStatusCode.PreconditionFailed, "DELETE", $"/Users/{id}", null, ("If-Match", "\"7\""));
        var (status, _) = await Provider.Ask("PATCH", $"/Users/{id}",
            new
            {
                schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                Operations = (object[])[new { op = "replace", path = "title", value = "Boss" }]
            }, ("If-Match", "W/\"1\""));
        status.ShouldBe(HttpStatusCode.OK);
        await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}", null, ("If-None-Match", "W/\"1\""));
        (await Profile(id))[AccountDetail.JobTitle].Value.ShouldBe("Boss");
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{id}", null, ("If-Match", "*"));
    }

    [Fact]
    public async Task What_makes_no_person_is_the_providers_fault_and_changes_nothing()
    {
        var id = await Provider.Create(Person("mia"));
        async Task Invalid(string attribute, Action<JsonObject> spoil)
        {
            var person = Person("mia");
            spoil(person);
            var fault = await Provider.Expect(HttpStatusCode.BadRequest, "PUT", $"/Users/{id}", person);
            fault.GetProperty("scimType").GetString().ShouldBe("invalidValue");
            fault.GetProperty("detail").GetString()!.ShouldContain(attribute);
        }
        await Invalid("externalId", p => p["externalId"] = new string('x', 255));
        await Invalid("active", p => p["active"] = "perhaps");
        await Invalid("userName", p => p.Remove("userName"));
        await Invalid("userName", p => p["userName"] = new string('u', 255));
        Provider.Last.Headers.ETag.ShouldBeNull();
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}")).GetProperty("meta").GetProperty("version").GetString()
            .ShouldBe("W/\"1\"");
        (await Audit(id)).Count.ShouldBe(4);
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes.ShouldAllBe(n => n.Person == new AccountId(id)
            && n.PersonName == "mia Long");
    }

    [Fact, Trait("Rule", "A3"), Trait("Rule", "A4")]
    public async Task Off_and_on_deactivate_and_reactivate_but_an_admins_deactivation_stays()
    {
        var id = await Provider.Create(Person("mia"));
        (await Provider.Patch(id, new { op = "replace", path = "active", value = false })).GetProperty("active").GetBoolean()
            .ShouldBeFalse();
        (await Profile(id)).State.ShouldBe(AccountState.Deactivated);
        await Provider.Patch(id, new { op = "Replace", value = new { active = "True" } });
        (await Profile(id)).State.ShouldBe(AccountState.Active);
        await Here.Grant(new DeactivateAccount(new(id), Acme, "left", null, false, By(Ada)));
        await Provider.Patch(id, new { op = "replace", path = "title", value = "Boss" });
        (await Profile(id)).State.ShouldBe(AccountState.Deactivated, "a provider that repeats itself undoes nothing");
        await Provider.Patch(id, new { op = "replace", path = "active", value = false });
        (await Provider.Ask("PATCH", $"/Users/{id}",
            new
            {
                schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                Operations = (object[])[new { op = "replace", path = "active", value = true }]
            })).Status.ShouldBe(
                HttpStatusCode.Forbidden);
        await Here.Grant(new ReactivateAccount(new(id), Acme, By(Ada)));
        (await Provider.Patch(id, new { op = "replace", path = "active", value = true })).GetProperty("active").GetBoolean().ShouldBeTrue();
        var off = await Provider.Create(Person("off", active: false));
        (await Profile(off)).State.ShouldBe(AccountState.Deactivated);
        await Provider.Patch(off, new { op = "add", path = "active", value = true });
        (await Profile(off)).State.ShouldBe(AccountState.Active);
    }

    [Fact, Trait("Rule", "A8")]
    public async Task The_last_admin_is_not_switched_off_by_a_provider()
    {
        var id = await Provider.Create(Person("ada"));
        id.ShouldBe(Ada.Value, "who has an account already is linked");
        (await Provider.Ask("PATCH", $"/Users/{id}",
            new { Operations = (object[])[new { op = "replace", path = "active", value = false }] })).Status.ShouldBeOneOf(
            HttpStatusCode.Forbidden, HttpStatusCode.BadRequest);
        var off = Person("ada", active: false);
        off["title"] = "Never";
        var (status, fault) = await Provider.Ask("PUT", $"/Users/{id}", off);
        (status, fault.GetProperty("detail").GetString()).ShouldBe((HttpStatusCode.Forbidden, new LastOrganizationAdmin().Sentence));
        await Provider.Expect(HttpStatusCode.Forbidden, "DELETE", $"/Users/{id}");
        var profile = await Profile(id);
        (profile.State, profile[AccountDetail.JobTitle].Value, profile.ProvisionedBy)
            .ShouldBe((AccountState.Active, "Engineer", "Entra ID"));
    }

    [Fact]
    public async Task A_person_shows_the_groups_of_the_own_directory_alone()
    {
        var id = await Provider.Create(Person("mia"));
        foreach (var (name, directory) in ((string, IdentityDirectoryId?)[])[
            ("Sales", Provider.Directory), ("Buying", Provider.Directory), ("Theirs", Foreign.Directory), ("By hand", null)])
        {
            var group = await Here.Grant(new CreateGroup(Acme, name, null, By(Ada)));
            await Here.Rows<int>("insert into sites.group_member (group_id, account_id, added_at) values (@group, @id, now()) returning 1",
                new { group = group.Value, id });
            if (directory is { } owner)
                await Here.Rows<int>(
                    "insert into directory.provisioned_group (directory_id, group_id, display_name, created_at, changed_at) "
                    + "values (@owner, @group, @name, now(), now()) returning 1", new { owner = owner.Value, group = group.Value, name });
        }
        foreach (var person in (JsonElement[])[await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}"),
            (await Provider.Expect(HttpStatusCode.OK, "GET", "/Users")).GetProperty("Resources")[0],
            await Provider.Patch(id, new { op = "replace", path = "title", value = "Boss" })])
            person.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("display").GetString()).ShouldBe(["Buying", "Sales"]);
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}?excludedAttributes=groups")).TryGetProperty("groups", out _)
            .ShouldBeFalse();
        // What a provider says of them counts for nothing.
        var told = Person("mia");
        told["groups"] = new JsonArray(new JsonObject { ["value"] = $"{Guid.NewGuid()}" });
        (await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", told)).GetProperty("groups").GetArrayLength().ShouldBe(2);
    }

    [Fact, Trait("Rule", "L1")]
    public async Task What_a_provider_keeps_of_its_own_changes_with_one_entry_that_names_the_attributes()
    {
        var id = await Provider.Create(Person("mia"));
        async Task<IReadOnlyList<string>> Told(params object[] operations)
        {
            var before = (await Audit(id)).Count;
            await Provider.Patch(id, operations);
            return [.. (
                await Here.Rows<string>(
                    "select concat_ws(' ', action, after->>'attributes') from kernel.audit_entry where subject_id = @id "
                    + "order by xid, at, id", new { id })).Skip(before)];
        }
        (await Told(new { op = "replace", path = "externalId", value = "other" })).ShouldBe(["ProviderRecordChanged externalId"]);
        (await Told(new { op = "replace", path = "externalId", value = "other" })).ShouldBeEmpty("it is so already");
        (await Told(new { op = "replace", value = new { name = new { honorificPrefix = "Dr" }, displayName = "M" } },
            new { op = "add", path = $"{ProvidedUser.Enterprise}:employeeNumber", value = "7" }))
            .ShouldBe([$"ProviderRecordChanged displayName, name, {ProvidedUser.Enterprise}:employeeNumber"]);
        (await Told(new { op = "replace", path = "title", value = "Boss" }))
            .ShouldBe(["DetailChanged"], "the account's own entry tells of it");
        (await Told(new { op = "replace", path = "active", value = false }, new { op = "replace", path = "externalId", value = "third" }))
            .ShouldBe(["AccountDeactivated", "ProviderRecordChanged externalId"]);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where after::text like '%third%' or personal::text like '%third%'"))
            .ShouldBe(0, "names alone");
    }
}
