using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Several silos, and fewer.</summary>
public sealed class LoseSilos : OnInstallation
{
    /// <summary>Turns of each account; the kill comes after a third of them.</summary>
    const int Each = 12;

    [Fact, Trait("Rule", "R2")]
    public async Task No_call_fails_when_the_silo_of_its_grain_is_killed()
    {
        var builder = new InProcessTestClusterBuilder(2);
        var parts = Here.Services.GetServices<ISiloPart>().ToList();
        builder.ConfigureSilo((_, silo) => SiloHosting.Configure(silo, parts, new()));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var (own, other) = (cluster.Silos[0].ServiceProvider, cluster.Silos[1].ServiceProvider);
        await using var node = Here.AnotherNode(services => services.AddSingleton(new LocalSilo
        {
            Now = new(own.GetRequiredService<IGrainFactory>(), own.GetRequiredService<ILocalSiloDetails>().SiloAddress, false,
                own.GetRequiredService<LiveGrains>()),
        }));
        var org = await Here.Organization("acme");
        var ids = new List<AccountId>();
        for (var i = 0; i < 40; i++) ids.Add(await Here.Account($"p{i}@acme.example", managedBy: org));
        // A grain lives where it was asked first.
        foreach (var id in ids)
            (await other.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(id.Value)
                .Turn(new DeactivateAccount(id, org, null, null, false, ByNobody))).Fact.ShouldNotBeNull();
        (await node.Grant(new ReactivateAccount(ids[0], org, ByNobody))).ShouldBeOfType<AccountReactivated>();
        await node.Grant(new DeactivateAccount(ids[0], org, null, null, false, ByNobody));
        own.GetRequiredService<LiveGrains>().Count.ShouldBe(0);
        other.GetRequiredService<LiveGrains>().Count.ShouldBe(40);

        var turns = 0;
        var load = Task.WhenAll(ids.Select(id => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var outcome = await node.Send<Outcome<AccountFact>>(i % 2 == 1
                    ? new DeactivateAccount(id, org, null, null, false, ByNobody)
                    : new ReactivateAccount(id, org, ByNobody));
                outcome.Granted.ShouldBeTrue($"{outcome.Refusal}");
                Interlocked.Increment(ref turns);
                await Task.Delay(20);
            }
        })));
        await TestInstallation.Others(() => Task.FromResult(Volatile.Read(ref turns) > ids.Count * Each / 3), TimeSpan.FromMinutes(2));
        await cluster.KillSiloAsync(cluster.Silos[1]);
        await load;
        // What was made, claimed and deactivated at first, and what came then.
        var all = ids.Count * 3 + 2 + turns;
        (await Here.Scalar<long>("select sum(version) from accounts.account")).ShouldBe(all);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id in (select id from accounts.account)"))
            .ShouldBe(all);
        (await Here.Scalar<long>("select count(*) from kernel.outbox")).ShouldBe(all);
    }

    [Fact, Trait("Rule", "R2")]
    public async Task Nodes_on_one_database_form_a_cluster_and_who_is_voted_out_or_forgotten_comes_back()
    {
        await using TestInstallation a = Here.AnotherNode(), b = Here.AnotherNode();
        await using SiloHosting first = Hosting(a, out var one), second = Hosting(b, out var two);
        await Task.WhenAll(first.Begin(new(Here.ConnectionString)), second.Begin(new(Here.ConnectionString)));
        (await Here.Scalar<long>("select count(*) from orleans.silo where status = 3 and address = '127.0.0.1'")).ShouldBe(2);
        (await Here.Scalar<long>("select count(distinct cluster_id) from orleans.silo")).ShouldBe(1);
        var evicted = one.Now!.Address;
        await Here.Scalar<int>("""
            with next as (update orleans.cluster set version = version + 1 returning id)
            update orleans.silo s set status = 6 from next where s.cluster_id = next.id and port = @Port
            """, new { evicted.Endpoint.Port });
        await TestInstallation.Others(() => Task.FromResult(one.Now is { } now && !now.Address.Equals(evicted)),
            TimeSpan.FromSeconds(40), "no new silo took its place");
        two.Now.ShouldNotBeNull();

        // As a restore leaves it, whose table has nobody who runs.
        var (before, beside) = (one.Now!.Address, two.Now!.Address);
        await Here.Scalar<int>("delete from orleans.cluster returning 1");
        await TestInstallation.Others(async () => one.Now is { } a1 && !a1.Address.Equals(before)
            && two.Now is { } b1 && !b1.Address.Equals(beside)
            && await Here.Scalar<long>("select count(*) from orleans.silo where status = 3") == 2,
            TimeSpan.FromMinutes(1), "no new silos took their places");
        await second.End();
        (await Here.Scalar<long>("select count(*) from orleans.silo where status = 3")).ShouldBe(1);
        two.Now.ShouldBeNull();

        static SiloHosting Hosting(TestInstallation node, out LocalSilo silo)
        {
            silo = new();
            return ActivatorUtilities.CreateInstance<SiloHosting>(node.Services, silo);
        }
    }

    [Fact, Trait("Rule", "R1")]
    public async Task A_silo_that_is_alone_says_nothing_to_who_connects()
    {
        using var stranger = new System.Net.Sockets.TcpClient();
        await stranger.ConnectAsync(Here.Services.GetRequiredService<LocalSilo>().Now!.Address.Endpoint);
        var said = new byte[1];
        int length;
        try { length = await stranger.GetStream().ReadAsync(said).AsTask().WaitAsync(TimeSpan.FromSeconds(30)); }
        catch (IOException) { length = 0; } // hung up on
        length.ShouldBe(0);
    }

    [Fact]
    public void A_silo_that_was_silent_twice_is_tried_by_one_call_a_second()
    {
        var silent = new SilentSilos();
        var here = SiloAddress.New(new(System.Net.IPAddress.Loopback, 1), 1);
        var there = SiloAddress.New(new(System.Net.IPAddress.Loopback, 2), 1);
        var grain = GrainId.Create("account", "a");
        silent.WhereIs(grain).ShouldBeNull();
        silent.Answered(grain, there);
        silent.WhereIs(grain).ShouldBe(there);
        silent.IsSilent(there).ShouldBeFalse();
        silent.DidNotAnswer(there);
        silent.IsSilent(there).ShouldBeFalse("one call may be lost");
        silent.DidNotAnswer(there);
        silent.IsSilent(there).ShouldBeTrue();
        silent.IsSilent(here).ShouldBeFalse();
        silent.IsSilent(null).ShouldBeFalse();
        Thread.Sleep(1_050);
        Enumerable.Range(0, 20).Count(_ => !silent.IsSilent(there)).ShouldBe(1);
        silent.Answered(grain, there);
        silent.IsSilent(there).ShouldBeFalse();
    }
}
