using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The User management API as its clients ask it (SPEC P1): paths, methods, status codes, names and error keys.</summary>
[Trait("Rule", "P1")]
public sealed class UserManagementApi : OnApi
{
    string Of(AccountId account, string rest = "") => $"/users/{account}/manage{rest}";

    internal static string? KeyOf(JsonElement fault) => fault.GetProperty("key").GetString();

    [Fact]
    public async Task Privileges_say_what_is_allowed_and_why_not()
    {
        var all = await Program.Expect(HttpStatusCode.OK, "GET", Of(Liam));
        all.EnumerateObject().Select(p => p.Name)
            .ShouldBe(["profile", "profile.write", "profile.read", "email.set", "lifecycle.enablement", "lifecycle.delete", "apiToken.read",
                "apiToken.delete"]);
        all.GetProperty("profile.write").GetProperty("extended_profile.job_title").GetProperty("allowed").GetBoolean().ShouldBeTrue();
        all.GetProperty("email.set").ToString().ShouldBe("""{"allowed":true}""");
        all.GetProperty("lifecycle.delete").GetProperty("allowed").GetBoolean().ShouldBeTrue();
        var few = await Program.Expect(HttpStatusCode.OK, "GET", $"{Of(Liam)}?privileges=email.set&privileges=apiToken.read");
        few.EnumerateObject().Select(p => p.Name).ShouldBe(["email.set", "apiToken.read"]);
        await Here.Grant(new ClaimAccount(Ada, Acme, "acme.example", true, TestInstallation.Console));
        (await Program.Expect(HttpStatusCode.OK, "GET", Of(Ada))).GetProperty("lifecycle.enablement").ToString()
            .ShouldBe("""{"allowed":false,"reason":{"key":"administrative.notMyself"}}""");
        await Here.Rows<int>(
            "insert into accounts.profile (account_id, provisioned_by, provisioned_fields) values (@id, 'Okta', '{jobTitle,email}') on "
            + "conflict (account_id) do update set provisioned_by = 'Okta', provisioned_fields = '{jobTitle,email}' returning 1",
            new { id = Liam.Value });
        var provisioned = await Program.Expect(HttpStatusCode.OK, "GET", Of(Liam));
        provisioned.GetProperty("email.set").GetProperty("reason").GetProperty("key").GetString().ShouldBe("externalDirectory.scim");
        provisioned.GetProperty("profile").GetProperty("extended_profile.job_title").GetProperty("reason").GetProperty("key").GetString()
            .ShouldBe("externalDirectory.scim");
    }

    [Fact, Trait("Rule", "M3")]
    public async Task A_profile_is_read_and_patched()
    {
        var before = (await Program.Expect(HttpStatusCode.OK, "GET", Of(Liam, "/profile"))).GetProperty("account");
        before.GetProperty("account_id").GetGuid().ShouldBe(Liam.Value);
        (before.GetProperty("account_status").GetString(), before.GetProperty("email").GetString(), before.GetProperty("nickname")
            .GetString()).ShouldBe(("active", "liam@acme.example", "Liam"));
        var after = (await Program.Expect(HttpStatusCode.OK, "PATCH", Of(Liam, "/profile"), """
            {"name":"Liam Long","nickname":"li","zoneinfo":"europe/berlin","locale":"de-at",
             "extended_profile":{"job_title":"Engineer","location":null}}
            """)).GetProperty("account");
        (after.GetProperty("name").GetString(), after.GetProperty("nickname").GetString(), after.GetProperty("zoneinfo").GetString(),
            after.GetProperty("locale").GetString()).ShouldBe(("Liam Long", "li", "Europe/Berlin", "de-AT"));
        after.GetProperty("extended_profile").ToString().ShouldBe("""{"job_title":"Engineer"}""");
        (await Program.Expect(HttpStatusCode.OK, "PATCH", Of(Liam, "/profile"),
            """{"name":"Liam Long","extended_profile":{"job_title":""}}""")).GetProperty("account").GetProperty("extended_profile")
            .ToString().ShouldBe("{}");
        var last = Program.Last;
        // The last one begins with the mark that some clients put before UTF-8, and is read all the same.
        foreach (var unknown in (string[])["""{"something_new":1}""", """{"name":"X","extended_profile":{"something_new":"1"}}""",
            "\uFEFF{\"something_new\":1}"])
            (await Program.Expect(HttpStatusCode.BadRequest, "PATCH", Of(Liam, "/profile"), unknown)).ToString()
                .ShouldContain("something_new");
        var entries = await Here.Rows<(Guid? Actor, string Means, string Request)>("""
            select actor_id, means, request_id from kernel.audit_entry where action = 'DetailChanged' and subject_id = @id order by at
            """, new { id = Liam.Value });
        entries.Count.ShouldBe(6, "one for each field that changed");
        entries.ShouldAllBe(e => e.Actor == Ada.Value && e.Means.StartsWith("api key ", StringComparison.Ordinal));
        entries[^1].Request.ShouldBe(last.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact, Trait("Rule", "A11")]
    public async Task What_a_provider_owns_is_forbidden_with_its_reason()
    {
        await Here.Rows<int>(
            "insert into accounts.profile (account_id, provisioned_by, provisioned_fields) values (@id, 'Okta', '{jobTitle}') returning 1",
            new { id = Liam.Value });
        var fault = await Program.Expect(HttpStatusCode.Forbidden, "PATCH", Of(Liam, "/profile"),
            """{"name":"Changed","extended_profile":{"job_title":"Boss"}}""");
        (KeyOf(fault), fault.GetProperty("context").ToString())
            .ShouldBe(("forbidden.fieldMutation",
                """{"extended_profile.job_title":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}}"""));
        (await Here.Grant(new ReadAccount(Liam))).Name.ShouldBe("Liam");
    }

    [Fact, Trait("Rule", "M4")]
    public async Task An_address_is_changed_within_the_organizations_domains_alone()
    {
        await Program.Expect(HttpStatusCode.NoContent, "PUT", Of(Liam, "/email"), """{"email":"Liam.Long@acme.example"}""");
        await Program.Expect(HttpStatusCode.NoContent, "PUT", Of(Liam, "/email"), """{"email":"liam.long@acme.example"}""");
        (await Here.Grant(new ReadAccount(Liam))).Email.ShouldBe("liam.long@acme.example");
        var fault = await Program.Expect(HttpStatusCode.Forbidden, "PUT", Of(Liam, "/email"), """{"email":"liam@globex.example"}""");
        (KeyOf(fault), fault.GetProperty("context").GetProperty("domain").GetString())
            .ShouldBe(("forbidden.unclaimedDomain", "globex.example"));
        KeyOf(await Program.Expect(HttpStatusCode.Conflict, "PUT", Of(Liam, "/email"), """{"email":"ada@acme.example"}"""))
            .ShouldBe("conflict.emailTaken");
        foreach (var (email, violation) in ((string, string)[])[
            ("", "validCharacters"), ("x", "validCharacters"), ($"{new string('a', 65)}@acme.example", "partMaxLength"),
            ($"a@{new string('b', 260)}.example", "maxLength")])
            (await Program.Expect(HttpStatusCode.BadRequest, "PUT", Of(Liam, "/email"), new { email })).GetProperty("context")
                .GetProperty("fieldViolations")[0].GetProperty("violations")[0].GetProperty("key").GetString().ShouldBe(violation, email);
        var newcomer = await Here.Account("new@acme.example", verified: false, managedBy: Acme);
        KeyOf(await Program.Expect(HttpStatusCode.Forbidden, "PUT", Of(newcomer, "/email"), """{"email":"newer@acme.example"}"""))
            .ShouldBe("forbidden.targetUnverified");
    }

    [Fact, Trait("Rule", "A3"), Trait("Rule", "A5")]
    public async Task An_account_is_disabled_enabled_deleted_and_brought_back()
    {
        await Program.Expect(HttpStatusCode.NoContent, "POST", Of(Liam, "/lifecycle/disable"), """{"message":"Ask Grace."}""");
        (await Here.Grant(new ReadAccount(Liam)))
            .ShouldSatisfyAllConditions(a => a.State.ShouldBe(AccountState.Deactivated), a => a.Message.ShouldBe("Ask Grace."));
        await Program.Expect(HttpStatusCode.NoContent, "POST", Of(Liam, "/lifecycle/disable"));
        (await Program.Expect(HttpStatusCode.OK, "GET", Of(Liam, "/profile"))).GetProperty("account").GetProperty("account_status")
            .GetString().ShouldBe("inactive");
        await Program.Expect(HttpStatusCode.NoContent, "POST", Of(Liam, "/lifecycle/enable"));
        await Program.Expect(HttpStatusCode.NoContent, "POST", Of(Liam, "/lifecycle/enable"));
        KeyOf(await Program.Expect(HttpStatusCode.NotFound, "POST", Of(Liam, "/lifecycle/cancel-delete"))).ShouldBe("notFound");
        (await Program.Expect(HttpStatusCode.OK, "POST", Of(Liam, "/lifecycle/delete"))).GetProperty("message")
            .GetString()!.Length.ShouldBeGreaterThan(10);
        var conflict = await Program.Expect(HttpStatusCode.Conflict, "POST", Of(Liam, "/lifecycle/enable"));
        (KeyOf(conflict), conflict.GetProperty("context").GetProperty("errorCodes")[0].GetProperty("code").GetString())
            .ShouldBe(("conflict.lifecycleErrors", "beingDeleted"));
        await Program.Expect(HttpStatusCode.OK, "POST", Of(Liam, "/lifecycle/cancel-delete"));
        (await Here.Grant(new ReadAccount(Liam))).State.ShouldBe(AccountState.Active);
        await Here.Grant(new ClaimAccount(Ada, Acme, "acme.example", true, TestInstallation.Console));
        var self = await Program.Expect(HttpStatusCode.Forbidden, "POST", Of(Ada, "/lifecycle/disable"));
        (KeyOf(self), self.GetProperty("context").ToString())
            .ShouldBe(("forbidden.action", """{"allowed":false,"reason":{"key":"administrative.notMyself"}}"""));
        (await Program.Expect(HttpStatusCode.BadRequest, "POST", Of(Liam, "/lifecycle/disable"), new { message = new string('x', 501) }))
            .GetProperty("context").GetProperty("fieldViolations")[0].GetProperty("field").GetString().ShouldBe("message");
    }

    [Fact, Trait("Rule", "M8")]
    public async Task Tokens_are_listed_and_revoked()
    {
        var token = await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)));
        var list = await Program.Expect(HttpStatusCode.OK, "GET", Of(Liam, "/api-tokens"));
        list.GetArrayLength().ShouldBe(1);
        (list[0].GetProperty("id").GetGuid(), list[0].GetProperty("label").GetString(), list[0].TryGetProperty("lastAccess", out _))
            .ShouldBe((token.Token.Id, "Backup", false));
        list[0].GetProperty("createdAt").GetString()!.ShouldEndWith("Z");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", Of(Liam, $"/api-tokens/{token.Token.Id}"));
        (await Here.Send(new AuthenticateBearer(token.Secret))).ShouldBeNull();
        KeyOf(await Program.Expect(HttpStatusCode.NotFound, "DELETE", Of(Liam, $"/api-tokens/{token.Token.Id}"))).ShouldBe("notFound");
    }

    [Fact, Trait("Rule", "S8")]
    public async Task Foreign_accounts_answer_as_unknown_ones_and_nothing_of_them_changes()
    {
        var token = await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)));
        var before = await Here
            .Scalar<string>("select string_agg(id || version::text || name || email || state, '|' order by id) from accounts.account");
        foreach (var (method, rest, body) in ((string, string, string?)[])[
            ("GET", "", null), ("GET", "/profile", null), ("PATCH", "/profile", """{"name":"Changed"}"""),
            ("PATCH", "/profile", """{"name":"a\u0007"}"""), ("PUT", "/email", """{"email":"liam2@globex.example"}"""),
            ("GET", "/api-tokens", null),
            ("DELETE", $"/api-tokens/{token.Token.Id}", null), ("POST", "/lifecycle/disable", null), ("POST", "/lifecycle/enable", null),
                ("POST", "/lifecycle/delete", null), ("POST", "/lifecycle/cancel-delete", null)])
        {
            var (theirs, nobodys) = (await Foreign.Ask(method, Of(Liam, rest), body),
                await Foreign.Ask(method, Of(new(Guid.NewGuid()), rest), body));
            (theirs.Status, theirs.Body.ToString()).ShouldBe((nobodys.Status, nobodys.Body.ToString()), $"{method} {rest}");
            (theirs.Status, KeyOf(theirs.Body)).ShouldBe((HttpStatusCode.NotFound, "accountNotFound"), $"{method} {rest}");
        }
        (await Here.Scalar<string>(
            "select string_agg(id || version::text || name || email || state, '|' order by id) from accounts.account")).ShouldBe(before);
        (await Here.Send(new AuthenticateBearer(token.Secret))).ShouldNotBeNull();
    }
}

/// <summary>Patches that <see cref="UserManagementApi"/> does not take.</summary>
[Trait("Rule", "P1")]
public sealed class UserManagementApiRefuses(OneApi one) : IClassFixture<OneApi>
{
    [Theory]
    [InlineData("", 400, "bodyParseFailure", null)]
    [InlineData("{", 400, "bodyParseFailure", null)]
    [InlineData("[]", 400, "bodyParseFailure", null)]
    [InlineData("""{"name":1}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"extended_profile":"x"}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"name":"a","name":"b"}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"extended_profile":{"location":"a","location":"b"}}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"extended_profile.job_title":"A"}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"extended_profile.job_title":"A","extended_profile":{"job_title":"B"}}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"name":"\ud800"}""", 400, "bodyParseFailure", null)]
    [InlineData("""{"name":"a\u0007b"}""", 400, "fieldConstraintsViolated",
        """[{"field":"name","violations":[{"key":"validCharacters"}]}]""")]
    [InlineData("""{"nickname":"1234567890123456789012345678901","zoneinfo":"Nowhere/Land"}""", 400, "fieldConstraintsViolated",
        """[{"field":"nickname","violations":[{"key":"maxLength"}]},{"field":"zoneinfo","violations":[{"key":"validCharacters"}]}]""")]
    [InlineData("""{"extended_profile":{"job_title":"a\u0007b"},"name":"Changed"}""", 400, "fieldConstraintsViolated",
        """[{"field":"extended_profile.job_title","violations":[{"key":"validCharacters"}]}]""")]
    [InlineData("""{"email":"other@acme.example","name":"Changed"}""", 403, "forbidden.fieldMutation", null)]
    public async Task A_patch_that_cannot_be_taken_changes_nothing(string body, int status, string key, string? violations)
    {
        var fault = await one.Caller.Expect((HttpStatusCode)status, "PATCH", $"/users/{one.Person}/manage/profile", body);
        UserManagementApi.KeyOf(fault).ShouldBe(key);
        if (violations is not null) fault.GetProperty("context").GetProperty("fieldViolations").ToString().ShouldBe(violations);
        (await one.Installation.Scalar<long>("select count(*) from kernel.audit_entry where action = 'DetailChanged'")).ShouldBe(0);
    }
}
