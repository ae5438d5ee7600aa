using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Sites;

[Trait("Rule", "U3")]
public sealed class InvitePeople : OnSite
{
    const string New = "newcomer@mail.example", Password = "a good long password 7";

    [Fact]
    public async Task Each_address_has_its_own_answer()
    {
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        var (there, suspended) = (await User("there@acme.example"), await User("suspended@acme.example"));
        await Change(MembershipChange.Suspend, suspended, Site);
        var off = await Here.Account("off@acme.example", managedBy: Acme);
        await Here.Grant(new DeactivateAccount(off, Acme, null, null, false, By(Ada)));
        var leaving = await Here.Account("leaving@acme.example", managedBy: Acme);
        await Here.Grant(new ScheduleDeletion(leaving, Acme, By(Ada)));
        var foreign = await Here.Account("foreign@mail.example");
        await Here.Grant(new ScheduleDeletion(foreign, null, By(foreign)));
        await Here.Account("unverified@acme.example", verified: false);
        await Here.Account("active@mail.example");
        await Invite(Site, null, null, "waiting@mail.example");
        var answers = await Invite(Site, JiraUser, null, "there@acme.example", "SUSPENDED@acme.example", "off@acme.example",
            "leaving@acme.example", "foreign@mail.example", "unverified@acme.example",
            "active@mail.example", "waiting@mail.example", New, New.ToUpperInvariant(), "not an address", "a@b@c");
        answers.Select(a => a.Outcome.Granted ? $"{a.Outcome.Value}" : a.Outcome.Refusal.Code).ShouldBe([
            "alreadyUserHere", "suspendedOnSite", "deactivatedHere", "beingDeletedHere", "MailSent", "MailSent", "InAtOnce",
                "invitedAlready", "MailSent", "invalidValue", "invalidValue"]);
        answers.Select(a => a.Address).ShouldNotContain(New.ToUpperInvariant(), "the same address twice is one");
        (await Here.Scalar<Guid?>("select managed_by from accounts.account where email = 'active@mail.example'"))
            .ShouldBeNull("inviting owns nobody");
        (await Here.Rows<string>("select recipient from kernel.mail where template = 'invitation' order by recipient"))
            .ShouldBe(["foreign@mail.example", New, "unverified@acme.example", "waiting@mail.example"]);
    }

    [Fact]
    public async Task A_note_with_what_nobody_sees_or_what_turns_the_text_around_is_refused()
    {
        foreach (var unseen in (string[])["a\u0007", "pay \u202E000,1", "one\nt\u2066wo"])
            (await Here.Refuse(new InviteUsers(Site, [New], NoRole, [], unseen, By(Ada)))).ShouldBeOfType<InvalidValue>()
                .Field.ShouldBe("note");
        await Here.Grant(new InviteUsers(Site, [New], NoRole, [], "Two\r\nlines, and \u05E9\u05DC\u05D5\u05DD", By(Ada)));
    }

    [Fact]
    public async Task A_new_person_chooses_a_password_and_is_in_with_roles_and_groups()
    {
        var group = await Group("Developers", app: "trello");
        await Invite(Site, JiraUser, [group], New);
        var token = await Link(New);
        var invitation = await Here.Grant(new ReadInvitation(token));
        (invitation.Email, invitation.Site, invitation.Account).ShouldBe((New, "team", null));
        (await Here.Refuse(new JoinByInvitation(token, "New Comer", "short", TestInstallation.Console)))
            .ShouldNotBeOfType<InvitationVoid>("a bad password uses nothing up");
        await Here.Grant(new JoinByInvitation(token, "New Comer", Password, ByNobody));
        var account = (await Here.Send(new FindAccount(EmailAddress.Trusted(New))))!;
        account.State.ShouldBe(AccountState.Active, "the link came by mail");
        (await Enters(account.Id)).Value.ShouldBe(AppRole.User);
        (await Enters(account.Id, "trello")).Value.ShouldBe(AppRole.User);
        (await Here.Send(new SignIn(New, Password, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
        (await Here.Refuse(new JoinByInvitation(token, "New Comer", Password, TestInstallation.Console)))
            .ShouldBeOfType<InvitationAccepted>();
        // Whoever is in is not told to request a new one.
        (await Here.Refuse(new ReadInvitation(token))).ShouldBe(new InvitationAccepted("team"));
        (await Here.Refuse(new ReadInvitation(token, account.Id))).ShouldBe(new InvitationAccepted("team"));
        (await Here.Refuse(new ReadInvitation($"{token}x"))).ShouldBeOfType<InvitationVoid>();
        var other = await Here.Account("other@mail.example");
        (await Here.Refuse(new ReadInvitation(token, other))).ShouldBeOfType<InvitationVoid>("not on this site");
        Here.Clock.Pass(TimeSpan.FromDays(7));
        (await Here.Refuse(new ReadInvitation(token))).ShouldBeOfType<InvitationVoid>("a link says nothing for ever");
    }

    [Fact]
    public async Task Whoever_began_an_account_with_the_address_of_another_does_not_come_in_with_its_password()
    {
        var squatted = await Here.Account(New, "Mallory", verified: false);
        await Here.Grant(new GivePassword([squatted], "mallory knows this one"));
        await Invite(Site, JiraUser, null, New);
        await Here.Grant(new JoinByInvitation(await Link(New), null, Password, TestInstallation.Console));
        (await Here.Refuse(new SignIn(New, "mallory knows this one", "Firefox", TestInstallation.Console)))
            .ShouldBeOfType<WrongCredentials>();
        (await Here.Send(new SignIn(New, Password, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
        (await Enters(squatted)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_link_is_good_for_seven_days_once_and_for_its_address_alone()
    {
        await Invite(Site, null, null, New);
        var token = await Link(New);
        var other = await Here.Account("other@mail.example");
        (await Here.Refuse(new AcceptInvitation(token, other, By(other)))).ShouldBeOfType<InvitationForAnother>();
        var person = await Here.Account(New);
        await Here.Grant(new ChangeEmailAddress(person, null, EmailAddress.Trusted(New), EmailAddress.Trusted("moved@mail.example"), null,
            By(person)));
        (await Here.Refuse(new AcceptInvitation(token, person, By(person))))
            .ShouldBeOfType<InvitationForAnother>("the address has changed meanwhile");
        Here.Clock.Pass(TimeSpan.FromDays(7));
        (await Here.Refuse(new ReadInvitation(token))).ShouldBeOfType<InvitationVoid>();
        (await Here.Refuse(new JoinByInvitation(token, "X", Password, TestInstallation.Console))).ShouldBeOfType<InvitationVoid>();
        (await Invite(Site, null, null, New)).Single().Outcome.Granted.ShouldBeTrue("one that has run out makes room for the next");
    }

    [Fact]
    public async Task Accounts_that_cannot_act_do_not_join()
    {
        var person = await Here.Account("unverified@mail.example", verified: false);
        await Invite(Site, null, null, "unverified@mail.example");
        (await Here.Refuse(new AcceptInvitation(await Link("unverified@mail.example"), person, By(person))))
            .ShouldBeOfType<InvitedCannotAct>();
        var leaving = await Here.Account("leaving@mail.example");
        await Here.Grant(new ScheduleDeletion(leaving, null, By(leaving)));
        await Invite(Site, null, null, "leaving@mail.example");
        (await Here.Refuse(new JoinByInvitation(await Link("leaving@mail.example"), "X", Password, TestInstallation.Console)))
            .ShouldBeOfType<InvitedCannotAct>();
        (await Here.Scalar<long>("select count(*) from sites.site_member")).ShouldBe(0);
    }

    [Fact]
    public async Task Many_at_once_use_a_link_once()
    {
        await Invite(Site, null, null, New, "second@mail.example");
        var (token, person) = (await Link(New), await Here.Account(New));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Proof.Size(16, 50))
            .Select(_ => Here.Send(new AcceptInvitation(token, person, By(person)))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is InvitationVoid);
        token = await Link("second@mail.example");
        var joined = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(_ => Here.Send(new JoinByInvitation(token, "Second", Password, TestInstallation.Console))));
        joined.Count(o => o.Granted).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'InvitationAccepted'")).ShouldBe(2);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Of_many_who_choose_a_password_at_once_only_the_one_who_joins_has_written_it(bool isNew)
    {
        if (!isNew) await Here.Account(New, verified: false);
        await Invite(Site, JiraUser, null, New);
        var token = await Link(New);
        string Own(int n) => $"a good long password {n:000}";
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Proof.Size(16, 50))
            .Select(n => Here.Send(new JoinByInvitation(token, $"Person {n}", Own(n), TestInstallation.Console))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted)
            .ShouldAllBe(o => o.Refusal is InvitationVoid || o.Refusal is InvitationAccepted || o.Refusal is InvitationInUse
                || o.Refusal is SignInToJoin);
        var winner = Array.FindIndex(outcomes, o => o.Granted);
        (await Here.Send(new SignIn(New, Own(winner), "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from security.password")).ShouldBe(1, "no loser's password stays");
        (await Here.Scalar<string>("select name from accounts.account where email = @New", new { New }))
            .ShouldBe(isNew ? $"Person {winner}" : "Some Body");
    }

    [Fact]
    public async Task A_process_that_is_killed_while_somebody_joins_leaves_something_that_can_be_finished()
    {
        await Invite(Site, JiraUser, null, New);
        var token = await Link(New);
        // As if it were killed behind the taking: a password for an account that is not there.
        var began = new AccountId(Guid.CreateVersion7());
        var passwords = Here.Services.GetRequiredService<PasswordStore>();
        await Here.Grant(new TakeInvitation(token, began, await passwords.Giving([began], "the first one's password 1", default),
            TestInstallation.Console));
        (await Here.Refuse(new JoinByInvitation(token, "Second", Password, TestInstallation.Console))).ShouldBeOfType<InvitationInUse>();
        Here.Clock.Pass(TakeInvitation.Life);
        await Here.Grant(new JoinByInvitation(token, "Second", Password, TestInstallation.Console));
        (await Here.Send(new FindAccount(EmailAddress.Trusted(New))))!.Id.ShouldBe(began);
        (await Here.Scalar<long>("select count(*) from security.password")).ShouldBe(1);
        (await Here.Send(new SignIn(New, Password, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();

        // Killed behind the making of the account: it can be signed in to, and then joins.
        await Invite(Site, JiraUser, null, "third@mail.example");
        var (link, third) = (await Link("third@mail.example"), new AccountId(Guid.CreateVersion7()));
        await Here.Grant(new TakeInvitation(link, third, await passwords.Giving([third], Password, default), TestInstallation.Console));
        await Here.Grant(new SignUpAccount(third, EmailAddress.Trusted("third@mail.example"), "Third", true, null,
            TestInstallation.Console));
        (await Here.Refuse(new JoinByInvitation(link, "Third", Password, TestInstallation.Console))).ShouldBeOfType<SignInToJoin>();
        (await Here.Send(new SignIn("third@mail.example", Password, "Firefox", TestInstallation.Console))).Granted.ShouldBeTrue();
        await Here.Grant(new AcceptInvitation(link, third, By(third)));
    }

    [Fact]
    public async Task Sending_again_voids_the_link_from_before_and_taking_back_voids_the_last()
    {
        await Invite(Site, null, null, New);
        var (first, id) = (await Link(New), new InvitationId(await Here.Scalar<Guid>("select id from sites.invitation")));
        (await Here.Refuse(new ResendInvitation(Site, id, By(Ada)))).ShouldBeOfType<InvitationTooSoon>();
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new ResendInvitation(Site, id, By(Ada)));
        var second = await Link(New);
        second.ShouldNotBe(first);
        (await Here.Refuse(new ReadInvitation(first))).ShouldBeOfType<InvitationVoid>();
        (await Here.Send(new ReadInvitation(second))).Granted.ShouldBeTrue();
        (await Here.Refuse(new RevokeInvitation(await NewSite(Acme, "other"), id, By(Ada)))).ShouldBeOfType<NotFound>();
        await Here.Grant(new RevokeInvitation(Site, id, By(Ada)));
        (await Here.Refuse(new ReadInvitation(second))).ShouldBeOfType<InvitationVoid>();
        (await Here.Scalar<long>("select count(*) from sites.listed")).ShouldBe(0);
        (await Here.Refuse(new RevokeInvitation(Site, id, By(Ada)))).ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task Groups_of_another_organization_and_apps_that_do_not_run_are_left_out()
    {
        var globex = await Here.Organization("globex");
        var foreign = await Here.Grant(new CreateGroup(globex, "Theirs", null, By(Ada)));
        await User("liam@acme.example", roles: new Dictionary<string, AppRole> { ["jira"] = AppRole.Admin, ["nonsense"] = AppRole.Admin },
            groups: foreign);
        (await Here.Rows<string>("select app_id from sites.app_grant")).ShouldBe(["jira"]);
        (await Here.Scalar<long>("select count(*) from sites.group_member")).ShouldBe(0);
    }
}
