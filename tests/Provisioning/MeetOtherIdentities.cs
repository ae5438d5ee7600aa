using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Another id on an old address is another person until an admin says otherwise, and inherits nothing (SPEC A16).</summary>
[Trait("Rule", "A16")]
public sealed class MeetOtherIdentities : OnScim
{
    const string Password = "correct horse";

    static object Replace(string path, object? value) => new { op = "replace", path, value };

    async Task<AccountView> Account(Guid id) => await Here.Grant(new ReadAccount(new(id)));

    async Task<IdentityDirectoryDetail> Read() => await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory));

    /// <summary>Liam of before, with a password, an API token and an admin-made group, whom the provider has deleted.</summary>
    async Task<(Guid Id, string Token, GroupId Group)> LiamOfBefore()
    {
        var id = await Provider.Create(Person("liam", "obj-1"));
        await Here.Grant(new GivePassword([new(id)], Password));
        var token = (await Here.Grant(new CreateApiToken(new(id), "Script", 30, By(new(id))))).Secret;
        var group = await Here.Grant(new CreateGroup(Acme, "Board members", null, By(Ada)));
        await Here.Rows<int>("insert into sites.group_member (group_id, account_id, added_at) values (@group, @id, now()) returning 1",
            new { group = group.Value, id });
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{id}");
        return (id, token, group);
    }

    async Task<bool> SignsIn() => (await Here.Send(new SignIn("liam@acme.example", Password, "Firefox", ByNobody))).Granted;

    [Fact]
    public async Task Somebody_else_with_a_recycled_address_gets_nothing_until_it_is_decided()
    {
        var (id, _, _) = await LiamOfBefore();
        for (var i = 0; i < 3; i++)
        {
            var fault = await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "obj-2"));
            fault.GetProperty("scimType").GetString().ShouldBe("uniqueness");
        }
        ((await Account(id)).State, await SignsIn()).ShouldBe((AccountState.Deactivated, false));
        var read = await Read();
        read.Notes.Count(n => n is { Status: 409, Method: "POST" } && n.Reason.Contains("externalId", StringComparison.Ordinal))
            .ShouldBe(3);
        read.Questions.Single().ShouldSatisfyAllConditions(
            q => (q.Account, q.KnownAs, q.ExternalId, q.Times, q.Linked).ShouldBe((new AccountId(id), "obj-1", "obj-2", 3, false)), q =>
                q.Email.ShouldBe("liam@acme.example"));
        // Switching the newcomer off says nothing of the other.
        await Here.Grant(new ReactivateAccount(new(id), Acme, By(Ada)));
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "obj-2", active: false));
        (await Account(id)).State.ShouldBe(AccountState.Active);
        // The person of before is still who comes under the old id.
        (await Provider.Create(Person("liam", "obj-1"))).ShouldBe(id);
    }

    [Fact]
    public async Task The_same_person_is_linked_and_whatever_let_somebody_in_is_void()
    {
        var (id, token, group) = await LiamOfBefore();
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "obj-2"));
        (await Here.Refuse(new AnswerIdentityQuestion(Globex, Provider.Directory, new(id), true, By(Gus)))).ShouldBeOfType<NotFound>();
        await Here.Grant(new AnswerIdentityQuestion(Acme, Provider.Directory, new(id), true, By(Ada)));
        (await Audit(id)).ShouldContain("CredentialsVoided");
        (await Audit(id)).ShouldContain("IdentitiesJoined");
        (await Provider.Create(Person("liam", "obj-2"))).ShouldBe(id);
        ((await Account(id)).State, await SignsIn()).ShouldBe((AccountState.Active, false));
        (await Here.Scalar<long>(
            "select (select count(*) from security.api_token where account_id = @id) + (select count(*) from security.password "
            + "where account_id = @id) + (select count(*) from security.session where account_id = @id)", new { id })).ShouldBe(0);
        token.ShouldNotBeEmpty();
        (await Here.Scalar<bool>("select exists (select from sites.group_member where account_id = @id and group_id = @group)",
            new { id, group = group.Value })).ShouldBeTrue("it is the same person's");
        (await Read()).Questions.ShouldBeEmpty();
        // The old id is another person's now.
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "obj-1"));
        (await Here.Refuse(new AnswerIdentityQuestion(Acme, Provider.Directory, new(Guid.NewGuid()), true, By(Ada))))
            .ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task Somebody_else_gets_a_new_account_and_the_earlier_one_keeps_its_history_without_the_address()
    {
        var (id, _, group) = await LiamOfBefore();
        await Here.Grant(new ReactivateAccount(new(id), Acme, By(Ada)));
        await Here.Grant(new RequestPasswordReset("liam@acme.example", ByNobody));
        await Here.Quiet();
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "obj-2"));
        await Here.Grant(new AnswerIdentityQuestion(Acme, Provider.Directory, new(id), false, By(Ada)));
        var mails = await Here.Scalar<long>("select count(*) from kernel.mail");
        await Here.Quiet();
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(mails, "whoever reads the mailbox now is somebody else");
        var before = await Account(id);
        (before.State, before.ManagedBy, before.Name, FormerAddress.Is(before.Email))
            .ShouldBe((AccountState.Deactivated, Acme, "liam Long", true));
        (await Here.Scalar<bool>("select bool_and(used_at is not null) from security.password_reset where account_id = @id", new { id }))
            .ShouldBeTrue();
        var newcomer = await Provider.Create(Person("liam", "obj-2"));
        newcomer.ShouldNotBe(id);
        (await Account(newcomer)).Email.ShouldBe("liam@acme.example");
        (await SignsIn()).ShouldBeFalse("the password is the earlier person's");
        (await Here.Rows<Guid>("select account_id from sites.group_member where group_id = @group", new { group = group.Value }))
            .ShouldBe([id]);
        // The log finds the earlier account by the address that it had.
        (await Here.Scalar<bool>(
            "select exists (select from kernel.audit_entry where subject_id = @id and action = 'AddressWithdrawn' "
            + "and personal::text like '%liam@acme.example%')", new { id })).ShouldBeTrue();
        // Without an address nobody is on again; with one, everything is there.
        (await Here.Refuse(new ReactivateAccount(new(id), Acme, By(Ada)))).ShouldBe(new HasNoAddress());
        (await Here.Refuse(new UnclaimAccount(new(id), Acme, false, By(Ada)))).ShouldBe(new HasNoAddress());
        await Here.Grant(new ChangeEmail(new(id), Acme, before.Email, "liam.before@acme.example", By(Ada)));
        await Here.Grant(new ReactivateAccount(new(id), Acme, By(Ada)));
        (await Here.Send(new SignIn("liam.before@acme.example", Password, "Firefox", ByNobody))).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_switched_off_and_comes_back_under_another_id_is_asked_about_too()
    {
        var id = await Provider.Create(Person("liam", "obj-1"));
        await Provider.Patch(id, Replace("externalId", "obj-1b"));
        await Provider.Patch(id, Replace("active", false));
        var newcomer = Person("liam", "obj-2");
        newcomer["name"]!["familyName"] = "Otherman";
        await Provider.Expect(HttpStatusCode.Conflict, "PUT", $"/Users/{id}", newcomer);
        await Provider.Expect(HttpStatusCode.Conflict, "PATCH", $"/Users/{id}",
            new { Operations = new[] { Replace("externalId", "obj-2"), Replace("active", "True") } });
        ((await Account(id)).State, (await Account(id)).Name).ShouldBe((AccountState.Deactivated, "liam Long"));
        // By leaving the id out first it is not forgotten.
        await Provider.Patch(id, new { op = "remove", path = "externalId" });
        await Provider.Expect(HttpStatusCode.Conflict, "PUT", $"/Users/{id}", newcomer);
        (await Read()).Questions.Single().ShouldSatisfyAllConditions(q => q.Linked.ShouldBeTrue(), q => q.KnownAs.ShouldBe("obj-1b"),
            q => q.NewName.ShouldBe("liam Otherman"));
        await Here.Grant(new AnswerIdentityQuestion(Acme, Provider.Directory, new(id), false, By(Ada)));
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{id}");
        (await Provider.Find("userName eq \"liam@acme.example\"")).ShouldBeEmpty();
        var made = await Provider.Create(newcomer);
        (made != id, (await Account(made)).Name).ShouldBe((true, "liam Otherman"));
    }

    [Fact]
    public async Task A_directory_can_decide_always_the_one_or_the_other()
    {
        var (id, _, _) = await LiamOfBefore();
        await Here.Grant(new ChooseIdentityRule(Acme, Provider.Directory, IdentityRule.AlwaysSame, By(Ada)));
        (await Provider.Create(Person("liam", "obj-2"))).ShouldBe(id);
        ((await Account(id)).State, await SignsIn()).ShouldBe((AccountState.Active, false));
        await Here.Grant(new ChooseIdentityRule(Acme, Provider.Directory, IdentityRule.AlwaysOther, By(Ada)));
        // Also while the earlier one is in the directory still.
        var newcomer = await Provider.Create(Person("liam", "obj-3"));
        newcomer.ShouldNotBe(id);
        (FormerAddress.Is((await Account(id)).Email), (await Account(newcomer)).Email).ShouldBe((true, "liam@acme.example"));
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{id}");
        // By the id of the earlier one there is nobody to become: the provider is told to make the person anew.
        await Provider.Patch(newcomer, Replace("active", false));
        await Provider.Expect(HttpStatusCode.Conflict, "PUT", $"/Users/{newcomer}", Person("liam", "obj-4"));
        await Provider.Expect(HttpStatusCode.NotFound, "PUT", $"/Users/{newcomer}", Person("liam", "obj-4"));
        var third = await Provider.Create(Person("liam", "obj-4"));
        (FormerAddress.Is((await Account(newcomer)).Email), (await Account(third)).Email).ShouldBe((true, "liam@acme.example"));
        (await Here.Scalar<long>("select count(*) from directory.identity_question")).ShouldBe(0);
        (await Here.Refuse(new ChooseIdentityRule(Globex, Provider.Directory, IdentityRule.Ask, By(Gus)))).ShouldBeOfType<NotFound>();
        (await Here.Rows<string>("select after->>'rule' from kernel.audit_entry where action = 'IdentityRuleChosen' order by at, id"))
            .ShouldBe(["AlwaysSame", "AlwaysOther"]);
    }

    [Fact, Trait("Rule", "A8")]
    public async Task The_last_admin_keeps_the_address()
    {
        await Provider.Create(Person("ada", "obj-1"));
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("ada", "obj-2"));
        (await Here.Refuse(new AnswerIdentityQuestion(Acme, Provider.Directory, Ada, false, By(Gus))))
            .ShouldBe(new LastOrganizationAdmin());
        (await Here.Refuse(new AnswerIdentityQuestion(Acme, Provider.Directory, Ada, false, By(Ada)))).ShouldBe(new Yourself());
        ((await Account(Ada.Value)).Email, (await Account(Ada.Value)).State).ShouldBe(("ada@acme.example", AccountState.Active));
        await Here.Grant(new ChooseIdentityRule(Acme, Provider.Directory, IdentityRule.AlwaysOther, By(Ada)));
        (await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("ada", "obj-2"))).GetProperty("detail").GetString()
            .ShouldBe(new LastOrganizationAdmin().Sentence);
    }

    [Fact]
    public async Task An_admin_decides_on_the_page_of_the_directory()
    {
        var (id, _, _) = await LiamOfBefore();
        await Here.Grant(new GivePassword([Ada], Password));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var path = $"/o/{Acme}/identity-providers/{Provider.Directory}";
        async Task<string> Page(string at) => await (await ada.Get(at)).Content.ReadAsStringAsync();
        (await Page(path)).ShouldContain("No decisions pending");
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "obj-2"));
        (await Page(path)).ShouldContain($"{path}/identities/{id}");
        (await Page($"/o/{Acme}/identity-providers")).ShouldContain("1 to decide");
        var page = await Page($"{path}/identities/{id}");
        foreach (var words in (string[])["obj-1", "obj-2", "Same person", "Someone else", "loses the address", "stop working at once"])
            page.ShouldContain(words);
        using (var neither = await ada.Post($"{path}/identities/{id}", ("Input.Answer", "perhaps")))
            ((int)neither.StatusCode).ShouldBe(422);
        using (var done = await ada.Post($"{path}/identities/{id}", ("Input.Answer", "other")))
            done.Headers.Location!.OriginalString.ShouldBe(path);
        var member = await Page($"/o/{Acme}/members/{id}");
        member.ShouldContain(FormerAddress.Words);
        member.ShouldContain("now belongs to another person");
        (await Page(path)).ShouldContain("No decisions pending");
        (await ada.Get($"{path}/identities/{id}")).Headers.Location!.OriginalString.ShouldBe(path);
        using (var saved = await ada.Post($"{path}/identity-rule", ("Input.Rule", "other")))
            saved.Headers.Location!.OriginalString.ShouldBe(path);
        (await Page(path)).ShouldSatisfyAllConditions(p => p.ShouldContain("Always treated as someone else"),
            p => p.ShouldContain("Requests for an admin of any organization"));
        using (var odd = await ada.Post($"{path}/identity-rule", ("Input.Rule", "7"))) ((int)odd.StatusCode).ShouldBe(422);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Erasure_forgets_the_ids_and_leaves_the_newcomer_alone()
    {
        var id = await Provider.Create(Person("liam", "id-of-the-earlier-liam"));
        await Provider.Expect(HttpStatusCode.NoContent, "DELETE", $"/Users/{id}");
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "id-of-the-newcomer"));
        await Here.Grant(new AnswerIdentityQuestion(Acme, Provider.Directory, new(id), false, By(Ada)));
        var newcomer = await Provider.Create(Person("liam", "id-of-the-newcomer"));
        await Here.Grant(new ScheduleDeletion(new(id), Acme, By(Ada)));
        await Here.Quiet();
        Here.Clock.Pass(TimeSpan.FromDays(15));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);
        await Here.Quiet();
        (await TablesWith("id-of-the-earlier-liam")).ShouldBeEmpty();
        (await Here.Scalar<bool>(
            "select exists (select from accounts.account where id = @id and (email is not null or name <> 'Former user'))", new { id }))
            .ShouldBeFalse();
        ((await Account(newcomer)).Email, (await Provider.Find("externalId eq \"id-of-the-newcomer\"")).Single())
            .ShouldBe(("liam@acme.example", newcomer));
        // A question nobody asks any more goes, too.
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("liam", "third"));
        Here.Clock.Pass(TimeSpan.FromDays(31));
        await Recur<ProvisioningNotes>();
        (await Here.Scalar<long>("select count(*) from directory.identity_question")).ShouldBe(0);
    }
}
