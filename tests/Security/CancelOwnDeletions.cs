using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Coming back within the 14 days (SPEC A5, A12).</summary>
public sealed class CancelOwnDeletionTests : OnInstallation
{
    const string Password = "correct horse";

    async Task<AccountId> Person(string email = "nora@mail.example")
    {
        var id = await Here.Account(email);
        await Here.Grant(new GivePassword([id], Password));
        return id;
    }

    Task<Outcome<SignedIn>> Try(string password = Password, string email = "nora@mail.example") =>
        Here.Send(new SignIn(email, password, "Firefox", TestInstallation.Console));

    Task<Outcome<SignedIn>> Cancel(string? ticket) => Here.Send(new CancelOwnDeletion(ticket, "Firefox", ByNobody));

    [Fact, Trait("Rule", "A5"), Trait("Rule", "A12")]
    public async Task The_right_password_offers_to_cancel_and_cancelling_signs_in()
    {
        var nora = await Person();
        var session = (await Try()).Value;
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull("at once");
        (await Try("wrong password")).Refusal.ShouldBe(new WrongCredentials(), "the state is nobody else's business");
        var offer = (await Try()).Refusal.ShouldBeOfType<OwnDeletionAtSignIn>();
        offer.DueAt!.Value.ShouldBe(Here.Clock.GetUtcNow() + Account.DeletionGrace, TimeSpan.FromMinutes(1));
        var back = (await Cancel(offer.Ticket)).Value;
        (await Here.Send(new AuthenticateSession(back.Token)))!.Account.ShouldBe(nora);
        (await Here.Grant(new ReadAccount(nora)))
            .ShouldSatisfyAllConditions(a => a.State.ShouldBe(AccountState.Active), a => a.DeletionDueAt.ShouldBeNull());
        (await Cancel(offer.Ticket)).Refusal.ShouldBeOfType<TicketVoid>("it was for that deletion");
        (await Try()).Granted.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "A12")]
    public async Task A_ticket_ends_after_ten_minutes_and_with_its_deletion_and_cannot_be_made_up()
    {
        var nora = await Person();
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        var ticket = ((OwnDeletionAtSignIn)(await Try()).Refusal!).Ticket;
        foreach (var wrong in (string?[])[null, "", "ticket", ticket[..^2], new('A', 3_000), $"{nora} 1 999999999999999999"])
            (await Cancel(wrong)).Refusal.ShouldBeOfType<TicketVoid>();
        Here.Clock.Pass(TimeSpan.FromMinutes(11));
        (await Cancel(ticket)).Refusal.ShouldBeOfType<TicketVoid>();
        ticket = ((OwnDeletionAtSignIn)(await Try()).Refusal!).Ticket;
        await Here.Grant(new CancelDeletion(nora, null, By(nora)));
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        (await Cancel(ticket)).Refusal.ShouldBeOfType<TicketVoid>("a later deletion is another");
        (await Here.Grant(new ReadAccount(nora))).State.ShouldBe(AccountState.PendingDeletion);

        Here.Clock.Pass(Account.DeletionGrace);
        ticket = ((OwnDeletionAtSignIn)(await Try()).Refusal!).Ticket;
        (await Cancel(ticket)).Refusal.ShouldBeOfType<DeletionIsDue>();
    }

    [Fact, Trait("Rule", "A5"), Trait("Rule", "A12")]
    public async Task A_managed_person_is_sent_to_the_admin_and_gets_no_ticket()
    {
        var acme = await Here.Organization("acme");
        var liam = await Person("liam@acme.example");
        await Here.Grant(new ClaimAccount(liam, acme, "acme.example", true, TestInstallation.Console));
        (await Here.Refuse(new ScheduleDeletion(liam, null, By(liam)))).ShouldBeOfType<ManagedByOrganization>();
        await Here.Grant(new ScheduleDeletion(liam, acme, TestInstallation.Console));
        (await Try(email: "liam@acme.example")).Refusal.ShouldBeOfType<DeletionAtSignIn>().Sentence
            .ShouldEndWith("Ask your organization's admin to cancel it.");
    }

    [Fact, Trait("Rule", "A3"), Trait("Rule", "A12"), Trait("Rule", "D9")]
    public async Task A_leaver_does_not_come_back_when_the_organization_loses_the_domain()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        var (one, many) = (await Person("one@acme.example"), await Person("many@acme.example"));
        foreach (var leaver in (AccountId[])[one, many])
        {
            await Here.Grant(new ClaimAccount(leaver, acme, "acme.example", true, TestInstallation.Console));
            await Here.Grant(new DeactivateAccount(leaver, acme, null, null, false, TestInstallation.Console));
        }
        await Here.Grant(new ScheduleDeletion(one, acme, TestInstallation.Console));
        var job = await Here.Grant(new ConfirmBulk(acme, await Here.Grant(new PrepareBulk(acme, ManyAccounts.Delete, [many], null,
            TestInstallation.Console)), null, null, false, true, null, TestInstallation.Console));
        await Here.Walk(job);
        await Here.Grant(new RemoveDomain(acme, domain, (await Here.Grant(new ReadDomain(acme, domain))).Version,
            TestInstallation.Console));
        foreach (var (leaver, email) in ((AccountId, string)[])[(one, "one@acme.example"), (many, "many@acme.example")])
        {
            await Here.Until(async () => (await Here.Grant(new ReadAccount(leaver))).ManagedBy is null, what: "it is still managed");
            (await Try(email: email)).Refusal.ShouldBeOfType<DeletionAtSignIn>("no ticket").Sentence
                .ShouldEndWith("it can be cancelled only if the organization claims the account again.");
            (await Here.Refuse(new CancelDeletion(leaver, null, By(leaver)))).ShouldBeOfType<DeletionOfOrganization>();
            (await Here.Grant(new ReadAccount(leaver))).State.ShouldBe(AccountState.PendingDeletion);
        }
    }
}
