using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Details and addresses through the mediator on a real database.</summary>
public sealed class ChangeProfileTests : OnInstallation
{
    const string Password = "correct horse";

    ChangeDetail Set(AccountId account, OrganizationId? by, AccountDetail detail, string? seen, string? value, AccountId? actor = null) =>
        new(account, by, detail, seen, value, By(actor ?? account));

    [Fact, Trait("Rule", "M3"), Trait("Rule", "L1")]
    public async Task Every_detail_is_kept_shown_audited_and_found()
    {
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        var liam = await Here.Account("liam@acme.example", "Liam Novak", managedBy: acme);
        var values = new Dictionary<AccountDetail, string>
        {
            [AccountDetail.Name] = "Liam Neumann",
            [AccountDetail.PublicName] = "Liam",
            [AccountDetail.JobTitle] = "Lead",
            [AccountDetail.Department] = "Research",
            [AccountDetail.Organization] = "Acme",
            [AccountDetail.Location] = "Berlin",
            [AccountDetail.Phone] = "+49 30 123",
            [AccountDetail.TimeZone] = "Europe/Berlin",
            [AccountDetail.Language] = "de-AT",
        };
        foreach (var detail in Enum.GetValues<AccountDetail>()) values.TryAdd(detail, $"Some {detail}");
        foreach (var (detail, value) in values)
            await Here.Grant(Set(liam, acme, detail, detail is AccountDetail.Name ? "Liam Novak" : null, value, ada));
        var profile = await Here.Grant(new ReadProfile(liam, acme, ada));
        profile.Details.ToDictionary(d => d.Detail, d => d.Value).ShouldBe(values.ToDictionary(v => v.Key, v => (string?)v.Value));
        profile.Details.ShouldAllBe(d => d.Refusal == null);
        (await Here.Scalar<string>("select text from accounts.search where account_id = @id", new { id = liam.Value }))
            .ShouldBe("liam neumann liam@acme.example");
        (await Here.Grant(new ReadAccount(liam))).Version.ShouldBe(2 + values.Count);
        (await Here.Grant(new ListManagedAccounts(acme, new ManagedAccountFilter(Search: "neumann")))).Rows.Single().Name
            .ShouldBe("Liam Neumann");

        // Personal values stand in the erasable column and nowhere else.
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where action = 'DetailChanged' and actor_id = @ada and organization_id = @acme",
            new { ada = ada.Value, acme = acme.Value })).ShouldBe(values.Count);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where concat(fact, before, after) ~ 'Neumann|Lead|Research|Berlin|de-AT|Some '"))
            .ShouldBe(0);
        var history = (await Here.Grant(new ReadHistory(new(acme), liam))).Rows.Select(r => r.Line.History).ToList();
        history.ShouldContain(line => line.Changes.Contains(new HistoryChange("name", "Liam Novak", "Liam Neumann")));
        history.ShouldContain(line => line.Changes.Contains(new HistoryChange("timeZone", null, "Europe/Berlin")));

        await Here.Grant(Set(liam, acme, AccountDetail.Phone, "+49 30 123", "", ada));
        (await Here.Grant(new ReadProfile(liam, acme, ada)))[AccountDetail.Phone].Value.ShouldBeNull();
        (await Here.Grant(new ReadHistory(new(acme), liam))).Rows[0].Line.History.Changes
            .ShouldBe([new("phone", "+49 30 123", null)]);
    }

    [Fact, Trait("Rule", "M3")]
    public async Task A_stale_edit_is_refused_with_what_stands_there_and_nothing_is_lost()
    {
        var acme = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        await Here.Grant(Set(liam, acme, AccountDetail.JobTitle, null, "First"));
        (await Here.Refuse(Set(liam, acme, AccountDetail.JobTitle, null, "Second"))).ShouldBe(new DetailStale("First"));
        (await Here.Grant(new ReadProfile(liam, acme, liam)))[AccountDetail.JobTitle].Value.ShouldBe("First");
        await Here.Grant(Set(liam, acme, AccountDetail.JobTitle, "First", "Second"));

        // Twenty editors who saw the same: one wins, whoever it is, and the others are told its value.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => Here.Send(Set(liam, acme, AccountDetail.JobTitle, "Second", $"Title {i}"))));
        var winner = ((DetailChanged)outcomes.Single(o => o.Granted).Value).Value;
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal == new DetailStale(winner));
        (await Here.Grant(new ReadProfile(liam, acme, liam)))[AccountDetail.JobTitle].Value.ShouldBe(winner);
    }

    [Fact, Trait("Rule", "M3"), Trait("Rule", "A9")]
    public async Task The_same_command_twice_changes_once_and_is_answered_alike()
    {
        var acme = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        var command = Set(liam, acme, AccountDetail.Department, null, "Research");
        var first = await Here.Grant(command);
        (await Here.Grant(command)).ShouldBe(first);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'DetailChanged'")).ShouldBe(1);
    }

    [Fact, Trait("Rule", "S8"), Trait("Rule", "A11")]
    public async Task A_profile_is_seen_and_changed_by_its_manager_and_its_person_only_and_the_providers_fields_by_neither()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (ada, gus) = (await Here.Admin(acme, "ada@acme.example"), await Here.Admin(globex, "gus@globex.example"));
        var liam = await Here.Account("liam@acme.example", managedBy: acme);
        (await Here.Refuse(new ReadProfile(liam, globex, gus)))
            .ShouldBe(await Here.Refuse(new ReadProfile(new(Guid.CreateVersion7()), globex, gus)));
        (await Here.Refuse(new ReadProfile(liam, null, gus))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(Set(liam, globex, AccountDetail.JobTitle, null, "x", gus))).ShouldBeOfType<NotManagedHere>();
        (await Here.Refuse(Set(liam, null, AccountDetail.JobTitle, null, "x", gus))).ShouldBeOfType<NotFound>();
        await Here.Grant(Set(liam, null, AccountDetail.JobTitle, null, "Mine", liam));

        await Here.Scalar<int>(
            "update accounts.profile set provisioned_by = 'Okta', provisioned_fields = '{jobTitle,email}' where account_id = @id",
            new { id = liam.Value });
        var profile = await Here.Grant(new ReadProfile(liam, acme, ada));
        (profile.ProvisionedBy, profile[AccountDetail.JobTitle].Refusal, profile.EmailRefusal)
            .ShouldBe(("Okta", new OwnedByProvider("Okta"), new OwnedByProvider("Okta")));
        profile[AccountDetail.Department].Refusal.ShouldBeNull();
        (await Here.Refuse(Set(liam, acme, AccountDetail.JobTitle, "Mine", "x", ada))).ShouldBe(new OwnedByProvider("Okta"));
        await Here.VerifiedDomain(acme, "acme.example");
        (await Here.Refuse(new ChangeEmail(liam, acme, "liam@acme.example", "new@acme.example", By(ada))))
            .ShouldBe(new OwnedByProvider("Okta"));
        await Here.Grant(Set(liam, acme, AccountDetail.Department, null, "Research", ada));
        (await Here.Scalar<string>("select provisioned_by from accounts.profile where account_id = @id", new { id = liam.Value }))
            .ShouldBe("Okta", "editing leaves what the provider wrote");
    }

    [Fact, Trait("Rule", "M4")]
    public async Task An_admin_moves_an_account_to_an_own_domain_and_all_that_hangs_on_the_old_address_ends()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var ada = await Here.Admin(acme, "ada@acme.example");
        await Here.VerifiedDomain(acme, "acme.example");
        await Here.VerifiedDomain(acme, "acme-labs.example");
        await Here.VerifiedDomain(globex, "globex.example");
        var liam = await Here.Account("liam@acme.example", "Liam Novak", managedBy: acme);
        await Here.Account("taken@acme.example");
        await Here.Grant(new GivePassword([liam], Password));
        var session = await Here.Grant(new SignIn("liam@acme.example", Password, "Firefox", TestInstallation.Console));
        ChangeEmail To(string? email, string? seen = "liam@acme.example") => new(liam, acme, seen, email, By(ada));

        (await Here.Refuse(To("liam@globex.example"))).ShouldBe(new EmailDomainForeign("globex.example"));
        (await Here.Refuse(To("liam@mail.example"))).ShouldBe(new EmailDomainForeign("mail.example"));
        (await Here.Refuse(To("liam@sub.acme.example"))).ShouldBe(new EmailDomainForeign("sub.acme.example"));
        (await Here.Refuse(To("TAKEN@acme.example"))).ShouldBeOfType<EmailTaken>();
        (await Here.Refuse(To("not an address"))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(To(null))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(To("Liam@ACME.example"))).ShouldBeOfType<EmailUnchanged>();
        (await Here.Refuse(To("liam@acme-labs.example", seen: "old@acme.example"))).ShouldBe(new EmailStale("liam@acme.example"));
        (await Here.Refuse(new ChangeEmail(liam, globex, "liam@acme.example", "liam@globex.example", By(ada)))).ShouldBeOfType<NotFound>();
        (await Here.Grant(new ReadAccount(liam))).Version.ShouldBe(2);

        await Here.Grant(To("Liam.Novak@Acme-Labs.example"));
        (await Here.Grant(new ReadAccount(liam)))
            .ShouldSatisfyAllConditions(a => a.Email.ShouldBe("liam.novak@acme-labs.example"), a => a.ManagedBy.ShouldBe(acme),
                a => a.State.ShouldBe(AccountState.Active));
        (await Here.Scalar<string>("select domain from accounts.account where id = @id", new { id = liam.Value }))
            .ShouldBe("acme-labs.example");
        (await Here.Scalar<string>("select text from accounts.search where account_id = @id", new { id = liam.Value }))
            .ShouldBe("liam novak liam.novak@acme-labs.example");
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where concat(fact, before, after) like '%acme-labs.example%' "
            + "and action = 'EmailAddressChanged'")).ShouldBe(0);

        await Here.StartBackground();
        await Here.Quiet();
        (await Here.Send(new AuthenticateSession(session.Token))).ShouldBeNull();
        (await Here.Send(new SignIn("liam@acme.example", Password, "Firefox", TestInstallation.Console))).Refusal
            .ShouldBeOfType<WrongCredentials>();
        await Here.Grant(new SignIn("liam.novak@acme-labs.example", Password, "Firefox", TestInstallation.Console));
        (await Here.Rows<string>(
            "select recipient from kernel.mail where organization_id = @acme and template like 'email-%' order by recipient",
            new { acme = acme.Value })).ShouldBe(["liam.novak@acme-labs.example", "liam@acme.example"]);
        Here.Clock.Pass(TimeSpan.FromDays(8));
        await Here.Account("liam@acme.example"); // the old address is free after seven days (A15)
    }

    [Fact, Trait("Rule", "A2"), Trait("Rule", "M4")]
    public async Task An_unverified_accounts_address_stays()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example");
        var liam = await Here.Account("liam@acme.example", verified: false, managedBy: acme);
        (await Here.Refuse(new ChangeEmail(liam, acme, "liam@acme.example", "new@acme.example", TestInstallation.Console)))
            .ShouldBeOfType<EmailUnverified>();
        (await Here.Refuse(Set(liam, acme, AccountDetail.Name, "Some Body", "x"))).ShouldBeOfType<EmailUnverified>();
    }

    [Fact, Trait("Rule", "M4")]
    public async Task Two_accounts_that_reach_for_one_address_at_once_leave_one_owner()
    {
        await using var node = Here.AnotherNode();
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example");
        var (one, two) = (await Here.Account("one@acme.example", managedBy: acme), await Here.Account("two@acme.example", managedBy: acme));
        var emails = new Dictionary<AccountId, string> { [one] = "one@acme.example", [two] = "two@acme.example" };
        var rounds = Proof.Size(20, 100);
        for (var round = 0; round < rounds; round++)
        {
            var wanted = $"wanted{round}@acme.example";
            var outcomes = await Task.WhenAll(
                Here.Send(new ChangeEmail(one, acme, emails[one], wanted, TestInstallation.Console)), (round % 2 == 0 ? Here : node)
                    .Send(new ChangeEmail(two, acme, emails[two], wanted, TestInstallation.Console)));
            outcomes.Count(o => o.Granted).ShouldBe(1);
            outcomes.Single(o => !o.Granted).Refusal.ShouldBeOfType<EmailTaken>();
            emails[outcomes[0].Granted ? one : two] = wanted;
            foreach (var (id, email) in emails) (await Here.Grant(new ReadAccount(id))).Email.ShouldBe(email);
        }
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'EmailAddressChanged'")).ShouldBe(rounds);
    }

    [Fact, Trait("Rule", "M4")]
    public async Task Two_details_that_two_nodes_change_at_once_are_both_kept()
    {
        await using var node = Here.AnotherNode();
        var liam = await Here.Account("liam@mail.example");
        (string? Place, string? Title) kept = (null, null);
        for (var round = 0; round < Proof.Size(30, 300); round++)
        {
            var (place, title) = ($"Place {round}", $"Title {round}");
            await Task.WhenAll(
                Here.Grant(Set(liam, null, AccountDetail.Location, kept.Place, place)),
                node.Grant(Set(liam, null, AccountDetail.JobTitle, kept.Title, title)));
            kept = (place, title);
            (await Here.Rows<(string, string)>("select location, job_title from accounts.profile")).ShouldHaveSingleItem()
                .ShouldBe((place, title));
        }
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Erasing_takes_the_profile_and_its_links_along()
    {
        var liam = await Here.Account("liam@mail.example");
        await Here.Grant(Set(liam, null, AccountDetail.Location, null, "Berlin"));
        await Here.Grant(new RequestEmailChange(liam, "new@mail.example", By(liam)));
        await Here.Grant(new ScheduleDeletion(liam, null, By(liam)));
        Here.Clock.Pass(Account.DeletionGrace + TimeSpan.FromSeconds(1));
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);
        (await Here.Scalar<long>("select count(*) from kernel.mail where recipient = 'new@mail.example'")).ShouldBe(0);
        foreach (var table in (string[])["profile", "picture", "email_change"])
            (await Here.Scalar<long>($"select count(*) from accounts.{table}")).ShouldBe(0, table);
    }
}
