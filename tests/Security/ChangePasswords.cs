using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>A person's own other password (SPEC S1, A12).</summary>
[Trait("Rule", "S1")]
public class ChangePasswordTests : OnInstallation
{
    protected const string First = "violet lantern orbit", Second = "seven copper kettles", Third = "quiet marble harbour";
    protected const string Email = "nora@mail.example";

    /// <summary>Who manages the person; null for nobody.</summary>
    protected OrganizationId? Manager { get; set; }

    protected async Task<AccountId> Person(string password = First, string email = Email)
    {
        var id = await Here.Account(email, "Nora Berg", managedBy: Manager);
        await Here.Grant(new GivePassword([id], password));
        return id;
    }

    protected Task<Outcome<SignedIn>> SignIn(string password, string email = Email) =>
        Here.Send(new SignIn(email, password, "Firefox", TestInstallation.Console));

    protected async Task<Guid> Session(string token) => (await Here.Send(new AuthenticateSession(token)))!.Session;

    protected Task<Outcome<Done>> Change(AccountId person, Guid session, string? from, string? to) =>
        Here.Send(new ChangePassword(person, session, from, to, By(person)));

    [Fact, Trait("Rule", "A12"), Trait("Rule", "A9")]
    public async Task All_other_sessions_end_the_old_password_is_dead_and_a_mail_says_so()
    {
        var nora = await Person();
        var (here, there) = ((await SignIn(First)).Value.Token, (await SignIn(First)).Value.Token);
        (await Change(nora, await Session(here), First, Second)).Granted.ShouldBeTrue();
        (await Here.Send(new AuthenticateSession(here))).ShouldNotBeNull("the session in which it was done stays");
        await using var node = Here.AnotherNode();
        (await node.Send(new AuthenticateSession(there))).ShouldBeNull("at once, on every node");
        (await SignIn(First)).Refusal.ShouldBe(new WrongCredentials());
        (await SignIn(Second)).Granted.ShouldBeTrue();
        (await Here.Rows<string>("select template from kernel.mail where recipient = @Email", new { Email }))
            .ShouldBe(["password-changed"]);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where subject_id = @id and actor_id = @id and action = 'PasswordChanged'",
            new { id = nora.Value })).ShouldBe(1);
        foreach (var table in (string[])["kernel.audit_entry", "kernel.mail", "kernel.outbox", "security.password",
            "security.password_before"])
            foreach (var secret in (string[])[First, Second])
                (await Here.Scalar<long>($"select count(*) from {table} t where t::text ilike '%' || @secret || '%'", new { secret }))
                    .ShouldBe(0);
        // The fact ends sessions, too, and spares the one that stayed.
        await Here.StartBackground();
        await Here.Quiet();
        (await Here.Send(new AuthenticateSession(here))).ShouldNotBeNull();
    }

    [Fact, Trait("Rule", "M7")]
    public async Task A_sign_in_that_overlaps_with_the_change_ends_by_itself_and_takes_no_other_session_along()
    {
        var nora = await Person();
        var here = (await SignIn(First)).Value.Token;
        var session = await Session(here);
        Task<long> Waiting() =>
            Here.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        Task<Outcome<SignedIn>> late;
        Task<Outcome<Done>> change;
        await using (var connection = await Here.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // Both stand before the sessions: the sign-in with the right old password, the change with its commit behind it.
            await using (var hold = new Npgsql.NpgsqlCommand("lock table security.session in share mode", connection)) await hold
                .ExecuteNonQueryAsync();
            late = SignIn(First);
            await Here.Until(async () => await Waiting() == 1, what: "the sign-in does not wait");
            change = Change(nora, session, First, Second);
            await Here.Until(async () => await Waiting() == 2, what: "the change does not wait");
            await transaction.CommitAsync();
        }
        (await change).Granted.ShouldBeTrue();
        (await late).Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await Here.Send(new AuthenticateSession(here))).ShouldNotBeNull("it was changed in this one");
        (await Here.Scalar<long>("select count(*) from security.session where ended_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_changes_without_the_present_password_and_guessing_it_is_slowed_down()
    {
        Here.Clock.Stand();
        var nora = await Person();
        var session = await Session((await SignIn(First)).Value.Token);
        foreach (var wrong in (string?[])[null, "", "wrong", Second, new('x', 100_000)])
            (await Change(nora, session, wrong, Second)).Refusal.ShouldBeOfType<InvalidValue>().Field.ShouldBe("current");
        // The first pauses are shorter than a busy machine may take for the next try.
        for (var i = 0; i < 5; i++, Here.Clock.Pass(TimeSpan.FromSeconds(31))) await Change(nora, session, "wrong", Second);
        await Change(nora, session, "wrong", Second);
        (await Change(nora, session, First, Second)).Refusal.ShouldBeOfType<TooManyAttempts>();
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        foreach (var wrong in (string?[])[null, "", "short", new('x', 101), "password", First, "nora berg"])
            (await Change(nora, session, First, wrong)).Refusal.ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        (await SignIn(First)).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(0);
    }

    [Fact]
    public async Task Of_twenty_changes_at_once_on_two_nodes_one_is_made()
    {
        var nora = await Person();
        var session = await Session((await SignIn(First)).Value.Token);
        await using var node = Here.AnotherNode();
        var row = (await Here.Services.GetRequiredService<PasswordStore>().Of(nora, CancellationToken.None))!;
        var account = await Here.Grant(new ReadAccount(nora));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? Here : node).Services.GetRequiredService<PasswordChoice>()
                .Make(new(account, row, $"{Second} {i}", "PasswordChanged", By(nora), TakeAlong.LinksAndTokens, session),
                    CancellationToken.None)));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is ChangedMeanwhile);
        (await SignIn($"{Second} {Array.FindIndex(outcomes, o => o.Granted)}")).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(1);
    }

    [Theory]
    [InlineData("password"), InlineData("12345678"), InlineData("noraberg"), InlineData("nora@mail.example")]
    public async Task Sign_up_refuses_what_is_easy_to_guess(string password)
    {
        await Here.Grant(new SignUp(Email, "Nora Berg", ByNobody));
        var link = (await Here.Scalar<string>("select letter->>'link' from kernel.mail where template = 'email-verification'"))!
            .Split("token=")[1];
        (await Here.Send(new FinishSignUp(link, password, TestInstallation.Console))).Refusal.ShouldBeOfType<InvalidValue>().Field
            .ShouldBe("password");
        (await Here.Scalar<long>("select count(*) from security.password")).ShouldBe(0);
    }
}

/// <summary>Setup asks for a good password, too (SPEC R4, S1).</summary>
[Trait("Rule", "S1")]
public sealed class ChooseFirstPassword : OnInstallation
{
    [Fact]
    public async Task The_first_admin_of_an_installation_chooses_a_good_one_too()
    {
        const string good = "violet lantern orbit";
        var code = await Here.Services.GetRequiredService<SetupCodes>().New(CancellationToken.None);
        foreach (var weak in (string[])["password", "acme corp", "short"])
            (await Here.Refuse(new SetUp(code, "Acme Corp", "Ada", "ada@acme.example", weak, TestInstallation.Console)))
                .ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        await Here.Grant(new SetUp(code, "Acme Corp", "Ada", "ada@acme.example", good, ByNobody));
        (await Here.Send(new SignIn("ada@acme.example", good, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
    }
}

/// <summary>The same under a policy that asks for more.</summary>
[Trait("Rule", "S1")]
public sealed class ChangePasswordUnderPolicy : ChangePasswordTests
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Manager = await Here
            .OrganizationUnder(PolicyDraft.Initial with { Password = PasswordStrength.Fair, PasswordReuse = 3, PasswordExpiryDays = 90 });
    }

    [Fact]
    public async Task The_last_three_do_not_come_back_and_no_more_are_kept()
    {
        var nora = await Person();
        var session = await Session((await SignIn(First)).Value.Token);
        (await Change(nora, session, First, Second)).Granted.ShouldBeTrue();
        (await Change(nora, session, Second, Third)).Granted.ShouldBeTrue();
        foreach (var (used, why) in ((string, string)[])[(First, "before"), (Second, "before"), (Third, "already")])
            (await Change(nora, session, Third, used)).Refusal!.Sentence.ShouldContain(why);
        (await Change(nora, session, Third, "eleven paper bridges")).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from security.password_before")).ShouldBe(2);
        (await Change(nora, session, "eleven paper bridges", First)).Granted.ShouldBeTrue("three others came after it");
    }

    [Fact]
    public async Task An_expired_password_opens_nothing_but_the_choice_of_another()
    {
        var nora = await Person();
        Here.Clock.Pass(TimeSpan.FromDays(89));
        (await SignIn(First)).Granted.ShouldBeTrue();
        Here.Clock.Pass(TimeSpan.FromDays(2));
        (await SignIn("wrong")).Refusal.ShouldBe(new WrongCredentials());
        var step = (await SignIn(First)).Refusal.ShouldBeOfType<StepNeeded>();
        step.Step.ShouldBe(SignInStep.NewPassword);
        (await Here.Scalar<long>(
            "select count(*) from security.session where ended_at is null and created_at > now() + interval '89 days 12 hours'"))
            .ShouldBe(0);
        Task<Outcome<SignedIn>> Choose(string? ticket, string? password) =>
            Here.Send(new ChoosePasswordAtSignIn(ticket, password, "Firefox", TestInstallation.Console));
        foreach (var wrong in (string?[])[null, "", "ticket", step.Ticket[..^3], new('A', 5_000)])
            (await Choose(wrong, Second)).Refusal.ShouldBeOfType<SignInTicketVoid>();
        (await Choose(step.Ticket, First)).Refusal.ShouldBeOfType<InvalidValue>();
        var signedIn = (await Choose(step.Ticket, Second)).Value;
        (await Here.Send(new AuthenticateSession(signedIn.Token)))!.Account.ShouldBe(nora);
        (await Choose(step.Ticket, Third)).Refusal.ShouldBeOfType<SignInTicketVoid>("it was for the password before");
        (await SignIn(Second)).Granted.ShouldBeTrue();
    }
}
