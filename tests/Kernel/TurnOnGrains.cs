using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Turns by grains and turns straight on the database: two roads to one row, and the row decides.</summary>
public sealed class TurnOnGrains : OnInstallation
{
    IGrains<Account, AccountFact> Grains => Here.Services.GetRequiredService<IGrains<Account, AccountFact>>();

    PostgresGrains<Account, AccountFact> Direct => Here.Services.GetRequiredService<PostgresGrains<Account, AccountFact>>();

    LiveGrains Live => Here.Services.GetRequiredService<LocalSilo>().Now!.Live;

    static AccountCommand Deactivate(AccountId id, OrganizationId org) => new DeactivateAccount(id, org, null, null, false, ByNobody);

    static AccountCommand Reactivate(AccountId id, OrganizationId org) => new ReactivateAccount(id, org, ByNobody);

    /// <summary>A step of the version, an audit entry and a fact for each turn since the account was made and claimed.</summary>
    async Task Balanced(AccountId id, int turns)
    {
        var values = new { id = id.Value };
        (await Here.Scalar<long>("select version from accounts.account where id = @id", values)).ShouldBe(2 + turns);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @id", values)).ShouldBe(2 + turns);
        (await Here.Scalar<long>("select count(*) from kernel.outbox where stream = @id", values)).ShouldBe(2 + turns);
    }

    [Fact, Trait("Rule", "L1")]
    public async Task A_command_that_takes_both_roads_is_done_once()
    {
        var org = await Here.Organization("acme");
        var ids = new List<AccountId>();
        for (var i = 0; i < 20; i++) ids.Add(await Here.Account($"p{i}@acme.example", managedBy: org));
        var before = Live.Count;
        before.ShouldBeGreaterThanOrEqualTo(20, "turns are taken by grains");
        for (var round = 0; round < 6; round++)
        {
            var commands = ids.Select(id => round % 2 == 0 ? Deactivate(id, org) : Reactivate(id, org)).ToList();
            var answers = await Task.WhenAll(commands.Select(async (c, i) => (i % 2 == 0
                ? await Task.WhenAll(Grains.Turn(c), Direct.Turn(c))
                : await Task.WhenAll(Direct.Turn(c), Grains.Turn(c))).Select(o => o.Value).Distinct().Count()));
            answers.ShouldAllBe(distinct => distinct == 1);
        }
        foreach (var id in ids) await Balanced(id, 6);
    }

    [Fact, Trait("Rule", "A1")]
    public async Task Whose_row_somebody_holds_waits_and_keeps_nobody_else_waiting()
    {
        var org = await Here.Organization("acme");
        var held = await Here.Account("held@acme.example", managedBy: org);
        var others = new List<AccountId>();
        for (var i = 0; i < 5; i++) others.Add(await Here.Account($"p{i}@acme.example", managedBy: org));
        await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select from accounts.account where id = @id for update", new { id = held.Value }, transaction);
        var waits = Grains.Turn(Deactivate(held, org));
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        // Sooner than a grain's answer is given up, after which each would be taken directly.
        var outcomes = await Task.WhenAll(others.Select(id => Grains.Turn(Deactivate(id, org)))).WaitAsync(TimeSpan.FromSeconds(4));
        outcomes.ShouldAllBe(o => o.Granted);
        waits.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync();
        (await waits).Granted.ShouldBeTrue();
        foreach (var id in others.Append(held)) await Balanced(id, 1);
    }

    [Fact, Trait("Rule", "A1")]
    public async Task Several_commands_to_one_grain_are_one_transaction_in_their_order()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        var nora = await Here.Account("nora@acme.example", managedBy: org);
        var outcomes = await Grains.TurnMany([Deactivate(liam, org), Deactivate(nora, org), Reactivate(liam, org), Deactivate(liam, org)]);
        outcomes.ShouldAllBe(o => o.Granted);
        await Balanced(liam, 3);
        await Balanced(nora, 1);
        // One transaction wrote the row once, whatever its number of turns.
        (await Here.Scalar<long>("""
            select count(distinct xmin::text) from kernel.audit_entry
            where subject_id = @id and action in ('AccountDeactivated', 'AccountReactivated')
            """, new { id = liam.Value })).ShouldBe(1);
    }

    [Fact, Trait("Rule", "A1")]
    public async Task What_was_written_past_a_grain_is_read_before_it_decides()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        await Grains.Turn(Deactivate(liam, org));
        (await Direct.Turn(Reactivate(liam, org))).Granted.ShouldBeTrue();
        (await Grains.Turn(Reactivate(liam, org))).Refusal.ShouldBe(new NotDeactivated());
        (await Direct.Turn(Deactivate(liam, org))).Granted.ShouldBeTrue();
        (await Grains.Turn(Reactivate(liam, org))).Granted.ShouldBeTrue();
        await Balanced(liam, 4);
    }

    [Fact, Trait("Rule", "C3")]
    public async Task No_refusal_comes_from_memory_after_a_job_has_written()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        const string set = "update accounts.account set state = @state, version = version + 1 where id = @id";
        foreach (var state in (AccountState[])[AccountState.Deactivated, AccountState.Active])
        {
            await Here.Scalar<int>(set, new { state = (short)state, id = liam.Value });
            // The grain remembers the other state: what it would grant is fenced, what it would refuse is looked at again.
            (await Grains.Turn(Deactivate(liam, org))).Granted.ShouldBe(state is AccountState.Active);
            await Here.Scalar<int>(set, new { state = (short)state, id = liam.Value });
            (await Grains.Turn(Reactivate(liam, org))).Granted.ShouldBe(state is AccountState.Deactivated);
        }
        (await Here.Scalar<int>("delete from accounts.search; delete from accounts.account where id = @id returning 1",
            new { id = liam.Value })).ShouldBe(1);
        (await Grains.Turn(Deactivate(liam, org))).Refusal.ShouldBe(new NotFound("account"));
    }

    [Fact, Trait("Rule", "A8")]
    public async Task Who_became_an_admin_past_the_grain_is_decided_on_as_an_admin()
    {
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        await Grains.Turn(Deactivate(liam, org));
        await Grains.Turn(Reactivate(liam, org));
        (await Direct.Turn(new AppointOrganizationAdmin(liam, org, ByNobody))).Granted.ShouldBeTrue();
        (await Grains.Turn(Deactivate(liam, org))).Refusal.ShouldBe(new LastOrganizationAdmin());
        (await Grains.Turn(new ScheduleDeletion(liam, org, ByNobody))).Refusal.ShouldBe(new LastOrganizationAdmin());
    }

    /// <summary>Each silo believes that it is alone, as two do that cannot reach each other.</summary>
    [Fact, Trait("Rule", "A1"), Trait("Rule", "R2")]
    public async Task Two_activations_of_one_account_never_both_win()
    {
        await using var second = await LaneSilo.Start(Here.ConnectionString, Here.Clock);
        await using var node = Here.AnotherNode(services => services.AddSingleton(second.Silo));
        var org = await Here.Organization("acme");
        var liam = await Here.Account("liam@acme.example", managedBy: org);
        var granted = 0;
        for (var round = 0; round < 10; round++)
            granted += (await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
                (i % 2 == 0 ? Here : node).Send(i % 4 < 2 ? Deactivate(liam, org) : Reactivate(liam, org))))).Count(o => o.Granted);
        second.Silo.Now!.Live.Count.ShouldBe(1);
        await Balanced(liam, granted);
        granted.ShouldBeGreaterThan(1);
    }

    [Fact, Trait("Rule", "L1")]
    public async Task A_turn_that_spoils_the_statement_spoils_no_other()
    {
        var org = await Here.Organization("acme");
        var ids = new List<AccountId>();
        for (var i = 0; i < 30; i++) ids.Add(await Here.Account($"p{i}@acme.example", managedBy: org));
        var late = Deactivate(ids[0], org);
        (await Grains.Turn(late)).Granted.ShouldBeTrue();
        (await Grains.Turn(Reactivate(ids[0], org))).Granted.ShouldBeTrue();
        // Granted once more by what the grain remembers; its audit entry stands there already.
        var outcomes = await Grains.TurnMany([late, .. ids.Skip(1).Select(id => Deactivate(id, org))]);
        outcomes.ShouldAllBe(o => o.Granted);
        await Balanced(ids[0], 2);
        foreach (var id in ids.Skip(1)) await Balanced(id, 1);
    }

    [Fact, Trait("Rule", "D4")]
    public async Task A_domain_turns_as_the_database_alone_would_turn_it()
    {
        var org = await Here.Organization("acme");
        var (byGrain, alone) = (await Here.VerifiedDomain(org, "one.example"), await Here.VerifiedDomain(org, "two.example"));
        var direct = Here.Services.GetRequiredService<PostgresGrains<Domain, DomainFact>>();
        foreach (var automatic in (bool[])[false, true, false])
        {
            await Here.Grant(new ChooseDomainClaiming(byGrain, org, automatic, ByNobody));
            (await direct.Turn(new ChooseDomainClaiming(alone, org, automatic, ByNobody))).Granted.ShouldBeTrue();
        }
        (await Here.Rows<string>("""
            select (to_jsonb(d) - '{id,name,token,added_at,verified_at,last_check,next_check_at}'::text[])::text from domains.domain d
            """)).Distinct().Count().ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from domains.domain where last_check is not null"))
            .ShouldBe(2);
    }
}
