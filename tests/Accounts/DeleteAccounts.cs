using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>The 14 days and what is left after them (SPEC A5, A6).</summary>
public sealed class DeleteAccountsTests : OnInstallation
{
    static Task Erase(TestInstallation node) => node.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions")
        .Run(CancellationToken.None);

    /// <summary>Tables whose rows hold the text anywhere, in any column.</summary>
    async Task<IReadOnlyList<string>> Holding(params string[] texts)
    {
        var tables = await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");
        tables.Count.ShouldBeGreaterThan(20);
        var each = tables.Select(table =>
            $"select '{table}: ' || sought.s from {table} t, sought where t::text ilike '%' || sought.s || '%'");
        return await Here.Rows<string>($"with sought as (select unnest(@texts) as s) {string.Join(" union ", each)}", new { texts });
    }

    [Fact, Trait("Rule", "A6"), Trait("Rule", "L2")]
    public async Task After_fourteen_days_nothing_of_the_person_is_left_in_any_table_but_the_proof_of_the_deletion()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        var ada = await Here.Admin(acme, "ada@acme.example");
        var person = await Here.Account("zebulon.quux@acme.example", "Zebulon Quux", verified: false);
        await Here.Grant(new SendVerificationMail(person, null, By(person)));
        await Here.Grant(new VerifyEmailAddress(person, EmailAddress.Trusted("zebulon.quux@acme.example"),
            new Origin(person.Value, "web", "203.0.113.77")));
        await Here.Grant(new ClaimAccount(person, acme, "acme.example", true, By(ada)));
        await Here.Grant(new GivePassword([person], "a long password of zebulon"));
        (await Here.Send(new SignIn("zebulon.quux@acme.example", "a long password of zebulon", "Zebulon's browser",
            new Origin(null, "web", "203.0.113.77")))).Granted.ShouldBeTrue();
        await Here.Grant(new ChangeDetail(person, acme, AccountDetail.JobTitle, null, "Quux of Zebulon", By(ada)));
        await Here.Grant(new DeactivateAccount(person, acme, "Zebulon moved to the moon", "Farewell Zebulon", true, By(ada)));
        await Here.Quiet();
        var holding = await Holding("zebulon", "203.0.113.77");
        foreach (var table in (string[])["accounts.account: zebulon", "accounts.search: zebulon", "accounts.profile: zebulon",
            "accounts.email_verification: zebulon", "kernel.audit_entry: zebulon", "kernel.audit_entry: 203.0.113.77",
            "kernel.mail: zebulon", "security.session: zebulon"])
            holding.ShouldContain(table, "the search must be able to find something");
        await Here.Grant(new ScheduleDeletion(person, acme, By(ada)));
        // No fact waits for fourteen days; without this the mail about the deletion could be written while the person is erased.
        await Here.Quiet();
        Here.Clock.Pass(Account.DeletionGrace - TimeSpan.FromMinutes(5));
        await Erase(Here);
        (await Here.Grant(new ReadAccount(person))).State.ShouldBe(AccountState.PendingDeletion);
        Here.Clock.Pass(TimeSpan.FromMinutes(5));
        (await Here.Refuse(new CancelDeletion(person, acme, By(ada)))).ShouldBeOfType<DeletionIsDue>();
        await Erase(Here);
        await Here.Quiet();
        (await Holding("zebulon", "quux", "203.0.113.77", "to the moon", "farewell")).ShouldBeEmpty();
        var left = await Here.Grant(new ReadAccount(person));
        (left.State, left.Name, left.Email).ShouldBe((AccountState.Deleted, Account.FormerUser, ""));
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where subject_id = @id and action = 'AccountErased' and organization_id = @acme",
            new { id = person.Value, acme = acme.Value })).ShouldBe(1);
        // The address is free again, for somebody else.
        (await Here.Account("zebulon.quux@acme.example")).ShouldNotBe(person);
    }

    [Fact, Trait("Rule", "A6"), Trait("Rule", "R2")]
    public async Task Thousands_due_at_once_are_erased_once_each_by_two_nodes_that_were_down_for_a_month()
    {
        var acme = await Here.Organization("acme");
        // Several thousands, because each thousand is erased in one transaction.
        var people = Proof.Size(2_200, 10_000);
        await Here.Seed("acme.example", people);
        await Here.Scalar<int>("update accounts.account set managed_by = @acme, state = 3, deletion_due_at = @due",
            new { acme = acme.Value, due = (Here.Clock.GetUtcNow() + Account.DeletionGrace).UtcDateTime });
        Here.Clock.Pass(TimeSpan.FromDays(44));
        await using var other = Here.AnotherNode();
        await Task.WhenAll(Task.Run(() => Erase(Here)), Task.Run(() => Erase(other)));
        await Erase(Here);
        (await Here.Scalar<long>(
            "select count(*) from accounts.account where state = 4 and email is null and managed_by is null and version = 2"))
            .ShouldBe(people);
        (await Here.Rows<(long, long)>(
            "select count(*), count(distinct subject_id) from kernel.audit_entry where action = 'AccountErased'")).Single()
            .ShouldBe((people, people));
        (await Here.Scalar<long>("select count(*) from accounts.search")).ShouldBe(0);
    }

    [Fact, Trait("Rule", "A5")]
    public async Task A_cancelled_deletion_restores_exactly_the_rows_there_were()
    {
        var acme = await Here.Organization("acme");
        var ada = await Here.Admin(acme, "ada@acme.example");
        var person = await Here.Account("liam@acme.example", managedBy: acme);
        await Here.Grant(new GivePassword([person], "a long password of liam"));
        var before = await Row(person);
        await Here.Grant(new ScheduleDeletion(person, acme, By(ada)));
        (await Row(person)).ShouldNotBe(before);
        (await Here.Send(new SignIn("liam@acme.example", "a long password of liam", "a browser", TestInstallation.Console))).Granted
            .ShouldBeFalse();
        (await Here.Refuse(new ReactivateAccount(person, acme, By(ada)))).ShouldBeOfType<BeingDeleted>();
        Here.Clock.Pass(Account.DeletionGrace - TimeSpan.FromMinutes(5));
        await Here.Grant(new CancelDeletion(person, acme, By(ada)));
        (await Row(person)).ShouldBe(before);
        (await Here.Send(new SignIn("liam@acme.example", "a long password of liam", "a browser", TestInstallation.Console))).Granted
            .ShouldBeTrue();
    }

    Task<string?> Row(AccountId person) => Here.Scalar<string>("""
        select concat_ws('|', to_jsonb(a) - 'version', s.text, p.hash) from accounts.account a
          join accounts.search s on s.account_id = a.id join security.password p on p.account_id = a.id where a.id = @id
        """, new { id = person.Value });
}
