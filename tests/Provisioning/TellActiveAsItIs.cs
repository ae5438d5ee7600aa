using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>SCIM says and filters <c>active</c> as the account is,
/// and a request that says nothing of it changes nothing (SPEC P5).</summary>
[Trait("Rule", "P5")]
public sealed class TellActiveAsItIs : OnScim
{
    static object Replace(string path, object? value) => new { op = "replace", path, value };

    async Task<AccountState> State(Guid id) => (await Here.Grant(new ReadAccount(new(id)))).State;

    [Fact]
    public async Task Whoever_decided_it_is_told_and_found()
    {
        var (on, off, leaving, back) = (await Provider.Create(Person("on")), await Provider.Create(Person("off")),
            await Provider.Create(Person("leaving")), await Provider.Create(Person("back", active: false)));
        await Here.Grant(new DeactivateAccount(new(off), Acme, null, null, false, By(Ada)));
        await Here.Grant(new ScheduleDeletion(new(leaving), Acme, By(Ada)));
        await Here.Grant(new ReactivateAccount(new(back), Acme, By(Ada)));
        foreach (var (id, active) in ((Guid, bool)[])[(on, true), (off, false), (leaving, false), (back, true)])
        {
            (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}")).GetProperty("active").GetBoolean().ShouldBe(active);
            (await Provider.Find($"id eq \"{id}\" and active eq {(active ? "true" : "false")}")).ShouldBe([id]);
            (await Provider.Find($"id eq \"{id}\" and not (active eq {(active ? "true" : "false")})")).ShouldBeEmpty();
            (await Provider.Find($"id eq \"{id}\" and active ne {(active ? "false" : "true")}")).ShouldBe([id]);
        }
        (await Provider.Find("active eq false")).Order().ShouldBe(new[] { off, leaving }.Order());
        (await Provider.Expect(HttpStatusCode.OK, "GET", "/Users?filter=active%20eq%20%22True%22&count=0")).GetProperty("totalResults")
            .GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_tag_of_before_an_admins_decision_is_an_old_one()
    {
        var id = await Provider.Create(Person("mia"));
        var tag = Provider.Last.Headers.ETag!.ToString();
        await Here.Grant(new DeactivateAccount(new(id), Acme, null, null, false, By(Ada)));
        await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}", null, ("If-None-Match", tag));
        var now = Provider.Last.Headers.ETag!.ToString();
        now.ShouldNotBe(tag);
        await Provider.Expect(HttpStatusCode.NotModified, "GET", $"/Users/{id}", null, ("If-None-Match", now));
        await Provider.Expect(HttpStatusCode.PreconditionFailed, "PUT", $"/Users/{id}", Person("mia"), ("If-Match", tag));
        await Here.Grant(new ReactivateAccount(new(id), Acme, By(Ada)));
        await Provider.Expect(HttpStatusCode.NotModified, "GET", $"/Users/{id}", null, ("If-None-Match", tag));
    }

    [Fact]
    public async Task A_replacement_that_says_nothing_of_it_leaves_a_leaver_off()
    {
        var id = await Provider.Create(Person("mia"));
        await Provider.Patch(id, Replace("active", false));
        foreach (var spoil in (Action<JsonObject>[])[p => p.Remove("active"), p => p["active"] = null])
        {
            var person = Person("mia");
            person["title"] = $"{Guid.NewGuid()}";
            spoil(person);
            (await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", person)).GetProperty("active").GetBoolean().ShouldBeFalse();
            (await State(id)).ShouldBe(AccountState.Deactivated);
        }
        await Provider.Patch(id, new { op = "remove", path = "active" });
        (await State(id)).ShouldBe(AccountState.Deactivated);
        await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", Person("mia"));
        (await State(id)).ShouldBe(AccountState.Active, "the provider says so, and the provider had switched off");
        await Provider.Patch(id, new { op = "remove", path = "active" });
        (await State(id)).ShouldBe(AccountState.Active);
    }

    [Fact]
    public async Task Who_is_made_again_without_a_word_about_it_is_as_before()
    {
        var id = await Provider.Create(Person("mia"));
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{id}");
        var silent = Person("mia");
        silent.Remove("active");
        (await Provider.Create(silent)).ShouldBe(id);
        (await State(id)).ShouldBe(AccountState.Deactivated);
        var fresh = Person("noah");
        fresh.Remove("active");
        (await State(await Provider.Create(fresh))).ShouldBe(AccountState.Active, "who is new is on");
    }

    [Fact, Trait("Rule", "A8")]
    public async Task The_last_admin_stays_and_the_log_says_why()
    {
        var id = await Provider.Create(Person("ada"));
        foreach (var (method, path,
            body) in ((string, string, object?)[])[
            ("PATCH", $"/Users/{id}", new { Operations = new[] { Replace("title", new string('x', 200)), Replace("active", "False") } }),
            ("PUT", $"/Users/{id}", Person("ada", active: false)), ("POST", "/Users", Person("ada", active: false)),
            ("DELETE", $"/Users/{id}", null)])
        {
            (await Provider.Expect(HttpStatusCode.Forbidden, method, path, body)).GetProperty("detail").GetString()
                .ShouldBe(new LastOrganizationAdmin().Sentence, method);
            (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes[0]
                .ShouldSatisfyAllConditions(n => n.Method.ShouldBe(method), n => n.Reason.ShouldBe(new LastOrganizationAdmin().Sentence));
        }
        ((await State(id)), (await Profile(id))[AccountDetail.JobTitle].Value).ShouldBe((AccountState.Active, "Engineer"));
    }

    [Fact]
    public async Task Made_again_with_false_a_person_is_off_by_whichever_name()
    {
        foreach (var spoil in (Action<JsonObject>[])[_ => { }, p => p.Remove("externalId"), p => p["userName"] = "other@acme.example",
            p => p["title"] = new string('x', 500), p => p.Remove("userName"), p => p["emails"] = "nonsense"])
        {
            var name = $"p{Guid.NewGuid():N}"[..12];
            var (id, again) = (await Provider.Create(Person(name)), Person(name, active: false));
            spoil(again);
            var (status, _) = await Provider.Ask("POST", "/Users", again);
            status.ShouldBe(HttpStatusCode.Conflict, $"{again}");
            (await State(id)).ShouldBe(AccountState.Deactivated, $"{again}");
            (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}")).GetProperty("active").GetBoolean().ShouldBeFalse();
        }
    }

    [Fact]
    public async Task In_a_bulk_request_the_answer_tells_it_of_each()
    {
        var id = await Provider.Create(Person("mia"));
        var answer = await Provider.Expect(HttpStatusCode.OK, "POST", "/Bulk", new
        {
            schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            Operations =
                new[] { new { method = "PATCH", path = $"/Users/{id}",
                    data = new { Operations = new[] { Replace("timezone", "Mars/Olympus"), Replace("active", "False") } } } },
        });
        var one = answer.GetProperty("Operations")[0];
        one.GetProperty("status").GetString().ShouldBe("200");
        one.GetProperty("response").GetProperty(ScimReply.PassedOver)[0].GetString()!.ShouldStartWith("timezone");
        (await State(id)).ShouldBe(AccountState.Deactivated);
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes[0].Reason.ShouldContain("timezone");
    }

    [Fact]
    public async Task The_name_of_a_soft_deletion_never_becomes_the_address_and_a_restore_finds_the_account()
    {
        var person = Person("leaver");
        person.Remove("emails");
        var (id, deleted) = (await Provider.Create(person), $"{Guid.NewGuid():N}leaver@acme.example");
        var told = await Provider.Patch(id, Replace("userName", deleted), Replace("active", "False"));
        (told.GetProperty("userName").GetString(), told.GetProperty("active").GetBoolean())
            .ShouldBe((deleted, false), "the provider's own record says it");
        var account = await Here.Grant(new ReadAccount(new(id)));
        (account.Email, account.State).ShouldBe(("leaver@acme.example", AccountState.Deactivated));
        await Here.Quiet();
        (await Here.Scalar<bool>("select exists (select from kernel.mail where template like 'email-%')"))
            .ShouldBeFalse("nobody is told of a change that was none");
        // Further words about the leaver change it no more than the first.
        await Provider.Patch(id, Replace("title", "Gone"));
        (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("leaver@acme.example");
        await Provider.Patch(id, Replace("userName", "leaver@acme.example"), Replace("active", "True"));
        account = await Here.Grant(new ReadAccount(new(id)));
        (account.Email, account.State).ShouldBe(("leaver@acme.example", AccountState.Active));
        // The provider may have forgotten the id, and make the person anew under the own name.
        await Provider.Patch(id, Replace("userName", deleted), Replace("active", false));
        (await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", person)).GetProperty("id").GetGuid().ShouldBe(id);
        account = await Here.Grant(new ReadAccount(new(id)));
        (account.Email, account.State).ShouldBe(("leaver@acme.example", AccountState.Active));
        (await Provider.Find("userName eq \"leaver@acme.example\"")).ShouldBe([id]);
    }
}
