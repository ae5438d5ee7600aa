using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Who is claimed, one by one and at the sign-up, and who is given back.</summary>
public sealed class ClaimAccountsTests : OnInstallation
{
    [Fact, Trait("Rule", "C3")]
    public async Task Two_organizations_that_claim_one_account_at_once_leave_one_manager()
    {
        var rounds = Proof.Size(12, 200);
        await using var node = Here.AnotherNode();
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        for (var round = 0; round < rounds; round++)
        {
            var id = await Here.Account($"p{round}@acme.example");
            var outcomes = await Task.WhenAll(
                Here.Send(new ClaimAccount(id, acme, "acme.example", true, TestInstallation.Console)), (round % 2 == 0 ? Here : node)
                    .Send(new ClaimAccount(id, globex, "acme.example", true, TestInstallation.Console)));
            outcomes.Count(o => o.Granted).ShouldBe(1);
            outcomes.Single(o => !o.Granted).Refusal.ShouldBe(new ManagedElsewhere());
            var winner = ((AccountClaimed)outcomes.Single(o => o.Granted).Value).By;
            var account = await Here.Grant(new ReadAccount(id));
            (account.ManagedBy, account.Version).ShouldBe((winner, 2));
        }
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'AccountClaimed'")).ShouldBe(rounds);
    }

    [Fact, Trait("Rule", "C10")]
    public async Task One_person_on_an_own_domain_is_claimed_though_excluded_and_anybody_else_is_nobody()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.VerifiedDomain(acme, "acme.example");
        var (liam, other) = (await Here.Account("liam@acme.example"), await Here.Account("mia@else.example"));
        await Here.Grant(new ClaimAccount(liam, acme, "acme.example", true, TestInstallation.Console));
        await Here.Grant(new UnclaimAccount(liam, acme, true, TestInstallation.Console));
        (await Here.Grant(new ReadClaimable(acme, liam))).Refusal.ShouldBeNull();
        (await Here.Refuse(new ReadClaimable(globex, liam))).ShouldBeOfType<NotFound>();
        foreach (var (asks, whom) in new[] { (globex, liam), (acme, other), (acme, new AccountId(Guid.NewGuid())) })
            (await Here.Refuse(new ClaimPerson(asks, whom, TestInstallation.Console))).ShouldBeOfType<NotFound>();
        await Here.Grant(new ClaimPerson(acme, liam, ByNobody));
        (await Here.Grant(new ReadAccount(liam))).ManagedBy.ShouldBe(acme);
        (await Here.Grant(new ReadClaimable(acme, liam))).Refusal.ShouldNotBeNull();

        // Whom another organization manages has no name here.
        var zoe = await Here.Account("zoe@acme.example");
        await Here.Grant(new ClaimAccount(zoe, globex, "acme.example", true, TestInstallation.Console));
        (await Here.Refuse(new ReadClaimable(acme, zoe))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ClaimPerson(acme, zoe, TestInstallation.Console))).ShouldBeOfType<NotFound>();
    }

    [Fact, Trait("Rule", "D12")]
    public async Task A_claim_that_is_under_way_when_its_domain_is_lost_is_waited_for_and_given_back()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example", automatic: false);
        var liam = await Here.Account("liam@acme.example");
        var seen = await Here.Grant(new ReadDomain(acme, domain));
        await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var claim = await connection.BeginTransactionAsync();
        // A claim as it stands when it has been told who owns the domain, and has not committed.
        await using (var half = new NpgsqlCommand($"""
            select pg_advisory_xact_lock_shared(hashtextextended('domain:acme.example', 0));
            update accounts.account set managed_by = '{acme.Value}', claimed_at = now(), version = version + 1 where id = '{liam.Value}'
            """, connection, claim)) await half.ExecuteNonQueryAsync();
        await Here.Grant(new RemoveDomain(acme, domain, seen.Version, TestInstallation.Console));
        var unclaiming = Task.Run(Here.Quiet);
        await TestInstallation.Others(async () => unclaiming.IsCompleted || await Here.Scalar<bool>("""
            select exists (select from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database()))
            """), what: "nobody waits");
        unclaiming.IsCompleted.ShouldBeFalse("the unclaiming does not wait for the claim");
        await claim.CommitAsync();
        await unclaiming;
        (await Here.Grant(new ReadAccount(liam))).ManagedBy.ShouldBeNull();
    }

    [Fact, Trait("Rule", "C4")]
    public async Task A_new_account_is_claimed_at_sign_up_when_the_domain_says_automatic()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "auto.example");
        await Here.VerifiedDomain(acme, "manual.example", automatic: false);
        foreach (var domain in (string[])["auto.example", "manual.example", "free.example"])
            await Here.Grant(new SignUp($"New@{domain.ToUpperInvariant()}", "New Body", TestInstallation.Console));
        (await Here.Rows<string>("select email from accounts.account where managed_by = @acme", new { acme = acme.Value }))
            .ShouldBe(["new@auto.example"]);
    }

    [Fact, Trait("Rule", "C4"), Trait("Rule", "D12")]
    public async Task A_sign_up_that_overtook_the_loss_of_the_domain_is_given_back()
    {
        var acme = await Here.Organization("acme");
        var domain = await Here.VerifiedDomain(acme, "acme.example");
        await Here.Grant(new RemoveDomain(acme, domain, (await Here.Grant(new ReadDomain(acme, domain))).Version,
            TestInstallation.Console));
        await Here.Quiet();
        // The question who owns the domain was asked before, its answer comes only now.
        var id = new AccountId(Guid.CreateVersion7());
        await Here.Grant(new SignUpAccount(id, EmailAddress.Trusted("late@acme.example"), "Late", false, acme, TestInstallation.Console));
        await Here.Until(async () => (await Here.Grant(new ReadAccount(id))).ManagedBy is null);
    }
}
