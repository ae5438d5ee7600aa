using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>All nodes together open no more connections than the database has.</summary>
[Trait("Rule", "R2")]
public sealed class ShareConnections : OnInstallation
{
    static readonly string[] Named = ["Maximum Pool Size", "MaxPoolSize"];

    string WithoutSize => string.Join(';', Here.ConnectionString.Split(';')
        .Where(part => !Named.Contains(part.Split('=')[0].Trim(), StringComparer.OrdinalIgnoreCase)));

    [Theory]
    [InlineData(97, 1, 84), InlineData(97, 2, 38), InlineData(97, 3, 22), InlineData(97, 20, 10), InlineData(1_000, 2, 100)]
    public void A_share_is_what_is_left_of_an_equal_part(int connections, int nodes, int share) =>
        PoolShare.Of(connections, nodes).ShouldBe(share);

    [Fact]
    public async Task A_node_takes_the_share_of_those_that_live_and_of_those_that_are_announced()
    {
        var all = await Here.Scalar<int>("select current_setting('max_connections')::int - 3");
        (await Fitted(2)).ShouldBe(PoolShare.Of(all, 2));
        (await Fitted(12)).ShouldBe(PoolShare.Of(all, 12));
        await Here.Scalar<int>("""
            insert into kernel.node (id, lives_until)
            select gen_random_uuid(), clock_timestamp() + case when n > 11 then interval '-1 minute' else interval '1 hour' end
            from generate_series(1, 20) n
            """);
        (await Fitted(2)).ShouldBe(PoolShare.Of(all, 12), "eleven live, and this one");

        async Task<int> Fitted(int nodes) =>
            new NpgsqlConnectionStringBuilder(await PoolShare.Fit(WithoutSize, nodes, CancellationToken.None)).MaxPoolSize;
    }

    [Fact]
    public async Task What_an_operator_says_stays()
    {
        foreach (var name in Named)
        {
            var said = $"{WithoutSize};{name}=100";
            (await PoolShare.Fit(said, 2, CancellationToken.None)).ShouldBe(said);
        }
    }

    [Fact]
    public async Task Whoever_finds_all_in_use_waits_for_one()
    {
        await using var pool = Database.Open(WithSize(1));
        var first = await pool.OpenConnectionAsync();
        var second = pool.OpenConnectionAsync().AsTask();
        await Task.Delay(300);
        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }

    /// <summary>A chunk that wants a connection beside its own, and lasts as long as the test says.</summary>
    sealed class WideChunk(NpgsqlDataSource pool, Task end) : IBulkJob
    {
        public string Kind => "wide chunk";

        public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
        {
            await using var another = await pool.OpenConnectionAsync(ct);
            await end.WaitAsync(ct);
            return new([Guid.CreateVersion7()], ["done"], null, []);
        }
    }

    [Theory]
    [InlineData(4, 1), InlineData(10, 2), InlineData(22, 4), InlineData(38, 7), InlineData(100, JobKeeper.AtOnce)]
    public async Task A_node_walks_fewer_ranges_at_once_where_it_has_few_connections(int connections, int ranges)
    {
        await using var pool = Database.Open(WithSize(connections));
        JobKeeper.Places(pool).ShouldBe(ranges);
    }

    [Fact]
    public async Task Two_jobs_leave_most_of_ten_connections_to_whoever_waits_for_a_page()
    {
        await using var pool = Database.Open(WithSize(10));
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = Here.AnotherNode(services => services.AddSingleton(pool)
            .AddSingleton<IBulkJob>(new WideChunk(pool, end.Task)));
        for (var job = 0; job < 2; job++)
            (await Here.Services.GetRequiredService<JobStore>().Insert(new(new(Guid.CreateVersion7()), "wide chunk", Guid.CreateVersion7(),
                "Wide chunks", "{}", TestInstallation.Console, 4,
                [.. Enumerable.Range(0, 4).Select(_ => new JobRange(null, Guid.CreateVersion7()))]), default)).ShouldBeTrue();
        await node.StartBackground();
        await TestInstallation.Others(async () => await Held() > 0, what: "no range was taken");
        // A few looks later still: more would have been taken at the first.
        await Task.Delay(2 * node.Services.GetRequiredService<BackgroundSettings>().Beat);
        (await Held()).ShouldBe(2);
        (await node.Scalar<int>("select 1")).ShouldBe(1);
        end.SetResult();
        await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from kernel.job where state <> 4") == 0,
            TimeSpan.FromMinutes(1), "the jobs did not end");

        Task<long> Held() => Here.Scalar<long>("select count(*) from kernel.job_range where holder is not null");
    }

    string WithSize(int connections) =>
        new NpgsqlConnectionStringBuilder(Here.ConnectionString) { MaxPoolSize = connections }.ConnectionString;
}
