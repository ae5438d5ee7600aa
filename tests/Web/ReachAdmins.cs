using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Programs and other organizations' admins do not change how an admin is reached and secured; a person does, and the other admins
/// are told (SPEC S13).</summary>
[Trait("Rule", "S13")]
public sealed class ReachAdmins : OnApi
{
    const string Password = "violet lantern orbit";

    AccountId _jane;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _jane = await Here.Account("jane@acme.example", "Jane", managedBy: Acme);
        await Here.Grant(new AppointOrganizationAdmin(_jane, Acme, TestInstallation.Console));
        await Here.Grant(new GivePassword([_jane, Ada, Liam], Password));
    }

    ChangeEmail To(string email) => new(_jane, Acme, "jane@acme.example", email, By(Ada));

    async Task<string> Email() => (await Here.Grant(new ReadAccount(_jane))).Email;

    async Task TwoStep(AccountId account)
    {
        var enrolment = await Here.Grant(new PrepareTwoStep(account, null));
        await Here.Grant(new ConfirmTwoStep(account, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(account)));
    }

    [Fact]
    public async Task A_key_changes_the_address_of_no_admin_and_says_so_before()
    {
        var refused = await Program.Expect(HttpStatusCode.Forbidden, "PUT", $"/users/{_jane}/manage/email",
            new { email = "insider@acme.example" });
        refused.GetProperty("message").GetString().ShouldBe(new AdminOutOfReach().Sentence);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"/users/{_jane}/manage")).GetProperty("email.set").GetProperty("allowed")
            .GetBoolean().ShouldBeFalse();
        (await Program.Expect(HttpStatusCode.OK, "GET", $"/users/{Liam}/manage")).GetProperty("email.set").GetProperty("allowed")
            .GetBoolean().ShouldBeTrue();
        (await Here.Refuse(new GiveEmail(_jane, Acme, "insider@acme.example", By(Ada)))).ShouldBe(new AdminOutOfReach());
        (await Here.Refuse(To("insider@acme.example"))).ShouldBe(new AdminOutOfReach(), "who does not say that a person asks is a program");
        (await Email()).ShouldBe("jane@acme.example");
    }

    [Fact]
    public async Task The_turn_itself_decides_so_that_whoever_became_an_admin_a_moment_ago_is_one()
    {
        ChangeEmailAddress Turn(IReadOnlyList<OrganizationId>? asker) =>
            new(_jane, Acme, EmailAddress.Trusted("jane@acme.example"), EmailAddress.Trusted("insider@acme.example"), null,
                By(Ada))
            { Asker = asker };
        (await Here.Refuse(Turn(null))).ShouldBe(new AdminOutOfReach());
        (await Here.Refuse(new ProvideEmail(_jane, Acme, EmailAddress.Trusted("insider@acme.example"), ByNobody)))
            .ShouldBe(new AdminOutOfReach());
        await Here.Grant(new AppointOrganizationAdmin(_jane, Globex, TestInstallation.Console));
        (await Here.Refuse(Turn([Acme]))).ShouldBe(new AdminElsewhere());
        await Here.Grant(Turn([Acme, Globex]));
        (await Email()).ShouldBe("insider@acme.example");
    }

    [Fact]
    public async Task A_person_at_a_browser_does_and_all_other_admins_are_told()
    {
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var page = $"/o/{Acme}/members/{_jane}/email";
        (await ada.Post(page, ("Input.Seen", "jane@acme.example"), ("Input.Email", "jane.doe@acme.example"))).StatusCode
            .ShouldBe(HttpStatusCode.Redirect);
        (await Email()).ShouldBe("jane.doe@acme.example");
        await Here.Quiet();
        (await Here.Rows<string>("select recipient from kernel.mail where template = 'admin-email-changed'"))
            .ShouldBe(["ada@acme.example"]);
        (await Asked(_jane)).ShouldContain("is an admin, so all other admins are notified by email.");
        (await Asked(Liam)).ShouldNotContain("other admins");
        (await ada.Post($"/o/{Acme}/members/{_jane}/reset-password")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await TwoStep(_jane);
        (await ada.Post($"/o/{Acme}/members/{_jane}/reset-two-step")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Rows<string>(
            "select letter->>'what' from kernel.mail where template = 'admin-credential-reset' and recipient = 'ada@acme.example' "
            + "order by created_at")).ShouldBe(["password", "two-step verification"]);
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'admin-credential-reset' and recipient like 'jane%'"))
            .ShouldBe(0);
        await ada.Post($"/o/{Acme}/members/{Liam}/reset-password");
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'admin-credential-reset'"))
            .ShouldBe(2, "nobody is told of whoever is no admin");

        async Task<string> Asked(AccountId person)
        {
            using var answer = await ada.Get($"/o/{Acme}/members/{person}/reset-password");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task Resets_reach_no_admin_unless_a_person_says_so_who_is_one_wherever_the_target_is()
    {
        await TwoStep(_jane);
        async Task<Refusal?> Password(IReadOnlyList<OrganizationId>? asker) =>
            (await Here.Send(new ResetPasswords([_jane], Acme, By(Ada)) { Asker = asker })).Single().Refusal;
        async Task<Refusal?> Second(IReadOnlyList<OrganizationId>? asker) =>
            (await Here.Send(new ResetTwoStep(_jane, Acme, By(Ada)) { Asker = asker })).Refusal;
        (await Password(null)).ShouldBe(new AdminOutOfReach());
        (await Second(null)).ShouldBe(new AdminOutOfReach());
        await Here.Grant(new AppointOrganizationAdmin(_jane, Globex, TestInstallation.Console));
        (await Password([Acme])).ShouldBe(new AdminElsewhere());
        (await Second([Acme])).ShouldBe(new AdminElsewhere());
        (await Here.Grant(new ReadSignInSecurity(_jane, Acme, Ada)))
            .ShouldSatisfyAllConditions(s => s.ResetPassword.ShouldBe(new AdminElsewhere()),
                s => s.ResetTwoStep.ShouldBe(new AdminElsewhere()), s => s.MustChange.ShouldBeFalse());
        (await Password([Acme, Globex])).ShouldBeNull();
        (await Second([Acme, Globex])).ShouldBeNull();
        (await Here.Rows<string>("select distinct recipient from kernel.mail where template = 'admin-credential-reset' order by 1"))
            .ShouldBe(["ada@acme.example", "gus@globex.example"], "the admins of both");
    }

    [Fact, Trait("Rule", "A10")]
    public async Task A_bulk_reset_passes_admins_over_with_the_reason()
    {
        var draft = await Here.Grant(new PrepareBulk(Acme, "reset-password", [_jane, Liam], null, By(Ada)));
        var review = await Here.Grant(new ReviewBulk(Acme, draft, Ada));
        (review.WillChange, review.Refused.Single().Code).ShouldBe((1, "adminOutOfReach"));
        review.Blocked.Single().ShouldSatisfyAllConditions(b => b.Account.ShouldBe(_jane), b => b.Refusal.ShouldBe(new AdminOutOfReach()));
        var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, true, false, null, By(Ada)));
        await Here.Until(async () => (await Here.Grant(new ReadJob(Acme.Value, job))).State is JobState.Done);
        (await Here.Rows<Guid>("select account_id from security.password where must_change")).ShouldBe([Liam.Value]);
    }
}
