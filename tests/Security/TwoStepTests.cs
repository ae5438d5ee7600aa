using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.TwoStep;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Two-step verification: set up, asked for, recovered from, turned off (SPEC S2).</summary>
[Trait("Rule", "S2")]
public class TwoStepTests : OnInstallation
{
    protected const string Password = "violet lantern orbit";
    protected const string Email = "nora@mail.example";

    protected async Task<AccountId> Person(string email = Email)
    {
        var id = await Here.Account(email, "Nora Berg");
        await Here.Grant(new GivePassword([id], Password));
        return id;
    }

    protected Task<Outcome<SignedIn>> SignIn(TestInstallation? node = null, string email = Email) =>
        (node ?? Here).Send(new SignIn(email, Password, "Firefox", TestInstallation.Console));

    protected async Task<string> Ticket(string email = Email) => (await SignIn(email: email)).Refusal.ShouldBeOfType<StepNeeded>().Ticket;

    protected Task<Outcome<SignedIn>> Give(string? ticket, string? code, TestInstallation? node = null) =>
        (node ?? Here).Send(new GiveTwoStepCode(ticket, code, "Firefox", TestInstallation.Console));

    /// <summary>By the independent authenticator, which knows the typed key alone.</summary>
    protected Task<string> Code(string key, int seconds = 0) => Oathtool.Code(key, Here.Clock.GetUtcNow().AddSeconds(seconds));

    protected async Task<(string Key, IReadOnlyList<string> Recovery)> TurnOn(AccountId person)
    {
        var enrolment = await Here.Grant(new PrepareTwoStep(person, null));
        var confirmed = await Here.Grant(new ConfirmTwoStep(person, enrolment.Enrolment, await Code(enrolment.Key), By(person)));
        return (enrolment.Key, confirmed.RecoveryCodes);
    }

    [Fact]
    public async Task Nothing_is_on_until_a_code_of_the_app_is_right_and_then_no_secret_can_be_read_anywhere()
    {
        var nora = await Person();
        var first = await Here.Grant(new PrepareTwoStep(nora, null));
        (await Here.Grant(new PrepareTwoStep(nora, null))).Key.ShouldNotBe(first.Key);
        (await Here.Grant(new PrepareTwoStep(nora, first.Enrolment))).Key.ShouldBe(first.Key, "after a typing error the same key is shown");
        first.Uri.ShouldBe(
            $"otpauth://totp/DirectoryPlatform:nora%40mail.example?secret={first.Key}&issuer=DirectoryPlatform"
            + "&algorithm=SHA1&digits=6&period=30");
        var olga = await Person("olga@mail.example");
        (await Here.Refuse(new ConfirmTwoStep(olga, first.Enrolment, await Code(first.Key), By(olga))))
            .ShouldBeOfType<EnrolmentVoid>("somebody else's");
        foreach (var wrong in (string?[])[null, "", "000", "abcdef", await Code(first.Key, 3600)])
            (await Here.Refuse(new ConfirmTwoStep(nora, first.Enrolment, wrong, By(nora))))
                .ShouldBeOfType<InvalidValue>().Field.ShouldBe("code");
        (await SignIn()).Granted.ShouldBeTrue();

        var on = await Here.Grant(new ConfirmTwoStep(nora, first.Enrolment, await Code(first.Key), By(nora)));
        on.RecoveryCodes.Distinct().Count().ShouldBe(10);
        (await SignIn()).Refusal.ShouldBeOfType<StepNeeded>().Step.ShouldBe(SignInStep.TwoStepCode);
        (await Here.Refuse(new ConfirmTwoStep(nora, first.Enrolment, await Code(first.Key, 30), By(nora))))
            .ShouldBeOfType<TwoStepAlreadyOn>();
        (await Here.Refuse(new PrepareTwoStep(nora, null))).ShouldBeOfType<TwoStepAlreadyOn>();
        var view = await Here.Grant(new ReadSignInSecurity(nora, null, nora));
        (view.TwoStepSince is not null, view.RecoveryCodesLeft).ShouldBe((true, 10));
        (await Here.Rows<string>("select template from kernel.mail where recipient = @Email", new { Email }))
            .ShouldBe(["two-step-turned-on"]);
        var tables = await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('security', 'kernel', 'accounts')");
        tables.ShouldContain("security.two_step");
        async Task<IReadOnlyList<string>> With(params string[] secrets) =>
            await Here.Rows<string>(string.Join(" union all ", tables.Select(t =>
            $"select '{t}' where exists (select from {t} t, unnest(@secrets) s(looked_for) where t::text ilike '%' || looked_for || '%')")),
                new { secrets });
        (await With([first.Key, .. on.RecoveryCodes])).ShouldBeEmpty();
        (await With("NORA@mail.example")).ShouldContain("accounts.account", "or this finds nothing");
    }

    [Fact]
    public async Task A_code_is_taken_once_on_all_nodes_together_and_one_step_off_to_either_side()
    {
        var nora = await Person();
        var (key, _) = await TurnOn(nora);
        await using var node = Here.AnotherNode();
        (await Give(await Ticket(), await Code(key))).Refusal.ShouldBeOfType<InvalidValue>("it turned two-step verification on");

        Here.Clock.Pass(TimeSpan.FromSeconds(60));
        var (ticket, code) = (await Ticket(), await Code(key));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Give(ticket, code, i % 2 == 0 ? Here : node)));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        (await Here.Send(new AuthenticateSession(outcomes.Single(o => o.Granted).Value.Token)))!.Account.ShouldBe(nora);
        (await Give(ticket, code)).Granted.ShouldBeFalse("replayed in its own thirty seconds");

        Here.Clock.Pass(TimeSpan.FromHours(2));
        (await Give(await Ticket(), await Code(key, 60))).Granted.ShouldBeFalse("two steps ahead");
        (await Give(await Ticket(), await Code(key, -60))).Granted.ShouldBeFalse("two steps behind");
        (await Give(await Ticket(), await Code(key, -30))).Granted.ShouldBeTrue();
        (await Give(await Ticket(), (await Code(key)).Insert(3, " "))).Granted.ShouldBeTrue();
        (await Give(await Ticket(), await Code(key, 30))).Granted.ShouldBeTrue();
        (await Give(await Ticket(), await Code(key))).Granted.ShouldBeFalse("a newer one was used");
    }

    [Fact]
    public async Task A_ticket_is_no_session_and_good_for_ten_minutes_and_its_own_account_and_password()
    {
        var nora = await Person();
        var (key, _) = await TurnOn(nora);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        var ticket = await Ticket();
        (await Here.Send(new AuthenticateSession(ticket))).ShouldBeNull();
        (await Here.Scalar<long>("select count(*) from security.session")).ShouldBe(0);
        foreach (var wrong in (string?[])[null, "", "ticket", ticket[..^2], new('A', 3_000), $"{nora} 1 code 999999999999999999"])
            (await Give(wrong, await Code(key))).Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await Here.Send(new ChoosePasswordAtSignIn(ticket, "seven copper kettles", "Firefox", TestInstallation.Console))).Refusal
            .ShouldBeOfType<SignInTicketVoid>("the code comes first");
        (await Here.Send(new PrepareTwoStepAtSignIn(ticket, null))).Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await Here.Send(new CancelOwnDeletion(ticket, "Firefox", TestInstallation.Console))).Refusal
            .ShouldBeOfType<TicketVoid>("made for something else");
        Here.Clock.Pass(TimeSpan.FromMinutes(11));
        (await Give(ticket, await Code(key))).Refusal.ShouldBeOfType<SignInTicketVoid>();
        ticket = await Ticket();
        await Here.Grant(new GivePassword([nora], "another password altogether"));
        (await Give(ticket, await Code(key))).Refusal.ShouldBeOfType<SignInTicketVoid>();
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Guessing_codes_is_slowed_down_for_the_account_also_in_a_burst_with_many_tickets()
    {
        Here.Clock.Stand();
        var nora = await Person();
        var (key, _) = await TurnOn(nora);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        var ticket = await Ticket();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var burst = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Give(ticket, $"{i:D6}")));
        burst.Count(o => o.Refusal is not TooManyAttempts).ShouldBeInRange(6, ThrottleTests.MostIn(watch.Elapsed));
        burst.ShouldAllBe(o => !o.Granted);
        // Guessed on until the pause is long: a slow machine is still within it.
        for (var i = 0; i < 50; i++)
        {
            if ((await Give(ticket, "no code")).Refusal is not TooManyAttempts pause) continue;
            if (pause.Seconds > 60) break;
            Here.Clock.Pass(TimeSpan.FromSeconds(pause.Seconds));
        }
        (await Give(await Ticket(), await Code(key))).Refusal.ShouldBeOfType<TooManyAttempts>("a new ticket is no new chance");
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        (await Give(await Ticket(), await Code(key))).Granted.ShouldBeTrue("never for good");
    }

    [Fact]
    public async Task Each_recovery_code_signs_in_once_and_new_ones_void_the_old()
    {
        var nora = await Person();
        var (_, codes) = await TurnOn(nora);
        await using var node = Here.AnotherNode();
        var ticket = await Ticket();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Give(ticket, codes[0], i % 2 == 0 ? Here : node)));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        Here.Clock.Pass(TimeSpan.FromHours(2));
        (await Give(await Ticket(), codes[0])).Granted.ShouldBeFalse("used");
        (await Give(await Ticket(), $" {codes[1].ToLowerInvariant().Replace("-", " ")} ")).Granted.ShouldBeTrue("however it is typed");
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        (await Give(await Ticket(), $"\u200E{codes[3].Replace('-', '\u2011')}\u200B")).Granted.ShouldBeTrue("however it was kept");
        (await Here.Rows<string>("select letter->>'left' from kernel.mail where template = 'recovery-code-used' order by created_at"))
            .ShouldBe(["9 codes", "8 codes", "7 codes"]);
        (await Here.Refuse(new ReplaceRecoveryCodes(nora, "wrong", By(nora)))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        var fresh = (await Here.Grant(new ReplaceRecoveryCodes(nora, Password, By(nora)))).RecoveryCodes;
        (await Give(await Ticket(), codes[2])).Granted.ShouldBeFalse("replaced");
        (await Give(await Ticket(), fresh[9])).Granted.ShouldBeTrue();
        var olga = await Person("olga@mail.example");
        await TurnOn(olga);
        (await Give(await Ticket("olga@mail.example"), fresh[0])).Granted.ShouldBeFalse("somebody else's");
    }

    [Fact]
    public async Task Turning_it_off_takes_the_password_and_voids_codes_and_key()
    {
        var nora = await Person();
        var (key, codes) = await TurnOn(nora);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        (await Here.Refuse(new TurnOffTwoStep(nora, "wrong", By(nora)))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        var waiting = await Ticket();
        await Here.Grant(new TurnOffTwoStep(nora, Password, By(nora)));
        (await Here.Refuse(new TurnOffTwoStep(nora, Password, By(nora)))).ShouldBeOfType<TwoStepOff>();
        (await Give(waiting, await Code(key))).Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await SignIn()).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select (select count(*) from security.two_step) + (select count(*) from security.recovery_code)"))
            .ShouldBe(0);
        (await Here.Rows<string>("select action from kernel.audit_entry where subject_id = @id and action like 'TwoStep%' order by at",
            new { id = nora.Value })).ShouldBe(["TwoStepTurnedOn", "TwoStepTurnedOff"]);
        codes.Count.ShouldBe(10);
    }

    [Fact, Trait("Rule", "A9"), Trait("Rule", "A12")]
    public async Task The_gate_is_asked_at_the_challenge_again_and_a_deletion_is_cancelled_only_behind_it()
    {
        var acme = await Here.Organization("acme");
        var nora = await Person("nora@acme.example");
        var (key, codes) = await TurnOn(nora);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new ClaimAccount(nora, acme, "acme.example", true, TestInstallation.Console));
        var ticket = await Ticket("nora@acme.example");
        await Here.Grant(new DeactivateAccount(nora, acme, null, "Call Ada.", false, TestInstallation.Console));
        (await Give(ticket, codes[0])).Refusal.ShouldBeOfType<DeactivatedAtSignIn>();
        (await Here.Grant(new ReadSignInSecurity(nora, null, nora))).RecoveryCodesLeft.ShouldBe(10, "refused before it was looked at");
        await Here.Grant(new ReactivateAccount(nora, acme, TestInstallation.Console));
        await Here.Grant(new UnclaimAccount(nora, acme, true, TestInstallation.Console));

        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        ticket = await Ticket("nora@acme.example");
        var offer = (await Give(ticket, await Code(key))).Refusal
            .ShouldBeOfType<OwnDeletionAtSignIn>("the password alone brings nobody back");
        (await Here.Send(new CancelOwnDeletion(offer.Ticket, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
    }
}

/// <summary>Where the policy asks for it (SPEC S2, S5).</summary>
[Trait("Rule", "S2")]
public sealed class TwoStepUnderPolicy : OnInstallation
{
    const string Password = "violet lantern orbit";

    OrganizationId _manager;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _manager = await Here.OrganizationUnder(PolicyDraft.Initial with { TwoStepMandatory = true, PasswordExpiryDays = 90 });
    }

    Task<Outcome<SignedIn>> SignIn() => Here.Send(new SignIn("nora@mail.example", Password, "Firefox", TestInstallation.Console));

    Task<Outcome<SignedInWithTwoStep>> Confirm(string? ticket, TwoStepEnrolment enrolment, string? code) =>
        Here.Send(new ConfirmTwoStepAtSignIn(ticket, enrolment.Enrolment, code, "Firefox", ByNobody));

    [Fact]
    public async Task The_next_sign_in_sets_it_up_and_then_goes_on_and_it_cannot_be_turned_off()
    {
        var nora = await Here.Account("nora@mail.example", "Nora Berg", managedBy: _manager);
        await Here.Grant(new GivePassword([nora], Password));
        var step = (await SignIn()).Refusal.ShouldBeOfType<StepNeeded>();
        step.Step.ShouldBe(SignInStep.SetUpTwoStep);
        (await Here.Send(new GiveTwoStepCode(step.Ticket, "000000", "Firefox", TestInstallation.Console))).Refusal
            .ShouldBeOfType<SignInTicketVoid>();
        (await Here.Send(new PrepareTwoStepAtSignIn("made up", null))).Refusal.ShouldBeOfType<SignInTicketVoid>();
        var enrolment = await Here.Grant(new PrepareTwoStepAtSignIn(step.Ticket, null));
        var code = await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow());
        (await Confirm(step.Ticket, enrolment, "wrong")).Refusal.ShouldBeOfType<InvalidValue>();
        (await Confirm("made up", enrolment, code)).Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await Here.Scalar<long>("select count(*) from security.session")).ShouldBe(0);
        var done = (await Confirm(step.Ticket, enrolment, code)).Value;
        done.RecoveryCodes.Count.ShouldBe(10);
        (await Here.Send(new AuthenticateSession(done.SignedIn.Value.Token)))!.Account.ShouldBe(nora);
        (await Confirm(step.Ticket, enrolment, code)).Refusal.ShouldBeOfType<SignInTicketVoid>("it is set up");
        (await Here.Refuse(new TurnOffTwoStep(nora, Password, By(nora)))).ShouldBeOfType<TwoStepMandatory>();
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Code_then_expired_password_then_session()
    {
        var nora = await Here.Account("nora@mail.example", "Nora Berg", managedBy: _manager);
        await Here.Grant(new GivePassword([nora], Password));
        var enrolment = await Here.Grant(new PrepareTwoStep(nora, null));
        await Here.Grant(new ConfirmTwoStep(nora, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(nora)));
        Here.Clock.Pass(TimeSpan.FromDays(91));
        var step = (await SignIn()).Refusal.ShouldBeOfType<StepNeeded>();
        step.Step.ShouldBe(SignInStep.TwoStepCode);
        var next = (
            await Here.Send(new GiveTwoStepCode(step.Ticket, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()), "Firefox",
                TestInstallation.Console))).Refusal.ShouldBeOfType<StepNeeded>();
        next.Step.ShouldBe(SignInStep.NewPassword);
        var signedIn =
            (await Here.Send(new ChoosePasswordAtSignIn(next.Ticket, "seven copper kettles", "Firefox", TestInstallation.Console))).Value;
        (await Here.Send(new AuthenticateSession(signedIn.Token)))!.Account.ShouldBe(nora);
    }
}
