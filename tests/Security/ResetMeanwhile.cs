using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Whatever somebody has begun before a reset of the password and finishes behind it, comes to nothing (SPEC M7, A14).</summary>
[Trait("Rule", "M7"), Trait("Rule", "A14")]
public sealed class ResetMeanwhile : OnInstallation
{
    const string First = "violet lantern orbit", Second = "seven copper kettles", Email = "nora@acme.example";

    OrganizationId _acme;
    AccountId _ada, _nora;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        _nora = await Here.Account(Email, "Nora Berg", managedBy: _acme);
        await Here.Grant(new GivePassword([_nora], First));
    }

    Task<Outcome<SignedIn>> SignIn(string password) => Here.Send(new SignIn(Email, password, "Firefox", TestInstallation.Console));

    Task<long> Waiting() =>
        Here.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    async Task Reset() => (await Here.Send(new ResetPasswords([_nora], _acme, By(_ada)))).ShouldAllBe(o => o.Granted);

    /// <summary>Begins it, lets it come as far as the table, does the reset in whole, and lets it go on.</summary>
    async Task<T> Overtaken<T>(string table, string mode, Func<Task<T>> begin, Func<Task> reset)
    {
        Task<T> late;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand($"lock table {table} in {mode} mode", connection)) await hold.ExecuteNonQueryAsync();
            late = begin();
            await TestInstallation.Others(async () => await Waiting() == 1, what: "it does not wait");
            await reset();
            await transaction.CommitAsync();
        }
        return await late;
    }

    [Fact]
    public async Task A_password_that_was_being_changed_with_the_old_one_does_not_get_past_an_admins_reset()
    {
        var session = (await Here.Send(new AuthenticateSession((await SignIn(First)).Value.Token)))!.Session;
        // Behind the look at the old password, before the new one is written.
        var changed = await Overtaken("security.password_before", "access exclusive",
            () => Here.Send(new ChangePassword(_nora, session, First, Second, By(_nora))), Reset);
        changed.Refusal.ShouldBeOfType<ChangedMeanwhile>();
        (await SignIn(Second)).Refusal.ShouldBeOfType<WrongCredentials>("the password that was chosen behind the reset");
        (await SignIn(First)).Refusal.ShouldBeOfType<StepNeeded>().Step.ShouldBe(SignInStep.NewPassword, "as the admin wished");
        (await Here.Scalar<long>("select count(*) from security.session where ended_at is null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_password_that_was_being_chosen_at_a_sign_in_does_not_get_past_a_second_reset()
    {
        await Reset();
        var ticket = (await SignIn(First)).Refusal.ShouldBeOfType<StepNeeded>().Ticket;
        var chosen = await Overtaken("security.password_before", "access exclusive",
            () => Here.Send(new ChoosePasswordAtSignIn(ticket, Second, "Firefox", TestInstallation.Console)), Reset);
        chosen.Refusal.ShouldBeOfType<ChangedMeanwhile>();
        (await SignIn(First)).Refusal.ShouldBeOfType<StepNeeded>().Step.ShouldBe(SignInStep.NewPassword);
        (await Here.Scalar<long>("select count(*) from security.session")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "M4"), Trait("Rule", "A16")]
    public async Task A_password_that_was_being_chosen_by_a_link_does_not_get_past_a_change_of_the_address()
    {
        const string moved = "nora.berg@acme.example";
        await Here.VerifiedDomain(_acme, "acme.example");
        await Here.Grant(new RequestPasswordReset(Email, TestInstallation.Console));
        await Here.Quiet();
        var token = await Here.TokenMailed(Email, "password-reset");
        // Behind the look at the link; the fact of the change is heard by nobody before the password would be written.
        var chosen = await Overtaken("security.password_before", "access exclusive",
            () => Here.Send(new FollowPasswordReset(token, Second, TestInstallation.Console)),
            () => Here.Grant(new ChangeEmail(_nora, _acme, Email, moved, By(_ada))));
        chosen.Refusal.ShouldBeOfType<LinkVoid>();
        (await Here.Send(new SignIn(moved, Second, "Firefox", TestInstallation.Console))).Refusal.ShouldBeOfType<WrongCredentials>();
        await Here.Grant(new SignIn(moved, First, "Firefox", TestInstallation.Console));
    }

    [Theory]
    [InlineData("an admin")]
    [InlineData("the link of a mail")]
    public async Task A_sign_in_with_the_old_password_that_ends_behind_a_reset_leaves_no_session(string by)
    {
        await Here.Grant(new RequestPasswordReset(Email, TestInstallation.Console));
        await Here.Quiet();
        var token = await Here.TokenMailed(Email, "password-reset");
        Task? reset = null;
        // Both stand before the sessions: the sign-in with the right old password, and the reset, which has the password's row.
        var late = await Overtaken("security.session", "share", () => SignIn(First), async () =>
        {
            reset = by == "an admin"
                ? Reset()
                : Here.Grant(new FollowPasswordReset(token, Second, TestInstallation.Console));
            await TestInstallation.Others(async () => await Waiting() == 2, what: "the reset does not wait");
        });
        await reset!;
        late.Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await Here.Scalar<long>("select count(*) from security.session where ended_at is null")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from security.session")).ShouldBe(1, "it had begun");
    }

    [Fact]
    public async Task The_end_of_a_sign_in_waits_for_a_reset_that_is_being_written()
    {
        Task<Outcome<SignedIn>> signingIn;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var reset = new NpgsqlCommand("update security.password set must_change = true", connection))
                await reset.ExecuteNonQueryAsync();
            signingIn = SignIn(First);
            await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from security.session") == 1);
            await Task.Delay(100);
            signingIn.IsCompleted.ShouldBeFalse();
            await transaction.CommitAsync();
        }
        (await signingIn).Refusal.ShouldBe(new SignInTicketVoid());
        (await Here.Scalar<long>("select count(*) from security.session where ended_at is null")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "S2")]
    public async Task A_phone_that_was_being_confirmed_does_not_get_past_an_admins_reset()
    {
        var enrolment = await Here.Grant(new PrepareTwoStep(_nora, null));
        var code = await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow());
        // Behind the look at the password, before the code is looked at.
        var confirmed = await Overtaken("security.sign_in_throttle", "share",
            () => Here.Send(new ConfirmTwoStep(_nora, enrolment.Enrolment, code, By(_nora))), Reset);
        confirmed.Refusal.ShouldBeOfType<EnrolmentVoid>();
        (await Here.Grant(new ReadSignInSecurity(_nora, null, _nora))).TwoStepSince.ShouldBeNull();
    }

    [Theory, Trait("Rule", "S2"), Trait("Rule", "P9")]
    [InlineData("turning off")]
    [InlineData("new codes")]
    [InlineData("a program's code")]
    [InlineData("an API key")]
    public async Task What_rests_on_the_last_password_waits_for_a_reset_that_is_being_written_and_comes_to_nothing(string deed)
    {
        await Here.Grant(new GivePassword([_ada], First));
        var enrolment = await Here.Grant(new PrepareTwoStep(_nora, null));
        await Here.Grant(new ConfirmTwoStep(_nora, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(_nora)));
        var program = await Here.Grant(new AskForDeviceCode("directory on laptop", ["jobs:read"],
            new Origin(null, "device code", "192.0.2.7", "r")));
        Func<Task<Refusal?>> begin = deed switch
        {
            "turning off" => async () => (await Here.Send(new TurnOffTwoStep(_nora, First, By(_nora)))).Refusal,
            "new codes" => async () => (await Here.Send(new ReplaceRecoveryCodes(_nora, First, By(_nora)))).Refusal,
            "an API key" => async () =>
                (await Here.Send(new CreateApiKey(_acme, _ada, "Nightly", ["jobs:read"], 7, By(_ada)))).Refusal,
            _ => async () => (await Here.Send(new AnswerDeviceRequest(program.UserCode, _acme, _ada, ["jobs:read"], By(_ada)))).Refusal,
        };
        Task<Refusal?> late;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var reset = new NpgsqlCommand("update security.password set must_change = true, stamp = gen_random_uuid()",
                connection)) await reset.ExecuteNonQueryAsync();
            late = begin();
            await TestInstallation.Others(async () => await Waiting() == 1, what: "it does not wait");
            await transaction.CommitAsync();
        }
        (await late).ShouldBeOfType<ChangedMeanwhile>();
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action in "
            + "('TwoStepTurnedOff', 'RecoveryCodesReplaced', 'DeviceCodeConfirmed', 'ApiKeyCreated')")).ShouldBe(0);
    }
}
