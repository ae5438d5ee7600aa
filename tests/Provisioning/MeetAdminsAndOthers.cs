using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Another id on an old address takes nothing from an admin, unless somebody says so who is one wherever that admin is (SPEC S13),
/// nor from whom the organization neither manages nor can claim (A7, C7).</summary>
[Trait("Rule", "A16")]
public sealed class MeetAdminsAndOthers : OnScim
{
    const string Password = "correct horse";

    static object Replace(string path, object? value) => new { op = "replace", path, value };

    /// <summary>Bob, whom Acme manages and its provider made, and who is an admin of Globex, with a password, a second step and a key.
    /// </summary>
    async Task<Guid> AdminOfGlobex()
    {
        var id = await Provider.Create(Person("bob", "obj-1"));
        var bob = new AccountId(id);
        await Here.Grant(new GivePassword([bob], Password));
        await Here.Grant(new AppointOrganizationAdmin(bob, Globex, TestInstallation.Console));
        var enrolment = await Here.Grant(new PrepareTwoStep(bob, null));
        await Here.Grant(new ConfirmTwoStep(bob, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()), By(bob)));
        await Here.Grant(new CreateApiKey(Globex, bob, "Nightly", ["jobs:read"], 7, By(bob)));
        return id;
    }

    /// <summary>Where mail goes, whether the person is on, and how many of each thing there are by which somebody gets in.</summary>
    Task<string?> WaysIn(Guid id) => Here.Scalar<string>("""
        select concat_ws(' ', a.email, a.state, a.managed_by, (select count(*) from security.password where account_id = a.id),
          (select count(*) from security.two_step where account_id = a.id and on_since is not null),
          (select count(*) from security.recovery_code where account_id = a.id),
          (select count(*) from security.api_key where account_id = a.id and revoked_at is null))
        from accounts.account a where a.id = @id
        """, new { id });

    [Theory, Trait("Rule", "S13")]
    [InlineData(IdentityRule.AlwaysSame), InlineData(IdentityRule.AlwaysOther)]
    public async Task By_a_rule_nothing_is_taken_from_an_admin(IdentityRule rule)
    {
        var id = await AdminOfGlobex();
        await Here.Grant(new ChooseIdentityRule(Acme, Provider.Directory, rule, By(Ada)));
        async Task Refused(string method, string path)
        {
            var before = await WaysIn(id);
            (await Provider.Expect(HttpStatusCode.Forbidden, method, path, Person("bob", "obj-2"))).GetProperty("detail").GetString()
                .ShouldBe(new AdminOutOfReach().Sentence);
            (await WaysIn(id)).ShouldBe(before);
        }
        await Refused("POST", "/Users");
        await Provider.Patch(id, Replace("active", false));
        await Here.Quiet();
        await Refused("PUT", $"/Users/{id}");
        (await Audit(id)).Intersect((string[])["CredentialsVoided", "AddressWithdrawn"]).ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "S13")]
    public async Task An_answer_takes_something_from_an_admin_only_where_the_asker_is_one_wherever_that_one_is()
    {
        var id = await AdminOfGlobex();
        var before = await WaysIn(id);
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("bob", "obj-2"));
        AnswerIdentityQuestion Answer(bool same, IReadOnlyList<OrganizationId>? asker) =>
            new(Acme, Provider.Directory, new(id), same, By(Ada)) { Asker = asker };
        foreach (var same in (bool[])[true, false])
        {
            (await Here.Refuse(Answer(same, null))).ShouldBe(new AdminOutOfReach());
            (await Here.Refuse(Answer(same, [Acme]))).ShouldBe(new AdminElsewhere());
        }
        await Here.Grant(new GivePassword([Ada], Password));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        using (var page = await ada.Post($"/o/{Acme}/identity-providers/{Provider.Directory}/identities/{id}", ("Input.Answer", "same")))
            (await page.Content.ReadAsStringAsync()).ShouldContain(new AdminElsewhere().Sentence);
        (await WaysIn(id)).ShouldBe(before);
        (await Here.Send(new ReadIdentityQuestions(Acme, Provider.Directory))).Count.ShouldBe(1, "it is still to be answered");
        await Here.Grant(Answer(true, [Acme, Globex]));
        (await Audit(id)).ShouldContain("CredentialsVoided");
        (await Here.Rows<string>("select recipient from kernel.mail where template = 'admin-credential-reset'"))
            .ShouldBe(["gus@globex.example"]);
    }

    [Theory, Trait("Rule", "A7"), Trait("Rule", "C7")]
    [InlineData(true), InlineData(false)]
    public async Task Nothing_is_taken_from_whom_the_organization_does_not_manage_and_cannot_claim(bool excluded)
    {
        var id = await Provider.Create(Person("jane", "obj-1"));
        await Here.Grant(new GivePassword([new(id)], Password));
        await Here.Grant(new UnclaimAccount(new(id), Acme, excluded, By(Ada)));
        await Here.Quiet();
        if (!excluded) await Here.Grant(new ClaimAccount(new(id), Globex, "acme.example", true, TestInstallation.Console));
        var (before, why) = (await WaysIn(id), excluded ? (Refusal)new ExcludedFromClaiming() : new NotManagedHere());
        await Provider.Expect(HttpStatusCode.Conflict, "POST", "/Users", Person("jane", "obj-2"));
        foreach (var same in (bool[])[true, false])
            (await Here.Refuse(new AnswerIdentityQuestion(Acme, Provider.Directory, new(id), same, By(Ada)) { Asker = [Acme] }))
                .ShouldBe(why);
        foreach (var rule in (IdentityRule[])[IdentityRule.AlwaysSame, IdentityRule.AlwaysOther])
        {
            await Here.Grant(new ChooseIdentityRule(Acme, Provider.Directory, rule, By(Ada)));
            (await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("jane", "obj-2"))).GetProperty("detail").GetString()
                .ShouldBe(why.Sentence);
        }
        (await WaysIn(id)).ShouldBe(before);
        (await Here.Send(new SignIn("jane@acme.example", Password, "Firefox", ByNobody))).Granted.ShouldBeTrue();
    }
}
