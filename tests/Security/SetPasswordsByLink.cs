using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>
/// A password counts only when it was set behind a link to the address (SPEC A13); too many wrong ones ask for the mailbox (S1).
/// </summary>
[Trait("Rule", "A13")]
public sealed class SetPasswordsByLink : OnInstallation
{
    const string Email = "nora@acme.example", Password = "violet lantern orbit";

    Task<Outcome<SignedIn>> SignIn(string password, string? address = null, string email = Email) =>
        Here.Send(new SignIn(email, password, "Firefox", new Origin(null, "web", address)));

    Task<string> Link(string template = "email-verification") => Here.TokenMailed(Email, template);

    /// <summary>Somebody who signs up with the address of another had a password wait there for the owner's click.</summary>
    [Fact]
    public async Task A_stranger_who_signed_up_with_the_address_gets_nothing_from_the_owners_click()
    {
        await Here.Grant(new SignUp(Email, "A Stranger", ByNobody));
        (await Here.Scalar<long>("select count(*) from security.password")).ShouldBe(0, "nobody but the mailbox can set one");
        await Here.Grant(new FinishSignUp(await Link(), Password, ByNobody));
        (await SignIn(Password)).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from security.password")).ShouldBe(1);
    }

    [Fact]
    public async Task No_password_ever_stands_without_an_account()
    {
        await Here.Account(Email);
        for (var i = 0; i < 14; i++) await Here.Grant(new SignUp(Email, "Somebody", TestInstallation.Console));
        (await Here.Scalar<long>(
            "select count(*) from security.password p where not exists (select from accounts.account a where a.id = p.account_id)"))
            .ShouldBe(0);
    }

    /// <summary>As a process leaves it that dies while somebody joins, and as sign-ups did before.</summary>
    [Fact]
    public async Task A_password_whose_account_was_never_made_is_removed_and_no_other()
    {
        var nora = await Here.Account(Email);
        var (nobody, justNow) = (new AccountId(Guid.CreateVersion7()), new AccountId(Guid.CreateVersion7()));
        await Here.Grant(new GivePassword([nora, nobody], Password));
        Here.Clock.Pass(PasswordsOfNobody.Untouched + TimeSpan.FromSeconds(1));
        await Here.Grant(new GivePassword([justNow], Password));
        await Here.Services.GetServices<IRecurring>().OfType<PasswordsOfNobody>().Single().Run(default);
        foreach (var (id, left) in ((AccountId, long)[])[(nora, 1), (nobody, 0), (justNow, 1)])
            (await Here.Scalar<long>("select count(*) from security.password where account_id = @Value", new { id.Value })).ShouldBe(left);
    }

    [Fact]
    public async Task A_weak_password_and_a_void_link_change_nothing_and_looking_never_does()
    {
        await Here.Grant(new SignUp(Email, "Nora", ByNobody));
        var link = await Link();
        for (var i = 0; i < 3; i++) (await Here.Grant(new ReadSignUp(link))).Email.ShouldBe(Email);
        (await Here.Refuse(new FinishSignUp(link, "password", ByNobody))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        (await Here.Scalar<short>("select state from accounts.account")).ShouldBe((short)AccountState.Unverified);
        await Here.Grant(new FinishSignUp(link, Password, ByNobody));
        (await Here.Refuse(new ReadSignUp(link))).ShouldBe(new LinkVoid());
        (await Here.Refuse(new FinishSignUp(link, "another lantern orbit", ByNobody))).ShouldBe(new LinkVoid());
        (await SignIn(Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task Two_links_of_one_account_followed_at_once_set_one_password()
    {
        await Here.Grant(new SignUp(Email, "Nora", ByNobody));
        var first = await Link();
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new SignUp(Email, "Nora", ByNobody));
        var second = await Link();
        second.ShouldNotBe(first);
        var followed = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => Here.Send(new FinishSignUp(i % 2 == 0 ? first : second, $"{Password} {i}", ByNobody))));
        followed.Count(f => f.Granted).ShouldBe(1);
        followed.Where(f => !f.Granted).ShouldAllBe(f => f.Refusal is LinkVoid);
        (await SignIn($"{Password} {Array.FindIndex(followed, f => f.Granted)}")).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_forgot_a_password_before_verifying_is_mailed_the_same_link()
    {
        await Here.Grant(new SignUp(Email, "Nora", ByNobody));
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestPasswordReset(Email, ByNobody));
        await Here.Quiet();
        (await Here.Rows<string>("select template from kernel.mail where recipient = @Email", new { Email }))
            .ShouldBe(["email-verification", "email-verification"]);
        await Here.Grant(new FinishSignUp(await Link(), Password, ByNobody));
        (await SignIn(Password)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_password_meets_the_policy_that_will_hold()
    {
        var acme = await Here.OrganizationUnder(PolicyDraft.Initial with { Password = PasswordStrength.VeryStrong });
        await Here.VerifiedDomain(acme, "acme.example");
        await Here.Grant(new SignUp(Email, "Nora", ByNobody));
        (await Here.Refuse(new FinishSignUp(await Link(), "lantern42", ByNobody))).ShouldBeOfType<InvalidValue>();
        await Here.Grant(new FinishSignUp(await Link(), "violet lantern orbit marzipan tuesday", ByNobody));
    }

    [Fact, Trait("Rule", "S1")]
    public async Task After_a_hundred_wrong_passwords_in_a_row_a_stranger_proves_the_mailbox_and_who_is_known_does_not()
    {
        Here.Clock.Stand();
        await Here.Grant(new GivePassword([await Here.Account(Email)], Password));
        (await SignIn(Password, "198.51.100.9")).Granted.ShouldBeTrue("home");
        // However slowly, and from wherever; whether there is an account or not.
        foreach (var email in (string[])[Email, "nobody@acme.example"])
        {
            for (var i = 0; i < Throttle.MostInARow; i++)
            {
                (await SignIn($"guess {i}", $"203.0.113.{i}", email)).Refusal.ShouldBeOfType<WrongCredentials>($"guess {i} at {email}");
                Here.Clock.Pass(TimeSpan.FromHours(2));
            }
            (await SignIn("guess", "203.0.113.200", email)).Refusal.ShouldBeOfType<ShowMailboxFirst>();
        }
        (await SignIn(Password, "203.0.113.201")).Refusal.ShouldBeOfType<ShowMailboxFirst>("the right one is not even looked at");
        (await SignIn(Password, "198.51.100.9")).Granted.ShouldBeTrue("a known network is free");
        (await SignIn(Password, "203.0.113.202")).Refusal.ShouldBeOfType<ShowMailboxFirst>("and opens it to nobody else");
        await Here.Grant(new RequestPasswordReset(Email, ByNobody));
        await Here.Quiet();
        await Here.Grant(new FollowPasswordReset(await Link("password-reset"), "another lantern orbit", ByNobody));
        (await SignIn("another lantern orbit", "203.0.113.203")).Granted.ShouldBeTrue("the mailbox opens it");
    }

    [Fact, Trait("Rule", "S1")]
    public async Task A_right_password_ends_the_row()
    {
        Here.Clock.Stand();
        await Here.Grant(new GivePassword([await Here.Account(Email)], Password));
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 60; i++)
            {
                (await SignIn($"guess {i}", null)).Refusal.ShouldBeOfType<WrongCredentials>();
                Here.Clock.Pass(TimeSpan.FromHours(2));
            }
            (await SignIn(Password, null)).Granted.ShouldBeTrue();
        }
    }
}
