using System.Diagnostics;
using DirectoryPlatform.Tests.Support;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// One, two and three nodes as processes over one database, asked over HTTP by programs, providers and people who sign in; then three
/// nodes of which one is killed, frozen and stopped in the middle, and all three are started anew one after the other. Clients, nodes and
/// PostgreSQL share the cores of one machine, so more nodes add no more power: the ratio says what a cluster costs here.
/// </summary>
static class ClusterBench
{
    public static async Task Run(int callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        var prepared = await Prepare(server, callers);
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var one = await Measure(server, prepared, 1, $"round {round}: 1 node", seconds, (_, _) => Task.CompletedTask);
            await Measure(server, prepared, 2, $"round {round}: 2 nodes", seconds, (_, _) => Task.CompletedTask);
            ratios.Add(await Measure(server, prepared, 3, $"round {round}: 3 nodes", seconds, (_, _) => Task.CompletedTask) / one);
            foreach (var way in (string[])["killed", "frozen", "stopped"])
                await Measure(server, prepared, 3, $"round {round}: 3 nodes, one {way}", seconds,
                    (cluster, third) => After(third, () => cluster.Disturb(0, way, TimeSpan.FromSeconds(10))));
            await Measure(server, prepared, 3, $"round {round}: 3 nodes, restarted in turn", seconds,
                (cluster, third) => After(third, async () =>
                {
                    for (var node = 0; node < 3; node++) await cluster.Disturb(node, "stopped", TimeSpan.Zero);
                }));
        }
        Figures.Ratio(ratios);
    }

    static async Task After(TimeSpan wait, Func<Task> then)
    {
        await Task.Delay(wait);
        await then();
    }

    static async Task<ClusterLoad.Prepared> Prepare(BenchServer server, int callers)
    {
        using var host = await BenchServer.Serve(await server.Fresh("prepared"));
        var prepared = await ClusterLoad.Prepare(host.Services.GetRequiredService<IMediator>(), callers, accounts: 50, directories: 2,
            people: 8, claimable: 0);
        await host.StopAsync();
        return prepared;
    }

    /// <param name="disturb">Begins with the clock; gets a third of the time.</param>
    /// <returns>Deeds a second.</returns>
    static async Task<double> Measure(BenchServer server, ClusterLoad.Prepared prepared, int nodes, string what, int seconds,
        Func<NodeCluster, TimeSpan, Task> disturb)
    {
        var database = await server.Copy("prepared", "cluster");
        double rate;
        await using (var cluster = new NodeCluster(database, nodes))
        {
            await cluster.Ready();
            // Code is compiled before the clock starts.
            await Load(TimeSpan.FromSeconds(5), (_, _) => Task.CompletedTask);
            var (load, elapsed, oldest) = await Load(TimeSpan.FromSeconds(seconds), disturb);
            rate = load.Milliseconds.Count / elapsed;
            Figures.Row(what, ("deeds a second", rate), ("ms p50", Figures.Median(load.Milliseconds)),
                ("ms p99", Figures.Percentile(load.Milliseconds, 0.99)), ("ms worst", load.Milliseconds.Max()),
                ("failed", load.Failed.Count), ("s oldest fact", oldest));

            async Task<(ClusterLoad, double, double)> Load(TimeSpan time, Func<NodeCluster, TimeSpan, Task> disturb)
            {
                var load = new ClusterLoad(cluster.Addresses, prepared);
                using var ended = new CancellationTokenSource();
                var watch = Stopwatch.StartNew();
                var (running, ages) = (load.Run(ended.Token), Ages(database, ended.Token));
                await Task.WhenAll(Task.Delay(time), disturb(cluster, time / 3));
                var elapsed = watch.Elapsed.TotalSeconds;
                await ended.CancelAsync();
                await running;
                return (load, elapsed, await ages);
            }
        }
        await server.Drop("cluster");
        return rate;
    }

    static async Task<double> Ages(string database, CancellationToken ended)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 from kernel.outbox");
        var worst = 0.0;
        while (!ended.IsCancellationRequested)
        {
            worst = Math.Max(worst, (double)(await command.ExecuteScalarAsync(CancellationToken.None))!);
            await Task.Delay(100, CancellationToken.None);
        }
        return worst;
    }
}
