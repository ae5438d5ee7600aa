using System.Collections.Concurrent;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Who walks which range, on several nodes of one database (docs/decisions/0058).</summary>
[Trait("Rule", "C2"), Trait("Rule", "R2")]
public sealed class KeepJobs : OnInstallation
{
    /// <summary>Steps that nobody waits for: a range goes on until it is let end.</summary>
    readonly ConcurrentQueue<(string Node, Guid Organization, Guid Range)> _steps = new();

    /// <summary>A chunk is one step of some milliseconds; the cursor counts them.</summary>
    sealed class Steps(string node, KeepJobs test) : IBulkJob
    {
        public string Kind => "steps";

        public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
        {
            test._steps.Enqueue((node, slice.Organization, slice.Upto!.Value));
            await Task.Delay(20, ct);
            var step = slice.After is { } after ? BitConverter.ToInt32(after.ToByteArray()) + 1 : 1;
            var last = step >= KernelJson.Read<Dictionary<string, int>>(slice.Arguments)["steps"];
            return new([Guid.CreateVersion7()], ["done"], last ? null : new Guid(step, 0, 0, new byte[8]), []);
        }
    }

    /// <summary>A chunk that the database refuses three times, and then takes.</summary>
    sealed class Refused(string state) : IBulkJob
    {
        public const string Slow = "slow";

        public ConcurrentQueue<int> Attempts { get; } = new();

        public string Kind => "refused";

        public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
        {
            Attempts.Enqueue(slice.Attempt);
            if (Attempts.Count <= 3)
            {
                if (state == Slow) throw new NpgsqlException("Exception while reading from stream", new TimeoutException());
                await using var refuse = new NpgsqlCommand($"do $$ begin raise exception using errcode = '{state}'; end $$", connection);
                await refuse.ExecuteNonQueryAsync(ct);
            }
            return new([Guid.CreateVersion7()], ["done"], null, []);
        }
    }

    /// <summary>More steps than any test waits for.</summary>
    const int Endless = 100_000;

    /// <summary>Leases are longer than a test: who gets a range has been given it.</summary>
    TestInstallation Node(string name) => Here.AnotherNode(services => services.AddSingleton<IBulkJob>(new Steps(name, this))
        .AddSingleton(new BackgroundSettings
        {
            KeeperIdle = TimeSpan.FromMilliseconds(50),
            CheckInLate = TimeSpan.FromMinutes(1),
        }));

    async Task<Guid> Job(Guid organization, int ranges, int steps, string kind = "steps")
    {
        var id = new JobId(Guid.CreateVersion7());
        (await Here.Services.GetRequiredService<JobStore>().Insert(new(id, kind, organization, "Steps", KernelJson.Write(new { steps }),
            TestInstallation.Console, (long)ranges * steps, [.. Enumerable.Range(0, ranges)
                .Select(_ => new JobRange(null, Guid.CreateVersion7()))]), default)).ShouldBeTrue();
        return id.Value;
    }

    /// <summary>How many ranges each node holds, the fewest first.</summary>
    async Task<long[]> Held(Guid job) => [.. await Here.Rows<long>(
        "select count(*) from kernel.job_range where job_id = @job and holder is not null group by holder order by 1", new { job })];

    async Task<bool> IsDone(Guid job) => await Here.Scalar<short>("select state from kernel.job where id = @job", new { job }) == 4;

    async Task IsDoneOnce(Guid job, int ranges, int steps)
    {
        await TestInstallation.Others(() => IsDone(job), TimeSpan.FromSeconds(60), "the job did not end");
        (await Here.Rows<long>("select done from kernel.job_range where job_id = @job", new { job }))
            .ShouldBe(Enumerable.Repeat((long)steps, ranges));
        (await Here.Scalar<long>("select sum(size) from kernel.job_result where job_id = @job", new { job })).ShouldBe(ranges * steps);
        (await Held(job)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_nodes_walk_half_of_a_job_each_and_do_each_step_once()
    {
        await using var one = Node("one");
        await using var other = Node("other");
        await one.StartBackground();
        await other.StartBackground();
        await Nodes(2);
        var job = await Job(Guid.CreateVersion7(), ranges: 4, steps: 30);
        await TestInstallation.Others(async () => (await Held(job)).SequenceEqual([2, 2]), what: "the nodes did not share the ranges");
        await IsDoneOnce(job, 4, 30);
        // What is left at the end is shared anew, so a range may be handed on; a step that was begun twice would be counted.
        (_steps.Count, _steps.DistinctBy(s => s.Node).Count()).ShouldBe((120, 2));
    }

    [Fact]
    public async Task A_node_that_comes_later_gets_its_share_and_one_that_stops_gives_its_own_back_at_once()
    {
        await using var one = Node("one");
        await one.StartBackground();
        var job = await Job(Guid.CreateVersion7(), ranges: 4, Endless);
        await TestInstallation.Others(async () => (await Held(job)).SequenceEqual([4]), what: "a node that is alone did not take all");
        var other = Node("other");
        await other.StartBackground();
        await TestInstallation.Others(async () => (await Held(job)).SequenceEqual([2, 2]), what: "the later node got no share");
        await other.DisposeAsync();
        // The rows are free, or the first has them already.
        (await Here.Scalar<long>("select count(distinct holder) from kernel.job_range where job_id = @job", new { job }))
            .ShouldBeLessThanOrEqualTo(1);
        (await Here.Scalar<long>("select count(*) from kernel.node")).ShouldBe(1);
        await TestInstallation.Others(async () => (await Held(job)).SequenceEqual([4]), what: "the first node did not take the rest");
    }

    [Fact]
    public async Task One_organization_s_jobs_leave_room_for_another_s()
    {
        var (acme, globex) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var node = Node("one");
        await node.StartBackground();
        var many = await Job(acme, ranges: 3 * JobKeeper.AtOnce, Endless);
        await TestInstallation.Others(async () => (await Held(many)).SequenceEqual([JobKeeper.AtOnce]), what: "not all places were taken");
        var few = await Job(globex, ranges: 2, steps: 30);
        await IsDoneOnce(few, 2, 30);
        // Those that were left were not lost: they wait for a place, and are where they were.
        await TestInstallation.Others(async () => (await Held(many)).SequenceEqual([JobKeeper.AtOnce]), what: "a place stayed empty");
        var equal = await Job(globex, ranges: JobKeeper.AtOnce, Endless);
        await TestInstallation.Others(async () => (await Held(equal)).SequenceEqual([4]) && (await Held(many)).SequenceEqual([4]),
            what: "the places were not shared");
    }

    [Fact]
    public async Task A_range_whose_node_is_silent_is_taken_when_its_lease_is_over_and_not_before()
    {
        var job = await Job(Guid.CreateVersion7(), ranges: 1, steps: 5);
        await Here.Scalar<int>("""
            update kernel.job_range set holder = gen_random_uuid(), leased_until = clock_timestamp() + interval '3 seconds' returning 1
            """);
        var until = await Here.Scalar<DateTime>("select leased_until from kernel.job_range where job_id = @job", new { job });
        await using var node = Node("one");
        await node.StartBackground();
        await TestInstallation.Others(() => Task.FromResult(!_steps.IsEmpty), what: "nobody took the range");
        (await Here.Scalar<DateTime>("select clock_timestamp()")).ShouldBeGreaterThan(until);
        await IsDoneOnce(job, 1, 5);
    }

    [Fact]
    public async Task Whoever_has_lost_the_lease_goes_no_further_and_nothing_is_done_twice()
    {
        var job = await Job(Guid.CreateVersion7(), ranges: 1, steps: 50);
        await using var node = Node("one");
        var me = Guid.CreateVersion7();
        await Here.Scalar<int>("update kernel.job_range set holder = @me, leased_until = clock_timestamp() + interval '1 hour' returning 1",
            new { me });
        var walk = node.Services.GetRequiredService<JobWorker>().Run(job, 1, new RangeHold(me, Guid.CreateVersion7()), default);
        await TestInstallation.Others(() => Task.FromResult(_steps.Count >= 2));
        await Here.Scalar<int>("update kernel.job_range set holder = gen_random_uuid(), leased_until = clock_timestamp() returning 1");
        await walk;
        (await Here.Scalar<long>("select done from kernel.job_range where job_id = @job", new { job })).ShouldBeInRange(2, 49);
        await node.StartBackground();
        await IsDoneOnce(job, 1, 50);
    }

    [Fact]
    public async Task Two_that_go_after_one_range_by_mistake_do_each_step_once()
    {
        var job = await Job(Guid.CreateVersion7(), ranges: 1, steps: 50);
        await using var one = Node("one");
        await using var other = Node("other");
        await Task.WhenAll(((TestInstallation[])[one, other]).Select(n => n.Services.GetRequiredService<JobWorker>().Run(job, 1, default)));
        await IsDoneOnce(job, 1, 50);
        _steps.Select(s => s.Node).Distinct().Count().ShouldBe(2, "both were at it");
    }

    [Theory, Trait("Rule", "R6")]
    [InlineData("53100", new[] { 1, 1, 1, 1 }), InlineData("22012", new[] { 1, 2, 3, 4 })]
    [InlineData(Refused.Slow, new[] { 1, 2, 3, 4 })]
    public async Task A_database_that_is_full_uses_up_none_of_a_job_s_tries_and_another_error_does(string state, int[] attempts)
    {
        var refused = new Refused(state);
        await using var node = Here.AnotherNode(services => services.AddSingleton<IBulkJob>(refused));
        await node.StartBackground();
        var job = await Job(Guid.CreateVersion7(), ranges: 1, steps: 1, refused.Kind);
        await IsDoneOnce(job, 1, 1);
        refused.Attempts.ShouldBe(attempts);
    }

    [Fact]
    public async Task A_job_of_the_version_before_goes_on()
    {
        var job = await Job(Guid.CreateVersion7(), ranges: 2, steps: 20);
        // As the former worker left it: in the middle, held by nobody.
        await Here.Scalar<int>("update kernel.job set state = 1 where id = @job returning 1", new { job });
        await Here.Scalar<int>("update kernel.job_range set cursor = @five, done = 5 where job_id = @job and no = 1 returning 1",
            new { job, five = new Guid(5, 0, 0, new byte[8]) });
        await using var node = Node("one");
        await node.StartBackground();
        await TestInstallation.Others(() => IsDone(job));
        (await Here.Rows<long>("select done from kernel.job_range where job_id = @job order by no", new { job })).ShouldBe([20L, 20L]);
        _steps.Count.ShouldBe(35);
    }

    Task Nodes(int count) => TestInstallation.Others(async () => await Here.Scalar<long>(
        "select count(*) from kernel.node where lives_until > clock_timestamp()") == count, what: $"{count} nodes did not join");
}
