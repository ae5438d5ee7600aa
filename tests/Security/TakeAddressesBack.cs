using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Somebody at an open browser asks for another address, and the owner of the old one
/// has the last word for seven days (SPEC A15).</summary>
[Trait("Rule", "A15")]
public sealed class TakeAddressesBack : OnInstallation
{
    const string Old = "violet lantern orbit", New = "seven copper kettles";
    const string Owner = "nora@mail.example", Thief = "thief@evil.example";

    async Task<AccountId> Nora()
    {
        var id = await Here.Account(Owner, "Nora Berg");
        await Here.Grant(new GivePassword([id], Old));
        return id;
    }

    async Task<string> Link(string recipient, string template)
    {
        await Here.Quiet();
        return await Here.TokenMailed(recipient, template);
    }

    async Task<string> Email(AccountId person) => (await Here.Grant(new ReadAccount(person))).Email;

    async Task<Visitor> SignedIn(string email, string password = Old) =>
        (await Here.Send(
            new AuthenticateSession((await Here.Grant(new SignIn(email, password, "Firefox", TestInstallation.Console))).Token)))!;

    async Task Move(AccountId person, string to)
    {
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestEmailChange(person, to, By(person)));
        await Here.Grant(new FollowEmailChangeLink(await Link(to, "email-confirmation"), ByNobody));
    }

    [Fact]
    public async Task The_present_address_is_told_at_once_and_stops_the_change_without_a_session_once()
    {
        var nora = await Nora();
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var (confirm, stop) = (await Link(Thief, "email-confirmation"), await Link(Owner, "email-change-asked"));
        (await Here.Grant(new ReadStoppableChange(stop))).Email.ShouldBe(Thief);
        (await Here.Grant(new ReadStoppableChange(stop))).Email.ShouldBe(Thief, "to look changes nothing");
        (await Here.Refuse(new StopEmailChange(confirm, ByNobody)))
            .ShouldBeOfType<ChangeNotWaiting>("the link of the new mailbox stops nothing");
        await using var node = Here.AnotherNode();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(i => (i % 2 == 0 ? Here : node).Send(new StopEmailChange(stop, TestInstallation.Console))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        (await node.Send(new FollowEmailChangeLink(confirm, ByNobody))).Refusal.ShouldBeOfType<LinkVoid>();
        (await Email(nora)).ShouldBe(Owner);
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBeNull();
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @id and action = 'EmailChangeStopped'",
            new { id = nora.Value })).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from accounts.email_change c where c::text like '%' || @stop || '%'", new { stop }))
            .ShouldBe(0, "only its hash is kept");
        foreach (var wrong in (string?[])[null, "", "x", new('x', 5_000), stop[..^1], stop])
            (await Here.Refuse(new StopEmailChange(wrong, ByNobody))).ShouldBeOfType<ChangeNotWaiting>();
    }

    [Fact]
    public async Task A_change_to_an_address_in_use_is_told_and_stopped_alike()
    {
        var nora = await Nora();
        await Here.Account("taken@mail.example");
        await Here.Grant(new RequestEmailChange(nora, "taken@mail.example", By(nora)));
        await Here.Grant(new StopEmailChange(await Link(Owner, "email-change-asked"), ByNobody));
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBeNull();
    }

    [Fact]
    public async Task The_link_of_the_new_mailbox_needs_the_askers_live_session_or_the_password()
    {
        var nora = await Nora();
        var olga = await Here.Account("olga@mail.example");
        await Here.Grant(new GivePassword([olga], Old));
        await Here.Grant(new RequestEmailChange(nora, "nora@new.example", By(nora)));
        var token = await Link("nora@new.example", "email-confirmation");
        var (her, other) = (await SignedIn(Owner), await SignedIn("olga@mail.example"));
        Task<Refusal> Refused(Visitor? visitor, string? password) => Here.Refuse(new ConfirmNewEmail(token, visitor, password, ByNobody));
        (await Refused(null, null)).ShouldBeOfType<PasswordNeeded>();
        (await Refused(other, null)).ShouldBeOfType<PasswordNeeded>("somebody else's session");
        (await Refused(her with { Means = "api token" }, null)).ShouldBeOfType<PasswordNeeded>("a program is nobody at a browser");
        (await Refused(null, New)).ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        (await Email(nora)).ShouldBe(Owner);
        (await Here.Grant(new ReadNewEmail(token, null))).NeedsPassword.ShouldBeTrue();
        (await Here.Grant(new ReadNewEmail(token, her))).NeedsPassword.ShouldBeFalse();
        (await Here.Grant(new ConfirmNewEmail(token, her, null, By(nora)))).Value.ShouldBe("nora@new.example");

        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestEmailChange(nora, "nora@other.example", By(nora)));
        var second = await Link("nora@other.example", "email-confirmation");
        (await Here.Grant(new ConfirmNewEmail(second, null, Old, ByNobody))).Value.ShouldBe("nora@other.example");
        (await Here.Refuse(new ConfirmNewEmail(second, null, Old, ByNobody))).ShouldBeOfType<LinkVoid>();
    }

    [Fact]
    public async Task Guessing_the_password_behind_the_link_is_slowed_down_as_at_the_sign_in()
    {
        Here.Clock.Stand();
        var nora = await Nora();
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var token = await Link(Thief, "email-confirmation");
        for (var i = 0; i < 6; i++) await Here.Refuse(new ConfirmNewEmail(token, null, "wrong", ByNobody));
        (await Here.Refuse(new ConfirmNewEmail(token, null, Old, ByNobody))).ShouldBeOfType<TooManyAttempts>();
    }

    [Fact]
    public async Task The_old_address_takes_the_account_back_and_whoever_had_it_in_between_keeps_nothing()
    {
        var nora = await Nora();
        var before = await Here.Grant(new CreateApiToken(nora, "Backup", 90, By(nora)));
        await SignedIn(Owner);
        Here.Clock.Pass(TimeSpan.FromDays(1));
        // The thief sits at the open browser, moves the account, and settles in.
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var during = await Here.Grant(new CreateApiToken(nora, "Thief's", 90, By(nora)));
        await Here.Grant(new FollowEmailChangeLink(await Link(Thief, "email-confirmation"), ByNobody));
        var back = await Link(Owner, "email-left");
        back.Length.ShouldBe(43);
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new ChangePassword(nora, Guid.Empty, Old, New, By(nora)) { KeepApiTokens = true });
        var session = await Here.Grant(new SignIn(Thief, New, "Firefox", TestInstallation.Console));
        var enrolment = await Here.Grant(new PrepareTwoStep(nora, null));
        await Here.Grant(new ConfirmTwoStep(nora, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(nora)));
        await Here.Grant(new RequestPasswordReset(Thief, TestInstallation.Console));
        var reset = await Link(Thief, "password-reset");
        await Here.Grant(new RequestEmailChange(nora, "far@evil.example", By(nora)));
        var pending = await Link("far@evil.example", "email-confirmation");
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));

        (await Here.Grant(new ReadLeftEmail(back)))
            .ShouldSatisfyAllConditions(l => l.Email.Value.ShouldBe(Owner), l => l.MovedTo.ShouldBe(Thief));
        (await Here.Grant(new TakeAddressBack(back, ByNobody))).Value.ShouldBe(Owner);

        await using var node = Here.AnotherNode();
        foreach (var one in (TestInstallation[])[Here, node])
        {
            (await one.Send(new AuthenticateSession(session.Token))).ShouldBeNull("done before the answer, on every node");
            (await one.Send(new AuthenticateBearer(during.Secret))).ShouldBeNull();
            (await one.Send(new SignIn(Owner, New, "Firefox", TestInstallation.Console))).Refusal.ShouldBe(new WrongCredentials());
            (await one.Send(new SignIn(Thief, New, "Firefox", TestInstallation.Console))).Refusal.ShouldBe(new WrongCredentials());
            (await one.Send(new ReadPasswordReset(reset))).Refusal.ShouldBe(new LinkVoid());
            (await one.Send(new ReadEmailChange(pending))).Refusal.ShouldBe(new LinkVoid());
            (await one.Send(new ReadLeftEmail(back))).Refusal.ShouldBe(new LinkVoid());
            (await one.Send(new AuthenticateBearer(before.Secret)))!.Account.ShouldBe(nora, "made before the change was asked for");
        }
        (await Here.Grant(new ReadAccount(nora)))
            .ShouldSatisfyAllConditions(a => a.Email.ShouldBe(Owner), a => a.State.ShouldBe(AccountState.Active),
                a => a.DeletionDueAt.ShouldBeNull());
        (await Here.Grant(new ReadSignInSecurity(nora, null, nora)))
            .ShouldSatisfyAllConditions(s => s.PasswordSetAt.ShouldBeNull(), s => s.TwoStepSince.ShouldBeNull(),
                s => s.RecoveryCodesLeft.ShouldBe(0));

        // The owner sets a password by mail; the fact, heard later and twice, takes nothing of it away.
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestPasswordReset(Owner, TestInstallation.Console));
        await Here.Grant(new FollowPasswordReset(await Link(Owner, "password-reset"), "quiet marble harbour", ByNobody));
        var own = await Here.Grant(new SignIn(Owner, "quiet marble harbour", "Firefox", TestInstallation.Console));
        var fact = new EmailAddressChanged(nora, Here.Clock.GetUtcNow() - TimeSpan.FromMinutes(1), null, Thief, Owner,
            null)
        { TakenBack = Guid.NewGuid(), Since = Here.Clock.GetUtcNow() - TimeSpan.FromDays(1) };
        await Here.Services.GetRequiredService<BegunSince>().End(fact with { At = await TakenAt(nora) }, Origin.Schedule, default);
        (await Here.Send(new AuthenticateSession(own.Token))).ShouldNotBeNull();
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @id and action = 'CredentialsTakenBack'",
            new { id = nora.Value })).ShouldBe(1);
        (await Here.Rows<string>("select template from kernel.mail where template in ('email-taken-back', 'email-given-up') order by 1"))
            .ShouldBe(["email-given-up", "email-taken-back"]);
    }

    async Task<DateTimeOffset> TakenAt(AccountId account) => new((await Here.Scalar<DateTime>(
        "select at from kernel.audit_entry where subject_id = @id and action = 'EmailAddressChanged' order by at desc limit 1",
            new { id = account.Value })), TimeSpan.Zero);

    [Fact]
    public async Task Whoever_moved_it_further_takes_nothing_back_once_the_first_address_was()
    {
        var nora = await Nora();
        await Move(nora, Thief);
        var first = await Link(Owner, "email-left");
        await Move(nora, "far@evil.example");
        var second = await Link(Thief, "email-left");
        (await Here.Grant(new ReadLeftEmail(second))).MovedTo.ShouldBe("far@evil.example");
        await using var node = Here.AnotherNode();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(i => (i % 2 == 0 ? Here : node).Send(new TakeAddressBack(first, TestInstallation.Console))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        (await Here.Refuse(new TakeAddressBack(second, ByNobody))).ShouldBeOfType<LinkVoid>();
        (await Email(nora)).ShouldBe(Owner);
        await Here.Account(Thief);
    }

    [Fact]
    public async Task An_organization_that_has_claimed_the_account_since_manages_it_no_longer()
    {
        var evil = await Here.Organization("evil");
        await Here.VerifiedDomain(evil, "evil.example");
        var nora = await Nora();
        await Move(nora, Thief);
        (await Here.Grant(new ReadAccount(nora))).ManagedBy.ShouldBe(evil);
        await Here.Grant(new TakeAddressBack(await Link(Owner, "email-left"), ByNobody));
        (await Here.Grant(new ReadAccount(nora))).ShouldSatisfyAllConditions(a => a.Email.ShouldBe(Owner), a => a.ManagedBy.ShouldBeNull());
    }

    [Fact]
    public async Task A_change_by_an_admin_a_key_or_a_provider_is_told_without_a_way_back_and_the_address_stays_reserved()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example");
        var ada = await Here.Admin(acme, "ada@acme.example");
        var liam = await Here.Account("liam@acme.example", "Liam", managedBy: acme);
        await Here.Grant(new ChangeEmail(liam, acme, "liam@acme.example", "liam.novak@acme.example", By(ada)));
        await Here.Grant(new GiveEmail(liam, acme, "l.novak@acme.example", By(ada)));
        await Here.Grant(new ProvideEmail(liam, acme, EmailAddress.Trusted("novak@acme.example"), ByNobody));
        await Here.Quiet();
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'email-changed'")).ShouldBe(3);
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'email-left'"))
            .ShouldBe(0, "a leaver's mailbox undoes nothing");
        (await Here.Scalar<long>("select count(*) from accounts.left_address where token_hash is not null")).ShouldBe(0);

        var other = await Here.Account("other@acme.example", managedBy: acme);
        foreach (var reserved in (string[])["liam@acme.example", "liam.novak@acme.example", "l.novak@acme.example"])
        {
            (await Here.Refuse(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted(reserved), "X", true, null, ByNobody)))
                .ShouldBe(new EmailTaken());
            (await Here.Refuse(new ChangeEmail(other, acme, "other@acme.example", reserved, By(ada)))).ShouldBe(new EmailTaken());
            (await Here.Refuse(new GiveEmail(other, acme, reserved, By(ada)))).ShouldBe(new EmailTaken());
            (await Here.Refuse(new ProvideEmail(other, acme, EmailAddress.Trusted(reserved), ByNobody))).ShouldBe(new EmailTaken());
        }
        await Here.Grant(new ChangeEmail(liam, acme, "novak@acme.example", "liam@acme.example", By(ada)));
        (await Email(liam)).ShouldBe("liam@acme.example", "its own account may have it again");
        Here.Clock.Pass(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await Here.Grant(new ChangeEmail(other, acme, "other@acme.example", "liam.novak@acme.example", By(ada)));
    }

    [Fact]
    public async Task An_address_that_was_left_is_answered_as_taken_for_seven_days_and_is_free_then()
    {
        var nora = await Nora();
        await Move(nora, "nora@new.example");
        var back = await Link(Owner, "email-left");
        var olga = await Here.Account("olga@mail.example");
        async Task<Outcome<Done>> SignUp() => await Here.Send(new SignUp(Owner, "Somebody", TestInstallation.Console));
        async Task<long> Accounts() => await Here.Scalar<long>("select count(*) from accounts.account where email = @Owner", new { Owner });
        await SignUp();
        (await Accounts()).ShouldBe(0);
        (await Here.Send(new RequestEmailChange(olga, Owner, By(olga)))).Granted.ShouldBeTrue("answered like a free one");
        (await Link(Owner, "email-in-use")).ShouldBe("");
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where recipient = @Owner and template in ('email-in-use', 'email-confirmation')",
            new { Owner })).ShouldBe(1, "and not confirmed");
        Here.Clock.Pass(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(10));
        await SignUp();
        (await Accounts()).ShouldBe(0);
        Here.Clock.Pass(TimeSpan.FromMinutes(20));
        (await Here.Refuse(new TakeAddressBack(back, ByNobody))).ShouldBeOfType<LinkVoid>("the seven days are over");
        await Here.Account(Owner);
        (await Accounts()).ShouldBe(1);
    }

    [Fact]
    public async Task Who_signs_up_in_the_moment_in_which_the_address_is_left_gets_it_in_no_case()
    {
        await using var node = Here.AnotherNode();
        for (var i = 0; i < Proof.Size(20, 200); i++)
        {
            var (from, to) = ($"a{i}@mail.example", $"b{i}@mail.example");
            var person = await Here.Account(from);
            var moves = Here.Send(new ChangeEmailAddress(person, null, EmailAddress.Trusted(from), EmailAddress.Trusted(to), null,
                By(person)));
            var signUps = Enumerable.Range(0, 4)
                .Select(_ =>
                    node.Send(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted(from), "X", true, null,
                        TestInstallation.Console))).ToArray();
            (await moves).Granted.ShouldBeTrue();
            foreach (var outcome in await Task.WhenAll(signUps)) outcome.Refusal.ShouldBe(new EmailTaken());
        }
    }

    [Fact]
    public async Task A_reset_that_commits_first_leaves_nothing_to_confirm_however_far_the_confirmation_was()
    {
        var nora = await Nora();
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var asked = await Here.Scalar<Guid>("select id from accounts.email_change");
        await Here.Grant(new ChangePassword(nora, Guid.Empty, Old, New, By(nora)));
        // The follower has read the link before the change, and its turn comes after it.
        (await Here.Refuse(new ChangeEmailAddress(nora, null, EmailAddress.Trusted(Owner), EmailAddress.Trusted(Thief), null,
            By(nora))
        { Asked = asked })).ShouldBeOfType<LinkVoid>();
        (await Email(nora)).ShouldBe(Owner);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task An_erased_person_leaves_no_reserved_address_behind()
    {
        var nora = await Nora();
        await Move(nora, "nora@new.example");
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        Here.Clock.Pass(Account.DeletionGrace - TimeSpan.FromDays(10));
        (await Here.Scalar<long>("select count(*) from accounts.left_address")).ShouldBe(1);
        await Here.Scalar<int>("update accounts.account set deletion_due_at = @now where id = @id",
            new { id = nora.Value, now = Here.Clock.GetUtcNow().UtcDateTime });
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(default);
        (await Here.Scalar<long>("select count(*) from accounts.left_address")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from kernel.mail where recipient in (@Owner, 'nora@new.example')", new { Owner }))
            .ShouldBe(0);
        await Here.Account(Owner);
    }
}
