using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Password sign-in, sessions and verification links through the mediator.</summary>
public sealed class SignInTests : OnInstallation
{
    const string Password = "correct horse";
    static readonly Origin Visitor = new(null, "web", "192.0.2.1");

    Task<Outcome<SignedIn>> Try(string email, string? password, string? address = null) =>
        Here.Send(new SignIn(email, password, "Firefox", Visitor with { Address = address }));

    async Task<AccountId> Person(string email, OrganizationId? managedBy = null)
    {
        var id = await Here.Account(email, managedBy: managedBy);
        await Here.Grant(new GivePassword([id], Password));
        return id;
    }

    [Fact, Trait("Rule", "S1")]
    public async Task A_wrong_password_and_an_unknown_account_are_answered_alike()
    {
        await Person("liam@acme.example");
        var wrong = (await Try("liam@acme.example", "wrong")).Refusal;
        wrong.ShouldBe(new WrongCredentials());
        foreach (var (email, password) in ((string, string?)[])[
            ("nobody@acme.example", "wrong"), ("not an address", "x"), ("", null), ("liam@acme.example\0", Password),
            (new('a', 5_000), new('b', 50_000))])
            (await Try(email, password)).Refusal.ShouldBe(wrong);
        (await Try(" LIAM@ACME.example ", Password)).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "A3"), Trait("Rule", "A9")]
    public async Task A_deactivated_person_learns_why_only_with_the_right_password()
    {
        var acme = await Here.Organization("acme");
        var liam = await Person("liam@acme.example", acme);
        var session = (await Try("liam@acme.example", Password)).Value;
        (await Here.Send(new AuthenticateSession(session.Token)))!.Account.ShouldBe(liam);
        await Here.Grant(new DeactivateAccount(liam, acme, "secret reason", "Call Ada.", true, TestInstallation.Console));
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull("no background work has run yet");
        (await Try("liam@acme.example", "wrong")).Refusal.ShouldBe(new WrongCredentials());
        var refusal = (await Try("liam@acme.example", Password)).Refusal!;
        refusal.Sentence.ShouldContain("Call Ada.");
        refusal.Sentence.ShouldNotContain("secret reason");
        await Here.Quiet();
        await Here.Grant(new ReactivateAccount(liam, acme, TestInstallation.Console));
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull("an ended session stays ended");
        var again = (await Try("liam@acme.example", Password)).Value;
        (await Here.Send(new AuthenticateSession(again.Token))).ShouldNotBeNull();
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where recipient = 'liam@acme.example' and template = 'account-deactivated'")).ShouldBe(1);
    }

    [Fact, Trait("Rule", "A4")]
    public async Task A_late_fact_of_a_deactivation_spares_the_session_begun_after_the_reactivation()
    {
        var acme = await Here.Organization("acme");
        var liam = await Person("liam@acme.example", acme);
        var old = (await Try("liam@acme.example", Password)).Value;
        await Here.Grant(new DeactivateAccount(liam, acme, null, null, false, TestInstallation.Console));
        await Here.Grant(new ReactivateAccount(liam, acme, TestInstallation.Console));
        var young = (await Try("liam@acme.example", Password)).Value;
        await Here.Quiet();
        (await Here.Send(new AuthenticateSession(old.Token))).ShouldBeNull();
        (await Here.Send(new AuthenticateSession(young.Token))).ShouldNotBeNull();
    }

    [Fact, Trait("Rule", "A9"), Trait("Rule", "S3")]
    public async Task Every_state_but_active_stops_the_session_and_so_do_signing_out_and_time()
    {
        var acme = await Here.Organization("acme");
        var liam = await Person("liam@acme.example", acme);
        var token = (await Try("liam@acme.example", Password)).Value.Token;
        await Here.Grant(new ScheduleDeletion(liam, acme, TestInstallation.Console));
        (await Here.Send(new AuthenticateSession(token))).ShouldBeNull();
        (await Try("liam@acme.example", Password)).Refusal.ShouldBeOfType<DeletionAtSignIn>();
        await Here.Grant(new CancelDeletion(liam, acme, TestInstallation.Console));
        var (first, second) = ((await Try("liam@acme.example", Password)).Value.Token,
            (await Try("liam@acme.example", Password)).Value.Token);
        await Here.Grant(new SignOut(first, Visitor));
        (await Here.Send(new AuthenticateSession(first))).ShouldBeNull();
        (await Here.Send(new AuthenticateSession(second))).ShouldNotBeNull();
        (await Here.Scalar<long>("select count(*) from security.session where encode(token_hash, 'escape') = any(@tokens)",
            new { tokens = new[] { first, second } })).ShouldBe(0);
        Here.Clock.Pass(TimeSpan.FromDays(8));
        (await Here.Send(new AuthenticateSession(second))).ShouldBeNull("idle for a week");
        foreach (var junk in (string[])["", "x", new('x', 10_000), "\0"]) (await Here.Send(new AuthenticateSession(junk))).ShouldBeNull();
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Pauses_after_wrong_passwords_grow_and_never_lock_out()
    {
        Here.Clock.Stand();
        await Person("liam@acme.example");
        var pauses = new List<int>();
        for (var i = 0; i < 16; i++)
        {
            var outcome = await Try("liam@acme.example", "wrong");
            if (outcome.Refusal is not TooManyAttempts pause) continue;
            pauses.Add(pause.Seconds);
            (await Try("liam@acme.example", Password)).Refusal
                .ShouldBeOfType<TooManyAttempts>("within the pause no password is even looked at");
            Here.Clock.Pass(TimeSpan.FromSeconds(pause.Seconds));
            await Try("liam@acme.example", "wrong");
        }
        pauses.Count.ShouldBeGreaterThan(5);
        // The longest pause has begun when it is told: 29 or 30 seconds are left.
        pauses.Select(p => Math.Min(p, 29)).ShouldBeInOrder();
        pauses[0].ShouldBeInRange(1, 2);
        pauses[^1].ShouldBeInRange(29, 30);
        Here.Clock.Pass(TimeSpan.FromSeconds(31));
        (await Try("liam@acme.example", Password)).Granted.ShouldBeTrue();
        (await Try("liam@acme.example", "wrong")).Refusal.ShouldBe(new WrongCredentials());
    }

    [Fact, Trait("Rule", "S1")]
    public async Task One_address_that_tries_many_accounts_is_slowed_down_and_others_are_not()
    {
        Here.Clock.Stand();
        for (var i = 0; i < 52; i++) await Try($"p{i}@acme.example", "wrong", "192.0.2.66");
        await Person("liam@acme.example");
        (await Try("liam@acme.example", Password, "192.0.2.66")).Refusal.ShouldBeOfType<TooManyAttempts>();
        (await Try("liam@acme.example", Password, "192.0.2.67")).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Hashes_are_salted_and_a_crowd_is_hashed_a_few_at_a_time()
    {
        AccountId[] ids = [await Here.Account("a@acme.example"), await Here.Account("b@acme.example")];
        foreach (var id in ids) await Here.Grant(new GivePassword([id], Password));
        var hashes = await Here.Rows<string>("select hash from security.password");
        hashes.Distinct().Count().ShouldBe(2);
        hashes.ShouldAllBe(h => !h.Contains(Password));
        var before = ThreadPool.ThreadCount;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Try($"nobody{i}@acme.example", "wrong")));
        (ThreadPool.ThreadCount - before).ShouldBeLessThan(20);
    }

    [Fact, Trait("Rule", "A2")]
    public async Task A_verification_link_works_once_for_24_hours()
    {
        await Here.Grant(new SignUp("new@free.example", "New Body", ByNobody));
        (await Try("new@free.example", Password)).Refusal.ShouldBeOfType<WrongCredentials>();
        var link = await Link("new@free.example");
        Here.Clock.Pass(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));
        (await Here.Refuse(new FinishSignUp(link, Password, Visitor))).ShouldBe(new LinkVoid());
        // Signing up again mails another link, and makes no second account.
        await Here.Grant(new SignUp("New@free.example", "Somebody Else", ByNobody));
        link = await Link("new@free.example");
        var followed = await Task.WhenAll(Enumerable.Range(0, Proof.Size(16, 50))
            .Select(i => Here.Send(new FinishSignUp(link, $"{Password} {i}", ByNobody))));
        followed.Count(o => o.Granted).ShouldBe(1);
        followed.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is LinkVoid);
        (await Here.Refuse(new FinishSignUp(link, Password, Visitor))).ShouldBe(new LinkVoid());
        foreach (var junk in (string?[])[null, "", "x", new('x', 5_000), "\0"])
            (await Here.Refuse(new FinishSignUp(junk, Password, Visitor))).ShouldBe(new LinkVoid());
        (await Try("new@free.example", $"{Password} {Array.FindIndex(followed, o => o.Granted)}")).Granted
            .ShouldBeTrue("the password is that of the one who was first");
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'EmailAddressVerified'")).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry e where e::text like '%' || @link || '%'", new { link }))
            .ShouldBe(0);
    }

    [Fact, Trait("Rule", "A2")]
    public async Task Verification_mails_are_one_a_minute_and_ten_a_day()
    {
        var id = await Here.Account("new@free.example", verified: false);
        var send = () => Here.Send(new SendVerificationMail(id, null, Visitor with { Actor = id.Value }));
        var first = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => send()));
        first.Count(o => o.Granted).ShouldBe(1);
        first.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is MailTooSoon);
        for (var i = 1; i < 10; i++)
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(61));
            (await send()).Granted.ShouldBeTrue();
        }
        Here.Clock.Pass(TimeSpan.FromSeconds(61));
        (await send()).Refusal.ShouldBe(new TooManyMails());
        Here.Clock.Pass(TimeSpan.FromDays(1));
        (await send()).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from kernel.mail where recipient = 'new@free.example'")).ShouldBe(11);
        (await Here.Refuse(new SendVerificationMail(id, new OrganizationId(Guid.NewGuid()), TestInstallation.Console)))
            .ShouldBe(new NotManagedHere());
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Signing_up_with_a_taken_address_gives_the_same_answer_and_a_mail_to_its_owner()
    {
        var fresh = await Here.Send(new SignUp("new@free.example", "New", Visitor));
        await Person("liam@acme.example");
        for (var i = 0; i < 5; i++)
        {
            var taken = await Here.Send(new SignUp("LIAM@acme.example", "Somebody Else", Visitor));
            (taken.Granted, taken.Value).ShouldBe((fresh.Granted, fresh.Value));
        }
        // A stranger cannot fill the mailbox.
        (await Here.Rows<string>("select template from kernel.mail where recipient = 'liam@acme.example'")).ShouldBe(["signed-up-again"]);
        (await Try("liam@acme.example", Password)).Granted.ShouldBeTrue();
        (await Here.Scalar<string>("select name from accounts.account where email = 'liam@acme.example'")).ShouldBe("Some Body");
    }

    Task<string> Link(string email) => Here.TokenMailed(email, "email-verification");
}
