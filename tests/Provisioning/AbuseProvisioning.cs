using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>What a provider must not get by provisioning: other people's accounts, another organization's people, or an account that
/// somebody else prepared (SPEC P2, A9).</summary>
[Trait("Rule", "P2")]
public sealed class AbuseProvisioning : OnScim
{
    const string Password = "correct horse";

    static JsonObject PatchOf(string path, JsonNode value) =>
        new()
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
            ["Operations"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value })
        };

    [Fact]
    public async Task Another_organizations_people_do_not_exist_by_whatever_name_they_are_asked_for()
    {
        var theirs = await Foreign.Create(Person("gill", "4711", "globex.example"));
        var mine = await Provider.Create(Person("mia", "4711"));
        foreach (var id in (string[])[$"{theirs}", $"{Guid.NewGuid()}", $"{Gus}", "4711", "1", "ext-gill", "gill@globex.example"])
        {
            var told = new List<string>();
            foreach (var (method, body) in ((string, JsonObject?)[])[
                ("GET", null), ("PUT", Person("gill", "4711")), ("PATCH", PatchOf("title", "Mine")), ("DELETE", null)])
                told.Add((await Provider.Expect(HttpStatusCode.NotFound, method, $"/Users/{id}", body)).GetRawText());
            told.Distinct().Count().ShouldBe(1, id);
        }
        foreach (var filter in (string[])["externalId eq \"4711\"", "userName co \"g\" or userName co \"m\"",
            "emails.value eq \"gill@globex.example\" or externalId eq \"4711\"", $"id eq \"{theirs}\" or id eq \"{mine}\""])
            (await Provider.Find(filter)).ShouldAllBe(id => id == mine, filter);
        (await Foreign.Expect(HttpStatusCode.OK, "GET", $"/Users/{theirs}")).GetProperty("title").GetString().ShouldBe("Engineer");
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes.ShouldAllBe(n => n.Person == null);
    }

    [Fact]
    public async Task An_account_off_the_own_domains_is_never_adopted_nor_told_of()
    {
        var nora = await Here.Account("nora@mail.example", "Nora");
        var before = await Here.Grant(new ReadAccount(nora));
        var (known, unknown) = (Person("nora", domain: "mail.example"), Person("nobody", domain: "mail.example"));
        var (one, other) = (await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", known),
            await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", unknown));
        one.GetRawText().ShouldBe(other.GetRawText());
        // Nor whether another organization's provider provides for an address.
        await Foreign.Create(Person("gill", domain: "globex.example"));
        (await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("gill", domain: "globex.example"))).GetRawText()
            .ShouldBe((await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("nobody", domain: "globex.example")))
                .GetRawText());
        // The address decides, whatever the user name says.
        var hidden = Person("mia");
        hidden["emails"] = new JsonArray(new JsonObject { ["value"] = "nora@mail.example" });
        var id = await Provider.Create(hidden);
        (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("mia@acme.example", "an address on a foreign domain is passed over");
        foreach (var address in (string[])["nora@mail.example", "gus@globex.example", "free@globex.example", "mia@sub.acme.example",
            "mia@acme.example.evil.example"])
        {
            await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{id}",
                PatchOf("emails", new JsonArray(new JsonObject { ["value"] = address, ["primary"] = true })));
            (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("mia@acme.example", address);
            hidden["userName"] = "mia@acme.example";
            hidden["emails"] = new JsonArray(new JsonObject { ["value"] = address });
            await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", hidden);
        }
        (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("mia@acme.example");
        (await Here.Grant(new ReadAccount(nora))).ShouldBe(before with { AdminOf = before.AdminOf }, "nobody touched it");
        (await Provider.Expect(HttpStatusCode.Conflict, "PATCH", $"/Users/{id}",
            PatchOf("emails", new JsonArray(new JsonObject { ["value"] = "ada@acme.example" })))).GetProperty("scimType").GetString()
            .ShouldBe("uniqueness");
    }

    [Fact]
    public async Task Who_was_unclaimed_or_is_anothers_stays_so()
    {
        var excluded = await Here.Account("excluded@acme.example", managedBy: Acme);
        await Here.Grant(new UnclaimAccount(excluded, Acme, true, By(Ada)));
        (await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("excluded"))).GetProperty("detail").GetString()
            .ShouldBe(new ExcludedFromClaiming().Sentence);
        var theirs = await Here.Account("theirs@acme.example", managedBy: Globex);
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("theirs"));
        var leaving = await Here.Account("leaving@acme.example", managedBy: Acme);
        await Here.Grant(new ScheduleDeletion(leaving, Acme, By(Ada)));
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("leaving"));
        var off = await Here.Account("off@acme.example", managedBy: Acme);
        await Here.Grant(new DeactivateAccount(off, Acme, null, null, false, By(Ada)));
        await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("off"));
        (await Here.Scalar<long>("select count(*) from directory.provisioned_user")).ShouldBe(0);
        (await Here.Grant(new ReadAccount(excluded))).ManagedBy.ShouldBeNull();
        (await Here.Grant(new ReadAccount(theirs))).ManagedBy.ShouldBe(Globex);
        (await Here.Grant(new ReadAccount(off))).State.ShouldBe(AccountState.Deactivated);
        (await Provider.Create(Person("off", active: false))).ShouldBe(off.Value, "off on both sides");
    }

    [Fact, Trait("Rule", "A2")]
    public async Task A_squatters_password_does_not_open_the_account_that_the_provider_gives_to_its_person()
    {
        var squatted = await Here.Account("mia@acme.example", "Squatter", verified: false);
        await Here.Grant(new GivePassword([squatted], Password));
        await Here.Rows<int>(
            "insert into security.two_step (account_id, secret, on_since) select @id, '\\x00', now() where false returning 1",
            new { id = squatted.Value });
        (await Provider.Create(Person("mia"))).ShouldBe(squatted.Value);
        var account = await Here.Grant(new ReadAccount(squatted));
        (account.State, account.Name, account.ManagedBy).ShouldBe((AccountState.Active, "mia Long", Acme));
        (await Here.Send(new SignIn("mia@acme.example", Password, "Firefox", TestInstallation.Console))).Granted.ShouldBeFalse();
        (await Here.Scalar<long>("select count(*) from security.password where account_id = @id", new { id = squatted.Value })).ShouldBe(0);
        (await Here.Rows<string>("select action from kernel.audit_entry where subject_id = @id order by at, id",
            new { id = squatted.Value })).ShouldContain("CredentialsVoided");
        // Who verified the address is the person and keeps the password.
        var verified = await Here.Account("liam@acme.example", "Liam");
        await Here.Grant(new GivePassword([verified], Password));
        (await Provider.Create(Person("liam"))).ShouldBe(verified.Value);
        (await Here.Send(new SignIn("liam@acme.example", Password, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
        (await Here.Grant(new ReadAccount(verified))).ManagedBy.ShouldBe(Acme);
    }

    [Fact]
    public async Task A_provider_that_is_killed_between_steps_or_loses_the_answer_says_the_same_again_and_ends_right()
    {
        var (origin, email) = (new Origin(null, $"scim {Provider.Directory}"), EmailAddress.Trusted("mia@acme.example"));
        // After the first step of a creation, then of one that met an unverified account, then after the claim alone.
        var first = new AccountId(Guid.CreateVersion7());
        await Here.Grant(new SignUpAccount(first, email, "mia", true, Acme, origin));
        (await Provider.Create(Person("mia"))).ShouldBe(first.Value);
        var second = await Here.Account("noah@acme.example", verified: false);
        await Here.Grant(new GivePassword([second], Password));
        await Here.Grant(new ClaimAccount(second, Acme, "acme.example", false, origin));
        (await Provider.Create(Person("noah"))).ShouldBe(second.Value);
        (await Here.Grant(new ReadAccount(second))).State.ShouldBe(AccountState.Active);
        (await Here.Scalar<long>("select count(*) from security.password where account_id = @id", new { id = second.Value })).ShouldBe(0);
        // A change whose account was changed and whose row was not.
        await Here.Grant(new DeactivateAccount(first, Acme, null, null, false, origin));
        await Here.Grant(new ProvideDetail(first, Acme, AccountDetail.JobTitle, "Boss", origin with { RequestId = $"{Guid.NewGuid():N}" }));
        var off = Person("mia", active: false);
        off["title"] = "Boss";
        (await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{first}", off)).GetProperty("active").GetBoolean().ShouldBeFalse();
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{first}", Person("mia"));
        (await Here.Grant(new ReadAccount(first))).State.ShouldBe(AccountState.Active);
        // A deletion that had deactivated and released.
        await Here.Grant(new DeactivateAccount(first, Acme, null, null, false, origin));
        await Here.Grant(new ReleaseFromProvider(first, origin));
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{first}");
        (await Provider.Create(Person("mia"))).ShouldBe(first.Value);
        (await Here.Grant(new ReadAccount(first))).State.ShouldBe(AccountState.Active);
        (await Here.Rows<long>("select count(*) from kernel.audit_entry where action = 'AccountSignedUp' and subject_id = @id",
            new { id = first.Value })).ShouldBe([1]);
    }

    [Fact]
    public async Task Many_who_make_the_same_person_at_once_make_one()
    {
        await using var other = await WholeSite.On(Here);
        var made = new NewProvisioningToken(Provider.Token!, (await Here.Send(new ReadIdentityDirectories(Acme))).Single());
        using var there = With(made, other);
        var rounds = Proof.Size(3, 10);
        for (var round = 0; round < rounds; round++)
        {
            var person = Person($"p{round}");
            var answers = await Task.WhenAll(Enumerable.Range(0, 8)
                .Select(i => new ScimCaller((i % 2 == 0 ? Site : other).Somebody().Client, Provider.Directory, Provider.Token, Here.Clock))
                .Select(c => c.Ask("POST", "/Users", person)));
            answers.Count(a => a.Status is HttpStatusCode.Created).ShouldBe(1);
            answers.Count(a => a.Status is HttpStatusCode.Conflict).ShouldBe(7);
        }
        (await Here.Scalar<long>("select count(*) from accounts.account where email like 'p%@acme.example'")).ShouldBe(rounds);
    }

    [Fact]
    public async Task Replacements_and_patches_at_once_end_as_if_one_came_after_the_other()
    {
        const int AtOnce = 4;
        var rounds = Proof.Size(5, 50); // 20 changes, or 200
        await using var other = await WholeSite.On(Here);
        var id = await Provider.Create(Person("mia"));
        var (done, conditional) = (0L, 0);
        for (var round = 0; round < rounds; round++)
        {
            var version = (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}")).GetProperty("meta").GetProperty("version")
                .GetString()!;
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async i =>
            {
                using var caller = new ScimCaller((i % 2 == 0 ? Site : other).Somebody().Client, Provider.Directory, Provider.Token,
                    Here.Clock);
                var person = Person("mia");
                person["title"] = $"put {round} {i}";
                person["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]!["department"] = $"put {round} {i}";
                var patch = new JsonObject
                {
                    ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
                    ["Operations"] = new JsonArray(
                        new JsonObject
                        {
                            ["op"] = "replace",
                            ["value"] = new JsonObject
                            {
                                ["title"] = $"patch {round} {i}",
                                ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"] = $"patch {round} {i}"
                            }
                        }),
                };
                var match = i < 2 ? [("If-Match", version)] : Array.Empty<(string, string)>();
                return (If: i < 2,
                    Status: (i % 2 == 0 ? await caller.Ask("PUT", $"/Users/{id}", person, match) : await caller.Ask("PATCH", $"/Users/{id}",
                        patch, match)).Status);
            }));
            answers.Where(a => !a.If).ShouldAllBe(a => a.Status == HttpStatusCode.OK);
            answers.Where(a => a.If).ShouldAllBe(a => a.Status == HttpStatusCode.OK || a.Status == HttpStatusCode.PreconditionFailed);
            answers.Count(a => a.If && a.Status is HttpStatusCode.OK)
                .ShouldBeLessThan(2, "only one of two can have seen the same version last");
            done += answers.Count(a => a.Status is HttpStatusCode.OK);
            conditional += answers.Count(a => a.Status is HttpStatusCode.PreconditionFailed);
            var now = await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}");
            var profile = await Here.Grant(new ReadProfile(new(id), Acme, Ada));
            var title = now.GetProperty("title").GetString();
            (profile[AccountDetail.JobTitle].Value, profile[AccountDetail.Department].Value,
                now.GetProperty("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").GetProperty("department").GetString())
                .ShouldBe((title, title, title));
            now.GetProperty("meta").GetProperty("version").GetString().ShouldBe($"W/\"{done + 1}\"");
        }
        conditional.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Bodies_that_are_none_or_too_large_are_told_so()
    {
        foreach (var body in (string[])["", "{", "null", "[]", "\"x\"", "{\"userName\":\"a\",\"userName\":\"b\"}",
            "{\"userName\":\"\\ud800\"}", $"{{\"a\":{new string('[', 100)}{new string(']', 100)}}}", "{\"userName\":5}",
            "{\"userName\":\"x\",\"name\":[]}", "{\"userName\":\"x\",\"emails\":{\"a\":1}}", "{}"])
            foreach (var (method, path) in ((string, string)[])[
                ("POST", "/Users"), ("PUT", $"/Users/{Ada}"), ("PATCH", $"/Users/{Ada}"), ("POST", "/Users/.search")])
                (await Provider.Ask(method, path, body)).Status
                    .ShouldBeOneOf([HttpStatusCode.BadRequest, HttpStatusCode.NotFound,
                        .. path.EndsWith(".search", StringComparison.Ordinal) ? (HttpStatusCode[])[HttpStatusCode.OK] : []],
                        $"{method} {body}");
        await Provider.Expect(HttpStatusCode.RequestEntityTooLarge, "POST", "/Users",
            $"{{\"userName\":\"{new string('x', 1024 * 1024)}\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/scim/directory/{Provider.Directory}/Users")
        { Content = new StringContent("{}", System.Text.Encoding.UTF8, "text/plain") };
        request.Headers.Authorization = new("Bearer", Provider.Token);
        (await Site.Somebody().Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await Provider.Expect(HttpStatusCode.NotFound, "GET", "/Nothing");
        await Provider.Expect(HttpStatusCode.MethodNotAllowed, "DELETE", "/Users");
        (await Here.Scalar<long>("select count(*) from directory.provisioned_user")).ShouldBe(0);
    }
}
