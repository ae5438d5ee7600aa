using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>A person's own new address, by the link in a mail (SPEC A12, A2).</summary>
public sealed partial class ChangeOwnEmailTests : OnInstallation
{
    Task<Outcome<EmailAddress>> Ask(AccountId person, string? email) => Here.Send(new RequestEmailChange(person, email, By(person)));

    Task<Outcome<EmailAddress>> Follow(string? token) => Here.Send(new FollowEmailChangeLink(token, TestInstallation.Console));

    async Task<string> Token(string email) =>
        LinkToken().Match(
            (await Here.Scalar<string>(
                "select coalesce(letter->>'link', '') from kernel.mail where recipient = @email order by created_at desc, id desc limit 1",
                new { email }))!) is { Success: true } found ? found.Groups[1].Value : "";

    async Task<string> Email(AccountId person) => (await Here.Grant(new ReadAccount(person))).Email;

    [Fact, Trait("Rule", "A12")]
    public async Task Nothing_changes_before_the_link_is_followed_and_twenty_who_follow_it_change_it_once()
    {
        var nora = await Here.Account("nora@mail.example");
        (await Ask(nora, " Nora@NEW.example ")).Value.Value.ShouldBe("nora@new.example");
        (await Email(nora)).ShouldBe("nora@mail.example");
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBe("nora@new.example");
        var token = await Token("nora@new.example");
        (await Here.Scalar<long>("select count(*) from accounts.email_change where encode(token_hash, 'base64') like '%' || @token || '%'",
            new { token })).ShouldBe(0, "only its hash is kept");

        await using var node = Here.AnotherNode();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => (i % 2 == 0 ? Here : node).Send(new FollowEmailChangeLink(token, TestInstallation.Console))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal == new LinkVoid());
        (await Here.Grant(new ReadAccount(nora)))
            .ShouldSatisfyAllConditions(a => a.Email.ShouldBe("nora@new.example"), a => a.Version.ShouldBe(2));
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBeNull();
        (await Follow(token)).Refusal.ShouldBeOfType<LinkVoid>();
        foreach (var wrong in (string?[])[null, "", "x", new('x', 5_000), token[..^1]])
            (await Follow(wrong)).Refusal.ShouldBeOfType<LinkVoid>();
    }

    [Fact, Trait("Rule", "A12")]
    public async Task A_link_ends_after_a_day_with_a_newer_one_and_with_any_other_change()
    {
        var nora = await Here.Account("nora@mail.example");
        await Here.Grant(new RequestEmailChange(nora, "late@new.example", By(nora)));
        Here.Clock.Pass(TimeSpan.FromHours(24));
        (await Follow(await Token("late@new.example"))).Refusal.ShouldBeOfType<LinkVoid>();

        await Here.Grant(new RequestEmailChange(nora, "first@new.example", By(nora)));
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestEmailChange(nora, "second@new.example", By(nora)));
        (await Follow(await Token("first@new.example"))).Refusal.ShouldBeOfType<LinkVoid>("a newer one replaces it");

        var second = await Token("second@new.example");
        await Here.Grant(new ChangeEmailAddress(nora, null, EmailAddress.Trusted("nora@mail.example"),
            EmailAddress.Trusted("other@mail.example"), null, By(nora)));
        await Here.Grant(new ChangeEmailAddress(nora, null, EmailAddress.Trusted("other@mail.example"),
            EmailAddress.Trusted("nora@mail.example"), null, By(nora)));
        (await Follow(second)).Refusal.ShouldBeOfType<LinkVoid>("the address changed meanwhile, there and back");
        (await Email(nora)).ShouldBe("nora@mail.example");
    }

    [Fact, Trait("Rule", "A2"), Trait("Rule", "A12")]
    public async Task One_mail_a_minute_and_ten_a_day_also_under_many_at_once()
    {
        var nora = await Here.Account("nora@mail.example");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Ask(nora, $"n{i}@new.example")));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal == new MailTooSoon());
        for (var i = 1; i < 10; i++)
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(61));
            (await Ask(nora, $"m{i}@new.example")).Granted.ShouldBeTrue();
        }
        Here.Clock.Pass(TimeSpan.FromSeconds(61));
        (await Ask(nora, "eleventh@new.example")).Refusal.ShouldBeOfType<TooManyMails>();
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'email-confirmation'")).ShouldBe(10);
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where template = 'email-change-asked' and recipient = 'nora@mail.example'"))
            .ShouldBe(10, "each is told to the present address");
    }

    [Fact, Trait("Rule", "A12"), Trait("Rule", "S1")]
    public async Task An_address_in_use_is_answered_like_a_free_one_and_its_owner_is_told()
    {
        var nora = await Here.Account("nora@mail.example");
        await Here.Account("taken@mail.example");
        (await Ask(nora, "taken@mail.example")).Granted.ShouldBeTrue();
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBe("taken@mail.example");
        (await Here.Scalar<string>("select template from kernel.mail where recipient = 'taken@mail.example'")).ShouldBe("email-in-use");
        (await Token("taken@mail.example")).ShouldBe("");

        // Taken only after the link was sent: who follows it owns the mailbox, and is told.
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        (await Ask(nora, "soon@mail.example")).Granted.ShouldBeTrue();
        await Here.Account("soon@mail.example");
        (await Follow(await Token("soon@mail.example"))).Refusal.ShouldBeOfType<EmailTaken>();
        foreach (var wrong in (string?[])[null, "", "nobody", "a@b"]) (await Ask(nora, wrong)).Refusal.ShouldBeOfType<InvalidValue>();
        (await Ask(nora, "NORA@mail.example")).Refusal.ShouldBeOfType<EmailUnchanged>();
    }

    [Fact, Trait("Rule", "C4"), Trait("Rule", "C5"), Trait("Rule", "C7")]
    public async Task A_move_to_an_automatically_claimed_domain_is_claimed_in_the_same_turn_unless_excluded()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.VerifiedDomain(acme, "acme.example");
        await Here.VerifiedDomain(globex, "globex.example", automatic: false);
        async Task<AccountView> Moved(string name, string to)
        {
            var person = await Here.Account($"{name}@mail.example");
            if (name == "excluded")
            {
                await Here.Grant(new ClaimAccount(person, acme, "mail.example", true, TestInstallation.Console));
                await Here.Grant(new UnclaimAccount(person, acme, Exclude: true, TestInstallation.Console));
            }
            await Here.Grant(new RequestEmailChange(person, to, By(person)));
            await Here.Grant(new FollowEmailChangeLink(await Token(to), ByNobody));
            return await Here.Grant(new ReadAccount(person));
        }
        (await Moved("nora", "nora@acme.example")).ShouldSatisfyAllConditions(a => a.ManagedBy.ShouldBe(acme), a => a.Version.ShouldBe(2));
        (await Moved("excluded", "excluded@acme.example")).ManagedBy.ShouldBeNull();
        (await Moved("manual", "manual@globex.example")).ManagedBy.ShouldBeNull();
        (await Moved("free", "free@elsewhere.example")).ManagedBy.ShouldBeNull();

        // From then on the address is the organization's business.
        var nora = new AccountId(await Here.Scalar<Guid>("select id from accounts.account where email = 'nora@acme.example'"));
        (await Ask(nora, "away@mail.example")).Refusal.ShouldBeOfType<ManagedByOrganization>();
        await Here.StartBackground();
        await Here.Quiet();
        (await Here.Grant(new ReadAccount(nora))).ManagedBy.ShouldBe(acme, "the domain is still Acme's");
    }

    [Fact, Trait("Rule", "C4"), Trait("Rule", "D12")]
    public async Task A_domain_lost_between_question_and_turn_gives_the_account_back()
    {
        var acme = await Here.Organization("acme");
        var nora = await Here.Account("nora@mail.example");
        // The answer "Acme" was true when it was asked; there is no such domain any more when the turn comes.
        await Here.Grant(new ChangeEmailAddress(nora, null, EmailAddress.Trusted("nora@mail.example"),
            EmailAddress.Trusted("nora@lost.example"), acme, By(nora)));
        (await Here.Grant(new ReadAccount(nora))).ManagedBy.ShouldBe(acme);
        await Here.StartBackground();
        await Here.Quiet();
        (await Here.Grant(new ReadAccount(nora))).ManagedBy.ShouldBeNull();
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where template like 'email-%' and recipient in ('nora@mail.example', 'nora@lost.example')"))
            .ShouldBe(2);
    }

    [Fact, Trait("Rule", "A12"), Trait("Rule", "S8")]
    public async Task Only_the_person_can_ask_and_only_while_active()
    {
        var (nora, olga) = (await Here.Account("nora@mail.example"), await Here.Account("olga@mail.example"));
        (await Here.Refuse(new RequestEmailChange(nora, "mine@mail.example", By(olga)))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new RequestEmailChange(new(Guid.CreateVersion7()), "mine@mail.example", By(olga)))).ShouldBeOfType<NotFound>();
        await Here.Grant(new RequestEmailChange(nora, "new@mail.example", By(nora)));
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        (await Follow(await Token("new@mail.example"))).Refusal.ShouldBeOfType<BeingDeleted>();
        (await Email(nora)).ShouldBe("nora@mail.example");
    }

    [GeneratedRegex(@"/confirm-email\?token=([\w-]+)")]
    private static partial Regex LinkToken();
}
