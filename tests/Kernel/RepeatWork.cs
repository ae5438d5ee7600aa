using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Recurring work on several nodes of one database (docs/decisions/0058).</summary>
[Trait("Rule", "R2")]
public sealed class RepeatWork : OnInstallation
{
    int _runs, _at, _mostAt;

    /// <summary>What a run does; null for nothing.</summary>
    Func<CancellationToken, Task>? _work;

    sealed class Toy(RepeatWork test) : IRecurring
    {
        public string Name => "toy";
        public TimeSpan Every => TimeSpan.FromHours(1);

        public async Task Run(CancellationToken ct)
        {
            Interlocked.Increment(ref test._runs);
            test._mostAt = Math.Max(test._mostAt, Interlocked.Increment(ref test._at));
            try
            {
                if (test._work is { } work) await work(ct);
            }
            finally { Interlocked.Decrement(ref test._at); }
        }
    }

    TestInstallation Node(int lateSeconds = 2) => Here.AnotherNode(services => services.AddSingleton<IRecurring>(new Toy(this))
        .AddSingleton(new BackgroundSettings
        {
            KeeperIdle = TimeSpan.FromMilliseconds(50),
            CheckInLate = TimeSpan.FromSeconds(lateSeconds),
        }));

    Task Runs(int count) => TestInstallation.Others(() => Task.FromResult(_runs >= count), what: $"it did not run {count} times");

    /// <summary>Nobody is at it, and its next beat lies ahead, within the hour.</summary>
    Task Rests() => TestInstallation.Others(async () => await Here.Scalar<bool>("""
        select holder is null and leased_until is null and next_at > clock_timestamp() and next_at <= clock_timestamp() + interval '1 hour'
        from kernel.recurring where name = 'toy'
        """), what: "it does not rest");

    Task Due(string ago = "0") => Here.Scalar<int>(
        "update kernel.recurring set next_at = clock_timestamp() - @ago::interval where name = 'toy' returning 1", new { ago });

    /// <summary>Many looks of every node.</summary>
    static Task AWhile() => Task.Delay(500);

    [Fact]
    public async Task Two_nodes_do_it_once_a_beat_and_what_was_missed_is_not_made_up_for()
    {
        await using var one = Node();
        await using var other = Node();
        await Task.WhenAll(one.StartBackground(), other.StartBackground());
        await Runs(1);
        await Rests();
        for (var beat = 2; beat <= 4; beat++)
        {
            await Due(beat == 3 ? "10 hours" : "0");
            await Runs(beat);
            await Rests();
            await AWhile();
            _runs.ShouldBe(beat);
        }
    }

    [Fact]
    public async Task While_one_node_is_at_it_no_other_begins_however_long_it_takes()
    {
        var end = new TaskCompletionSource();
        _work = ct => end.Task.WaitAsync(ct);
        await using var one = Node();
        await using var other = Node();
        await Task.WhenAll(one.StartBackground(), other.StartBackground());
        await Runs(1);
        var lease = await Here.Scalar<DateTime>("select leased_until from kernel.recurring where name = 'toy'");
        // Longer than the lease with which it began.
        await TestInstallation.Others(async () => await Here.Scalar<DateTime>("select clock_timestamp()") > lease.AddSeconds(1));
        (_runs, _mostAt).ShouldBe((1, 1));
        end.SetResult();
        await Rests();
    }

    [Fact]
    public async Task What_a_dead_node_was_at_is_done_by_another_when_its_lease_is_over_and_not_before()
    {
        await Here.Scalar<int>("""
            insert into kernel.recurring (name, next_at, holder, leased_until)
              values ('toy', clock_timestamp(), gen_random_uuid(), clock_timestamp() + interval '3 seconds') returning 1
            """);
        var lease = await Here.Scalar<DateTime>("select leased_until from kernel.recurring where name = 'toy'");
        await using var node = Node();
        await node.StartBackground();
        await Runs(1);
        (await Here.Scalar<DateTime>("select clock_timestamp()")).ShouldBeGreaterThan(lease);
        await Rests();
    }

    [Fact]
    public async Task What_a_node_leaves_when_it_stops_is_done_by_another_at_once()
    {
        _work = ct => Task.Delay(Timeout.Infinite, ct);
        // Longer than anybody waits below.
        var one = Node(lateSeconds: 60);
        await one.StartBackground();
        await Runs(1);
        await using var other = Node();
        await other.StartBackground();
        _work = null;
        await one.DisposeAsync();
        await Runs(2);
        await Rests();
        _mostAt.ShouldBe(1);
    }

    [Fact]
    public async Task What_failed_is_tried_again_at_its_next_beat_and_holds_up_nothing()
    {
        _work = _ => throw new InvalidOperationException("It does not work.");
        await using var node = Node();
        await node.StartBackground();
        await Runs(1);
        await Rests();
        await AWhile();
        _runs.ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.recurring where next_at <= clock_timestamp()")).ShouldBe(0, "all others ran");
        await Due();
        await Runs(2);
    }

    [Fact]
    public async Task What_only_another_version_knows_is_left_to_its_node()
    {
        await Here.Scalar<int>("insert into kernel.recurring (name, next_at) values ('of tomorrow', clock_timestamp()) returning 1");
        await using var node = Node();
        await node.StartBackground();
        await Runs(1);
        await Rests();
        await AWhile();
        (await Here.Scalar<bool>("select holder is null and next_at < clock_timestamp() from kernel.recurring where name = 'of tomorrow'"))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task What_has_come_to_be_done_more_often_does_not_wait_for_the_beat_of_before()
    {
        await Here.Scalar<int>(
            "insert into kernel.recurring (name, next_at) values ('toy', clock_timestamp() + interval '9 days') returning 1");
        await using var node = Node();
        await node.StartBackground();
        await Rests();
        _runs.ShouldBe(0);
    }
}
