using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>The link for whoever has forgotten the password (SPEC S1, A9).</summary>
[Trait("Rule", "S1")]
public sealed partial class ForgetPasswords : OnInstallation
{
    const string Old = "violet lantern orbit", New = "seven copper kettles";
    const string Email = "nora@mail.example";

    async Task<AccountId> Person(string email = Email, OrganizationId? managedBy = null)
    {
        var id = await Here.Account(email, "Nora Berg", managedBy: managedBy);
        await Here.Grant(new GivePassword([id], Old));
        return id;
    }

    async Task Ask(string? email = Email)
    {
        await Here.Grant(new RequestPasswordReset(email, new Origin(null, "web", "192.0.2.7")));
        await Here.Quiet();
    }

    Task<Outcome<Done>> Follow(string? token, string? password = New, TestInstallation? node = null) =>
        (node ?? Here).Send(new FollowPasswordReset(token, password, ByNobody));

    Task<Outcome<SignedIn>> SignIn(string password, string email = Email) =>
        Here.Send(new SignIn(email, password, "Firefox", TestInstallation.Console));

    Task<string> Token(string email = Email) => Here.TokenMailed(email, "password-reset");

    Task<long> Mails(string template = "password-reset") =>
        Here.Scalar<long>("select count(*) from kernel.mail where template = @template", new { template });

    [Fact, Trait("Rule", "S9")]
    public async Task Fifty_who_follow_a_link_on_two_nodes_set_one_password_and_all_sessions_end()
    {
        var nora = await Person();
        var session = (await SignIn(Old)).Value;
        await Ask(" NORA@mail.example ");
        var token = await Token();
        token.Length.ShouldBe(43);
        (await Here.Scalar<string>("select letter->>'link' from kernel.mail where template = 'password-reset'"))
            .ShouldStartWith("http://localhost:5080/reset-password?token=");
        (await Here.Grant(new ReadPasswordReset(token))).ShouldBe(nora);
        (await SignIn(Old)).Granted.ShouldBeTrue("to look at the link changes nothing");
        (await Follow(token, "password")).Refusal.ShouldBeOfType<InvalidValue>("a weak one leaves the link as it is");

        await using var node = Here.AnotherNode();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Follow(token, $"{New} {i}", i % 2 == 0 ? Here : node)));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal == new LinkVoid());
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull();
        (await SignIn(Old)).Refusal.ShouldBe(new WrongCredentials());
        (await SignIn($"{New} {Array.FindIndex(outcomes, o => o.Granted)}")).Granted.ShouldBeTrue();
        foreach (var wrong in (string?[])[null, "", "x", new('x', 5_000), token[..^1], token])
            (await Follow(wrong)).Refusal.ShouldBe(new LinkVoid());
        (await Mails("password-changed")).ShouldBe(1);
        foreach (var table in (string[])["kernel.audit_entry", "kernel.outbox", "security.password_reset"])
            (await Here.Scalar<long>($"select count(*) from {table} t where t::text like '%' || @token || '%'", new { token })).ShouldBe(0);
    }

    [Fact]
    public async Task A_link_is_good_for_an_hour_and_dies_with_any_change_of_password_or_address()
    {
        var nora = await Person();
        async Task<string> Another()
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(61));
            await Ask();
            return await Token();
        }
        async Task IsVoid(string token, string why)
        {
            (await Here.Send(new ReadPasswordReset(token))).Refusal.ShouldBe(new LinkVoid(), why);
            (await Follow(token)).Refusal.ShouldBe(new LinkVoid(), why);
        }

        var token = await Another();
        Here.Clock.Pass(TimeSpan.FromMinutes(60));
        await IsVoid(token, "an hour later");

        token = await Another();
        var newer = await Another();
        newer.ShouldNotBe(token);
        (await Here.Send(new ReadPasswordReset(token))).Granted.ShouldBeTrue("another one was sent, and this one is not an hour old");

        var session = (await Here.Send(new AuthenticateSession((await SignIn(Old)).Value.Token)))!.Session;
        await Here.Grant(new ChangePassword(nora, session, Old, "quiet marble harbour", By(nora)));
        await IsVoid(newer, "the password was changed");
        await IsVoid(token, "and every other link with it");

        token = await Another();
        await Here.Grant(new ChangeEmailAddress(nora, null, EmailAddress.Trusted(Email), EmailAddress.Trusted("nora@new.example"), null,
            By(nora)));
        await IsVoid(token, "it went to another address");
        await Here.Grant(new ChangeEmailAddress(nora, null, EmailAddress.Trusted("nora@new.example"), EmailAddress.Trusted(Email), null,
            By(nora)));
        await Here.Quiet();
        await IsVoid(token, "there and back");
        (await SignIn("quiet marble harbour")).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "A2")]
    public async Task One_mail_a_minute_and_ten_a_day_whoever_asks()
    {
        await Person();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Here.Grant(new RequestPasswordReset(Email, TestInstallation.Console))));
        await Here.Quiet();
        (await Mails()).ShouldBe(1);
        for (var i = 0; i < 12; i++)
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(61));
            await Ask();
        }
        (await Mails()).ShouldBe(10);
        Here.Clock.Pass(TimeSpan.FromDays(1));
        await Ask();
        (await Mails()).ShouldBe(11);
    }

    Task AskFrom(string? address) => AskFrom(address, TimeSpan.FromSeconds(61));

    async Task AskFrom(string? address, TimeSpan later)
    {
        Here.Clock.Pass(later);
        await Here.Grant(new RequestPasswordReset(Email, new Origin(null, "web", address)));
        await Here.Quiet();
    }

    async Task<string[]> Tokens() =>
        [.. (await Here.Rows<string>("select letter->>'link' from kernel.mail where template = 'password-reset' order by created_at, id"))
            .Select(l => LinkToken().Match(l).Groups[1].Value)];

    [Fact, Trait("Rule", "S11")]
    public async Task A_strangers_asking_voids_no_link_and_the_last_three_of_one_place_stay_good_until_one_is_used()
    {
        await Person();
        await AskFrom("192.0.2.7");
        var own = await Token();
        for (var i = 0; i < 9; i++) await AskFrom("203.0.113.9");
        (await Here.Grant(new ReadPasswordReset(own))).ShouldNotBe(default, "nine asks of a stranger");
        var links = await Tokens();
        links.Length.ShouldBe(10);
        var good = new List<bool>();
        foreach (var link in links) good.Add((await Here.Send(new ReadPasswordReset(link))).Granted);
        good.ShouldBe([true, .. Enumerable.Repeat(false, 6), true, true, true], "of one place the last three are good");
        (await Follow(own)).Granted.ShouldBeTrue();
        foreach (var link in links) (await Follow(link)).Refusal.ShouldBe(new LinkVoid(), "one was used");
    }

    [Fact, Trait("Rule", "S11")]
    public async Task A_stranger_who_has_used_up_the_day_leaves_the_person_a_working_way_from_everywhere()
    {
        await Person();
        await SignInFrom("192.0.2.7");
        for (var i = 0; i < 14; i++) await AskFrom($"203.0.113.{i}");
        (await Mails()).ShouldBe(10, "the places that the account does not know, all together");
        var last = await Token();
        await AskFrom("198.51.100.1");
        (await Here.Grant(new ReadPasswordReset(last))).ShouldNotBe(default, "no new mail, and a good link is in the mailbox");
        await AskFrom("192.0.2.7");
        (await Mails()).ShouldBe(11, "the place that the person signs in from is counted by itself");
        for (var i = 0; i < 6; i++) await AskFrom("192.0.2.7");
        (await Mails()).ShouldBe(15, "and has five a day");
        await AskFrom("203.0.113.9", PasswordResets.Life);
        (await Mails()).ShouldBe(16, "no link is good any more, so that another is sent");
        (await Follow(await Token())).Granted.ShouldBeTrue();
    }

    async Task SignInFrom(string address) => await Here.Grant(new SignIn(Email, Old, "Firefox", new Origin(null, "web", address)));

    [Fact]
    public async Task Known_and_unknown_addresses_get_the_same_answer_and_the_same_statements()
    {
        await Person();
        var known = await Here.Grant(new RequestPasswordReset(Email, TestInstallation.Console));
        var unknown = await Here.Grant(new RequestPasswordReset("nobody@mail.example", TestInstallation.Console));
        known.ShouldBe(unknown);
        await Here.Quiet();
        (await Here.Rows<string>("select recipient from kernel.mail")).ShouldBe([Email]);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'PasswordResetMailSent' and actor_id is null"))
            .ShouldBe(1);
        foreach (var wrong in (string?[])[null, "", "nobody", "a@b", "a@x.example,b@x.example", "a@x.example\nb@x.example",
            "[\"a@x.example\"]", new('a', 10_000)])
            (await Here.Refuse(new RequestPasswordReset(wrong, TestInstallation.Console)))
                .ShouldBeOfType<InvalidValue>().Field.ShouldBe("email");
        (await Here.Scalar<long>("select count(*) from kernel.outbox")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "A9"), Trait("Rule", "A3")]
    public async Task The_gate_is_asked_and_only_the_holder_of_the_link_learns_what_it_says()
    {
        var acme = await Here.Organization("acme");
        var nora = await Person("nora@acme.example", acme);
        await Ask("nora@acme.example");
        var token = await Token("nora@acme.example");
        await Here.Grant(new DeactivateAccount(nora, acme, null, "Call Ada.", false, TestInstallation.Console));
        (await Follow(token)).Refusal!.Sentence.ShouldContain("Call Ada.");
        (await Here.Send(new ReadPasswordReset(token))).Refusal!.Sentence.ShouldContain("Call Ada.");
        (await Follow("another token")).Refusal.ShouldBe(new LinkVoid());
        await Here.Grant(new ReactivateAccount(nora, acme, TestInstallation.Console));
        await Here.Grant(new ScheduleDeletion(nora, acme, TestInstallation.Console));
        (await Follow(token)).Refusal.ShouldBeOfType<DeletionAtSignIn>().Sentence.ShouldContain("Ask your organization's admin");
        await Here.Grant(new CancelDeletion(nora, acme, TestInstallation.Console));
        var noah = await Person();
        await Ask();
        var own = await Token();
        await Here.Grant(new ScheduleDeletion(noah, null, By(noah)));
        (await Follow(own)).Refusal.ShouldBeOfType<DeletionAtSignIn>().Sentence.ShouldEndWith("Sign in with your password to cancel it.");
        (await Follow(token)).Granted.ShouldBeTrue("a refusal does not use it up");
        (await SignIn(New, "nora@acme.example")).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "A2")]
    public async Task A_link_never_verifies_an_address_and_gives_a_first_password_to_somebody_imported()
    {
        var fresh = await Here.Account("fresh@mail.example", verified: false);
        await Ask("fresh@mail.example");
        (await Here.Scalar<long>("select count(*) from security.password_reset"))
            .ShouldBe(0, "the verification mail's link sets the password (A13)");
        (await Here.Grant(new ReadAccount(fresh))).State.ShouldBe(AccountState.Unverified);
        (await Mails("email-verification")).ShouldBe(1);

        await Here.Account("imported@mail.example");
        await Ask("imported@mail.example");
        (await Follow(await Token("imported@mail.example"))).Granted.ShouldBeTrue();
        (await SignIn(New, "imported@mail.example")).Granted.ShouldBeTrue();
    }

    [GeneratedRegex(@"/reset-password\?token=([\w-]+)")]
    private static partial Regex LinkToken();
}
