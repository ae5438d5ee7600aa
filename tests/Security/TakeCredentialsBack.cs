using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>What an admin takes back from a managed person (SPEC M2, M7).</summary>
public sealed class TakeCredentialsBack : OnInstallation
{
    const string Old = "violet lantern orbit", New = "seven copper kettles";

    OrganizationId _acme;
    AccountId _ada, _liam;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        _liam = await Here.Account("liam@acme.example", "Liam Novak", managedBy: _acme);
        await Here.Grant(new GivePassword([_liam, _ada], Old));
    }

    Task<Outcome<SignedIn>> SignIn(string password) =>
        Here.Send(new SignIn("liam@acme.example", password, "Firefox", TestInstallation.Console));

    async Task<Refusal?> Reset(AccountId account, OrganizationId by) =>
        (await Here.Send(new ResetPasswords([account], by, By(_ada))))[0].Refusal;

    [Fact, Trait("Rule", "M7"), Trait("Rule", "A9")]
    public async Task After_a_reset_nobody_is_signed_in_and_the_next_sign_in_chooses_another_password()
    {
        await using var node = Here.AnotherNode();
        var session = (await SignIn(Old)).Value;
        await Here.StartBackground();
        await Here.Grant(new RequestPasswordReset("liam@acme.example", TestInstallation.Console));
        await Here.Quiet();
        (await Reset(_liam, _acme)).ShouldBeNull();
        foreach (var one in (TestInstallation[])[Here, node])
            (await one.Send(new AuthenticateSession(session.Token))).ShouldBeNull("SPEC allows ten minutes; it is at once");
        (await Here.Scalar<long>("select count(*) from security.password_reset where used_at is null"))
            .ShouldBe(0, "links from before are void");
        (await Here.Grant(new ReadSignInSecurity(_liam, _acme, _ada))).MustChange.ShouldBeTrue();
        var step = (await SignIn(Old)).Refusal.ShouldBeOfType<StepNeeded>();
        step.Step.ShouldBe(SignInStep.NewPassword);
        (await Here.Send(new ChoosePasswordAtSignIn(step.Ticket, Old, "Firefox", TestInstallation.Console))).Refusal
            .ShouldBeOfType<InvalidValue>();
        await Here.Grant(new ChoosePasswordAtSignIn(step.Ticket, New, "Firefox", TestInstallation.Console));
        (await SignIn(New)).Granted.ShouldBeTrue();
        (await Here.Grant(new ReadSignInSecurity(_liam, _acme, _ada))).MustChange.ShouldBeFalse();
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where subject_id = @liam and actor_id = @ada and organization_id = @acme "
            + "and action = 'PasswordReset'",
            new { liam = _liam.Value, ada = _ada.Value, acme = _acme.Value })).ShouldBe(1);
        (await Here.Rows<string>("""
            select template from kernel.mail where recipient = 'liam@acme.example' and template like 'password-%' order by created_at, id
            """)).ShouldBe(["password-reset", "password-must-change", "password-changed"]);
        await Here.Quiet();
        (await SignIn(New)).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "M2"), Trait("Rule", "A9")]
    public async Task Resetting_two_step_verification_lets_in_with_the_password_alone_until_it_is_set_up_again()
    {
        (await Here.Refuse(new ResetTwoStep(_liam, _acme, By(_ada)))).ShouldBeOfType<TwoStepOff>();
        var enrolment = await Here.Grant(new PrepareTwoStep(_liam, null));
        await Here.Grant(new ConfirmTwoStep(_liam, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(_liam)));
        (await SignIn(Old)).Refusal.ShouldBeOfType<StepNeeded>();
        await Here.Grant(new ResetTwoStep(_liam, _acme, By(_ada)));
        (await SignIn(Old)).Granted.ShouldBeTrue();
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where recipient = 'liam@acme.example' and template = 'two-step-turned-off' "
            + "and (letter->>'byAdmin')::boolean")).ShouldBe(1);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where subject_id = @liam and actor_id = @ada and action = 'TwoStepReset'",
            new { liam = _liam.Value, ada = _ada.Value })).ShouldBe(1);
    }

    [Fact, Trait("Rule", "A2"), Trait("Rule", "A7"), Trait("Rule", "S8")]
    public async Task Who_is_not_managed_unverified_leaving_or_oneself_is_left_alone_and_the_profile_says_why_before()
    {
        var globex = await Here.Organization("globex");
        var unverified = await Here.Account("new@acme.example", verified: false, managedBy: _acme);
        var leaving = await Here.Account("leaving@acme.example", managedBy: _acme);
        await Here.Grant(new ScheduleDeletion(leaving, _acme, TestInstallation.Console));
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
        var stranger = await Here.Account("jane@mail.example");
        (AccountId Account, OrganizationId By, Type Refusal)[] cases =
        [
            (unverified, _acme, typeof(EmailUnverified)), (leaving, _acme, typeof(BeingDeleted)), (_ada, _acme, typeof(Yourself)),
            (stranger, _acme, typeof(NotManagedHere)),
            (_liam, globex, typeof(NotManagedHere)), (new(Guid.CreateVersion7()), _acme, typeof(NotManagedHere)),
        ];
        foreach (var (account, by, refusal) in cases)
        {
            (await Reset(account, by)).ShouldBeOfType(refusal);
            (await Here.Refuse(new ResetTwoStep(account, by, By(_ada)))).ShouldBeOfType(refusal);
            var view = await Here.Send(new ReadSignInSecurity(account, by, _ada));
            if (refusal == typeof(NotManagedHere)) view.Refusal.ShouldBe(new NotFound("account"));
            else (view.Value.ResetPassword!.GetType(), view.Value.ResetTwoStep!.GetType()).ShouldBe((refusal, refusal));
        }
        (await Here.Send(new ReadSignInSecurity(_liam, null, _ada))).Refusal.ShouldBe(new NotFound("account"),
            "the person's own view is for the person");
        // Of many, each has its own answer, in their order; twice the same is done once.
        var outcomes = await Here.Send(new ResetPasswords([stranger, _liam, unverified, _liam], _acme, By(_ada)));
        outcomes.Select(o => o.Refusal?.Code).ShouldBe(["notManagedHere", null, "emailUnverified", null]);
        (await Here.Scalar<long>("select count(*) from security.password where must_change")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'PasswordReset'")).ShouldBe(1);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Every_table_of_credentials_forgets_an_erased_person()
    {
        // A table that is about people and is not forgotten would be found here, whoever adds it.
        var tables = await Here.Rows<string>(
            "select table_name from information_schema.columns where table_schema = 'security' and column_name = 'account_id' "
            + "and table_name not like 'v\\_%'");
        tables.Count.ShouldBeGreaterThan(4);
        var statements = new DirectoryPlatform.Security.Internal.Hearing.ForgetCredentials().Forget([_liam.Value], ["liam@acme.example"])
            .Select(s => s.CommandText).ToList();
        foreach (var table in tables) statements.ShouldContain(s => s.Contains($"security.{table} "), table);
    }
}
