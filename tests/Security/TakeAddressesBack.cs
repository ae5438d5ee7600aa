using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Somebody at an open browser has moved the account to another address, and the owner of the old one has the last word for seven
/// days (SPEC A15).</summary>
[Trait("Rule", "A15")]
public sealed class TakeAddressesBack : OnMovedAddress
{
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
        {
            TakenBack = await Here.Scalar<Guid>("select id from accounts.left_address where settled_at is not null"),
            Since = Here.Clock.GetUtcNow() - TimeSpan.FromDays(1)
        };
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
    public async Task What_is_begun_behind_the_turn_goes_too_until_all_has_ended_and_what_the_owner_begins_then_stays()
    {
        var nora = await Nora();
        await Move(nora, Thief);
        var left = await Here.Grant(new ReadLeftEmail(await Link(Owner, "email-left")));
        // As if the process died behind the turn: whoever sits in a session that is open goes on until the fact is heard.
        var fact = (EmailAddressChanged)await Here.Grant(new TakeEmailAddressBack(nora, left.Id, left.Email, left.Since, ByNobody));
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        var token = await Here.Grant(new CreateApiToken(nora, "Thief's", 90, By(nora)));
        await Here.Grant(new ChangePassword(nora, Guid.Empty, Old, New, By(nora)) { KeepApiTokens = true });
        var session = await Here.Grant(new SignIn(Owner, New, "Firefox", TestInstallation.Console));
        var enrolment = await Here.Grant(new PrepareTwoStep(nora, null));
        await Here.Grant(new ConfirmTwoStep(nora, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(nora)));
        await Here.Grant(new RequestEmailChange(nora, "far@evil.example", By(nora)));
        var pending = await Here.TokenMailed("far@evil.example", "email-confirmation");
        pending.Length.ShouldBe(43);
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));

        await Here.Quiet();
        (await Here.Send(new AuthenticateBearer(token.Secret))).ShouldBeNull();
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull();
        (await Here.Send(new ReadEmailChange(pending))).Refusal.ShouldBe(new LinkVoid());
        (await Here.Send(new SignIn(Owner, New, "Firefox", TestInstallation.Console))).Refusal.ShouldBe(new WrongCredentials());
        (await Here.Grant(new ReadSignInSecurity(nora, null, nora)))
            .ShouldSatisfyAllConditions(s => s.PasswordSetAt.ShouldBeNull(), s => s.TwoStepSince.ShouldBeNull(),
                s => s.RecoveryCodesLeft.ShouldBe(0));
        (await Here.Grant(new ReadAccount(nora))).State.ShouldBe(AccountState.Active);

        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestPasswordReset(Owner, TestInstallation.Console));
        await Here.Grant(new FollowPasswordReset(await Link(Owner, "password-reset"), "quiet marble harbour", ByNobody));
        var own = await Here.Grant(new SignIn(Owner, "quiet marble harbour", "Firefox", TestInstallation.Console));
        var owns = await Here.Grant(new CreateApiToken(nora, "Backup", 90, By(nora)));
        await Here.Services.GetRequiredService<BegunSince>().End(fact, Origin.Schedule, default);
        (await Here.Send(new AuthenticateSession(own.Token))).ShouldNotBeNull("heard twice");
        (await Here.Send(new AuthenticateBearer(owns.Secret))).ShouldNotBeNull();
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        await Here.Services.GetRequiredService<BegunSince>().End(fact, Origin.Schedule, default);
        (await Here.Grant(new ReadAccount(nora))).State.ShouldBe(AccountState.PendingDeletion, "it is the owner's wish");
    }

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

    [Fact, Trait("Rule", "P9")]
    public async Task A_program_whose_code_was_confirmed_in_between_gets_no_key()
    {
        var acme = await Here.Organization("acme");
        var nora = await Here.Admin(acme, Owner);
        await Here.Grant(new GivePassword([nora], Old));
        await Move(nora, Thief);
        var back = await Link(Owner, "email-left");
        var program = new Origin(null, "device code", "192.0.2.7", "r");
        async Task<DeviceCode> Confirmed()
        {
            var code = await Here.Grant(new AskForDeviceCode("directory on laptop", ["jobs:read"], program));
            await Here.Grant(new AnswerDeviceRequest(code.UserCode, acme, nora, ["jobs:read"], By(nora)));
            return code;
        }

        var during = await Confirmed();
        await Here.Grant(new TakeAddressBack(back, ByNobody));
        (await Here.Refuse(new FetchDeviceKey(during.Secret, program))).ShouldBeOfType<DeviceCodeVoid>();
        (await Here.Scalar<long>("select count(*) from security.api_key")).ShouldBe(0);
        // The fact, heard later, takes nothing of what the owner confirms.
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        var own = await Confirmed();
        await Here.Quiet();
        await Here.Grant(new FetchDeviceKey(own.Secret, program));
    }

    [Fact]
    public async Task An_organization_that_has_claimed_the_account_since_manages_it_no_longer()
    {
        var evil = await Here.Organization("evil");
        await Here.VerifiedDomain(evil, "evil.example");
        var nora = await Nora();
        await Move(nora, Thief);
        (await Here.Grant(new ReadAccount(nora))).ManagedBy.ShouldBe(evil);
        await Here.Grant(new ScheduleDeletion(nora, evil, TestInstallation.Console));
        var left = await Here.Grant(new ReadLeftEmail(await Link(Owner, "email-left")));
        // In the one turn: left to a second one, it would move the account once more before that.
        await Here.Grant(new TakeEmailAddressBack(nora, left.Id, left.Email, left.Since, ByNobody));
        (await Here.Grant(new ReadAccount(nora))).ShouldSatisfyAllConditions(a => a.Email.ShouldBe(Owner), a => a.ManagedBy.ShouldBeNull());
        (await Here.Refuse(new ProvideEmail(nora, evil, EmailAddress.Trusted("again@evil.example"), ByNobody)))
            .ShouldBeOfType<NotManagedHere>();
        (await Here.Scalar<bool>("select @evil = any(excluded_by) from accounts.account where id = @id",
            new { evil = evil.Value, id = nora.Value })).ShouldBeTrue("nor does it claim the account by itself again");
        // Whoever listens to an unclaiming hears of this one, and what the organization had scheduled is over.
        await Here.Quiet();
        (await Here.Grant(new ReadAccount(nora))).State.ShouldBe(AccountState.Active);
        (await Here.Rows<string>("select recipient from kernel.mail where template = 'unclaimed-notice'")).ShouldBe([Owner]);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'AccountUnclaimed' and organization_id = @evil",
            new { evil = evil.Value })).ShouldBe(1);
    }
}
