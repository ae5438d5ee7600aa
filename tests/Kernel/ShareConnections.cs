using DirectoryPlatform.Tests.Support;
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
        await using var pool = Database.Open(new NpgsqlConnectionStringBuilder(Here.ConnectionString) { MaxPoolSize = 1 }.ConnectionString);
        var first = await pool.OpenConnectionAsync();
        var second = pool.OpenConnectionAsync().AsTask();
        await Task.Delay(300);
        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }
}
