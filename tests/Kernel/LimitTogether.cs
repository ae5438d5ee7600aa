using System.Diagnostics;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Limits on all nodes together (SPEC S11, P4), and what becomes of them when a node is gone or gives no answer.</summary>
[Trait("Rule", "S11")]
public sealed class LimitTogether : OnInstallation
{
    static readonly Door Narrow = new("narrow", new(500, TimeSpan.FromMinutes(10)), new(6, TimeSpan.FromHours(1)));

    /// <summary>Counts as grains do, until it is told to keep everybody waiting.</summary>
    sealed class Hanging : IIncomingGrainCallFilter
    {
        TaskCompletionSource? _free;
        int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public void Hang() => _free = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn()
        {
            _free?.SetResult();
            _free = null;
        }

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.TargetId.Type.ToString() == "counts")
            {
                Interlocked.Increment(ref _asked);
                if (_free is { } free) await free.Task;
            }
            await context.Invoke();
        }
    }

    /// <summary>Two silos of one cluster, and a node at each.</summary>
    sealed class TwoNodes(InProcessTestCluster cluster, TestInstallation one, TestInstallation other) : IAsyncDisposable
    {
        public InProcessTestCluster Cluster => cluster;
        public TestInstallation One => one;
        public TestInstallation Other => other;

        public IServiceProvider Silo(int no) => cluster.Silos[no].ServiceProvider;

        public async ValueTask DisposeAsync()
        {
            await one.DisposeAsync();
            await other.DisposeAsync();
            await cluster.DisposeAsync();
        }
    }

    /// <summary>On a busy machine a grain may take longer than a tenth of a second, where that is not what is tested.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="patience">Of the first node.</param>
    async Task<TwoNodes> Together(Hanging? hanging = null, TimeSpan? patience = null)
    {
        var builder = new InProcessTestClusterBuilder(2);
        var parts = Here.Services.GetServices<ISiloPart>().ToList();
        builder.ConfigureSilo((_, silo) =>
        {
            SiloHosting.Configure(silo, parts, new());
            if (hanging is not null) silo.AddIncomingGrainCallFilter(hanging);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, Node(cluster.Silos[0].ServiceProvider, patience), Node(cluster.Silos[1].ServiceProvider));
    }

    TestInstallation Node(IServiceProvider silo, TimeSpan? patience = null) => Node(new LocalSilo
    {
        Now = new(silo.GetRequiredService<IGrainFactory>(), silo.GetRequiredService<ILocalSiloDetails>().SiloAddress, false,
            silo.GetRequiredService<LiveGrains>()),
    }, patience);

    TestInstallation Node(LocalSilo silo, TimeSpan? patience = null) => Here.AnotherNode(services =>
        services.AddSingleton(new DoorSettings { Patience = patience ?? Patience }).AddSingleton(silo));

    static Task<TooManyRequests?> Ask(TestInstallation node, string target, string? address = null) => node.Services
        .GetRequiredService<ILimiter>().Enter(Narrow, new Origin(null, "web", address), target, CancellationToken.None);

    static async Task<int> LetIn(TestInstallation node, string target, int times)
    {
        var n = 0;
        for (var i = 0; i < times; i++)
            if (await Ask(node, target) is null) n++;
        return n;
    }

    /// <summary>Until every slice is counted somewhere that answers.</summary>
    static async Task Answering(IGrainFactory grains)
    {
        for (var slice = 0; slice < SharedCounts.Slices; slice++)
            await TestInstallation.Others(async () =>
            {
                try
                {
                    await grains.GetGrain<ICountGrain>(slice).Take(new(default, TimeSpan.FromSeconds(1), TimeSpan.Zero, 0, 0));
                    return true;
                }
                catch (Exception) { return false; }
            }, TimeSpan.FromMinutes(1), $"slice {slice} is not counted");
    }

    [Fact]
    public async Task Two_nodes_let_in_what_one_limit_says_and_not_twice_that()
    {
        await using var both = await Together();
        await Answering(both.Silo(0).GetRequiredService<IGrainFactory>());
        Here.Clock.Stand();
        for (var round = 0; round < Proof.Size(10, 50); round++)
        {
            var burst = await Task.WhenAll(Enumerable.Range(0, 40)
                .Select(i => Ask(i % 2 == 0 ? both.One : both.Other, $"p{round}@acme.example")));
            burst.Count(b => b is null).ShouldBe(6);
            burst.OfType<TooManyRequests>().ShouldAllBe(r => r.Seconds == 600);
        }
        both.Silo(0).GetRequiredService<LiveGrains>().Count.ShouldBeInRange(1, SharedCounts.Slices - 1, "both silos have a share");
    }

    [Fact, Trait("Rule", "P4")]
    public async Task A_key_that_asks_often_is_granted_several_at_a_time_and_never_more_than_its_burst()
    {
        var hanging = new Hanging();
        await using var both = await Together(hanging);
        await Answering(both.Silo(0).GetRequiredService<IGrainFactory>());
        Here.Clock.Stand();
        var (rate, before) = (Rate.Of(new(200, TimeSpan.FromSeconds(4))), hanging.Asked);
        var key = Guid.NewGuid();
        var granted = 0;
        await Task.WhenAll(new[] { both.One, both.Other }.SelectMany(node => Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                if (await node.Services.GetRequiredService<SharedCounts>().Take(key, rate, 20, Patience, default) is null)
                    Interlocked.Increment(ref granted);
        }))));
        granted.ShouldBeInRange(160, 200);
        (hanging.Asked - before).ShouldBeLessThan(400, "most of the 800 are not asked of the grain");
    }

    [Fact]
    public async Task A_refusal_is_not_asked_for_again()
    {
        var hanging = new Hanging();
        await using var both = await Together(hanging);
        await Answering(both.Silo(0).GetRequiredService<IGrainFactory>());
        Here.Clock.Stand();
        (await LetIn(both.One, "liam@acme.example", 7)).ShouldBe(6);
        var asked = hanging.Asked;
        (await LetIn(both.One, "liam@acme.example", 1_000)).ShouldBe(0);
        hanging.Asked.ShouldBe(asked);
        Here.Clock.Pass(TimeSpan.FromMinutes(10));
        (await LetIn(both.One, "liam@acme.example", 2)).ShouldBe(1);
    }

    [Fact]
    public async Task Without_an_answer_a_node_decides_by_its_own_count_and_tells_what_it_let_in()
    {
        var hanging = new Hanging();
        // The other one only says at the end what the grains have counted.
        await using var both = await Together(hanging, SharedCounts.Patience);
        await Answering(both.Silo(0).GetRequiredService<IGrainFactory>());
        Here.Clock.Stand();
        (await LetIn(both.One, "liam@acme.example", 2)).ShouldBe(2);
        hanging.Hang();
        var asked = hanging.Asked;
        (await Ask(both.One, "liam@acme.example")).ShouldBeNull();
        await TestInstallation.Others(() => Task.FromResult(hanging.Asked > asked), what: "the grain was not asked first");
        (await LetIn(both.One, "liam@acme.example", 10)).ShouldBe(3, "its own count knows of the two before");
        asked = hanging.Asked;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 50; i++) await Ask(both.One, $"p{i}@acme.example");
        // Two are enough to know; then one a second tries again, at the silo that is known and at one that is not.
        (hanging.Asked - asked).ShouldBeLessThanOrEqualTo(4 + (2 * (int)watch.Elapsed.TotalSeconds),
            "a silo that does not answer is not waited for by everybody");
        (await LetIn(both.One, "nora@acme.example", 5)).ShouldBe(5);
        hanging.GoOn();
        // What was let in is told with the next question that is answered.
        await Task.Delay(TimeSpan.FromSeconds(1.5)); // Until nothing of before comes any more.
        asked = hanging.Asked;
        await TestInstallation.Others(async () =>
        {
            await Ask(both.One, "nora@acme.example");
            return hanging.Asked > asked;
        });
        (await LetIn(both.Other, "nora@acme.example", 6)).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_is_known_is_let_in_while_nobody_counts()
    {
        var hanging = new Hanging();
        await using var both = await Together(hanging);
        var id = await Here.Account("liam@acme.example");
        await Here.Grant(new GivePassword([id], "violet lantern orbit"));
        var origin = ByNobody with { Means = "web", Address = "192.0.2.7" };
        await both.One.Grant(new SignIn("liam@acme.example", "violet lantern orbit", "Firefox", origin));
        hanging.Hang();
        var asked = hanging.Asked;
        await both.One.Grant(new SignIn("liam@acme.example", "violet lantern orbit", "Firefox", origin with { RequestId = "again" }));
        hanging.Asked.ShouldBe(asked, "their network is known, and nobody asks how often");
        hanging.GoOn();
    }

    [Fact, Trait("Rule", "R2")]
    public async Task A_killed_node_takes_with_it_what_was_not_written_yet_and_nothing_else()
    {
        await using var both = await Together();
        var survivor = both.Silo(0).GetRequiredService<IGrainFactory>();
        await Answering(survivor);
        Here.Clock.Stand();
        var targets = Enumerable.Range(0, 40).Select(i => $"p{i}@acme.example").ToList();
        foreach (var target in targets) (await LetIn(both.Other, target, 4)).ShouldBe(4);
        // Twice the beat.
        await Task.Delay(TimeSpan.FromSeconds(2));
        both.Silo(1).GetRequiredService<LiveGrains>().Count.ShouldBeGreaterThan(0);
        await both.Cluster.KillSiloAsync(both.Cluster.Silos[1]);
        await Answering(survivor);
        foreach (var target in targets) (await LetIn(both.One, target, 6)).ShouldBe(2, target);
    }

    [Fact]
    public async Task Silos_that_are_alone_on_one_database_learn_of_each_other_within_seconds()
    {
        Here.Clock.Stand();
        await using TestInstallation a = Here.AnotherNode(), b = Here.AnotherNode();
        var (one, two) = (new LocalSilo(), new LocalSilo());
        await using SiloHosting first = Hosting(a, one), second = Hosting(b, two);
        await Task.WhenAll(first.Begin(SiloSettings.Alone), second.Begin(SiloSettings.Alone));
        await using TestInstallation here = Node(one), there = Node(two);
        // Both count the slice before the other has written anything.
        await Task.WhenAll(Ask(here, "liam@acme.example"), Ask(there, "liam@acme.example"));
        var letIn = 2;
        for (var round = 0; round < 6; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.3));
            foreach (var node in (TestInstallation[])[here, there])
                if (await Ask(node, "liam@acme.example") is null) letIn++;
        }
        // Twelve would be two limits.
        letIn.ShouldBeInRange(6, 8);

        static SiloHosting Hosting(TestInstallation node, LocalSilo silo) =>
            ActivatorUtilities.CreateInstance<SiloHosting>(node.Services, silo);
    }

    [Fact]
    public async Task A_flood_of_names_leaves_a_row_for_each_slice_and_none_when_all_is_at_rest()
    {
        await using var both = await Together();
        Here.Clock.Stand();
        (await LetIn(both.One, "liam@acme.example", 7)).ShouldBe(6);
        for (var i = 0; i < Proof.Size(20_000, 150_000); i += 100)
            await Task.WhenAll(Enumerable.Range(i, 100).Select(n => Ask(n % 2 == 0 ? both.One : both.Other, $"p{n}@acme.example")));
        (await Ask(both.Other, "liam@acme.example")).ShouldNotBeNull("who asked most is remembered longest");
        await TestInstallation.Others(async () =>
            await Here.Scalar<long>("select count(*) from orleans.grain_state") == SharedCounts.Slices);
        // A row is as large as its slice may be, whatever comes.
        (await Here.Scalar<int>("select max(octet_length(payload)) from orleans.grain_state"))
            .ShouldBeLessThanOrEqualTo(1 + (24 * CountGrain.Most));
        Here.Clock.Pass(TimeSpan.FromHours(2));
        await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from orleans.grain_state") == 0);
    }

    [Fact]
    public async Task Rows_that_no_grain_comes_back_to_are_swept()
    {
        await Here.Scalar<int>("""
            insert into orleans.grain_state (service_id, type_hash, type, id_hash, n0, n1, extension, version, modified_at)
            values ('directory', 0, 'counts', 0, 0, 100, '', 1, now() - interval '3 hours'),
              ('directory', 0, 'counts', 0, 0, 101, '', 1, now())
            """);
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "forget counts at the doors").Run(CancellationToken.None);
        (await Here.Rows<long>("select n1 from orleans.grain_state")).ShouldBe([101]);
    }

    [Fact, Trait("Rule", "R2")]
    public async Task Of_two_first_writes_one_wins()
    {
        await using var both = await Together();
        var storages = Enumerable.Range(0, 2).Select(no => both.Silo(no).GetRequiredKeyedService<IGrainStorage>(CountStorage.Name))
            .ToList();
        for (var race = 0; race < 200; race++)
        {
            var id = GrainId.Create("counts", $"{race:X}");
            var won = await Task.WhenAll(storages.Select((storage, no) => Task.Run(async () =>
            {
                try
                {
                    await storage.WriteStateAsync("counts", id, new GrainState<SavedCounts>(
                        SavedCounts.Of([(new Guid(no, 0, 0, new byte[8]), no)])));
                    return true;
                }
                catch (InconsistentStateException) { return false; }
            })));
            won.Count(w => w).ShouldBe(1, $"race {race}");
            var read = new GrainState<SavedCounts>();
            await storages[0].ReadStateAsync("counts", id, read);
            read.State!.All().Single().RestsAt.ShouldBe(won[0] ? 0 : 1, "what was written is the winner's");
        }
    }
}
