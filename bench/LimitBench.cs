using System.Diagnostics;
using System.Globalization;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// Tries at a door of two nodes, by grains of one cluster against each node's own count, which asks nobody: from a thousand networks at ten
/// thousand targets, and, as a flood, every one at a target that was never asked for.
/// Beside them the database's count of the version before.
/// </summary>
static class LimitBench
{
    /// <summary>So wide that nobody is refused, because a refusal is answered from memory; each try counts for a second of its network and
    /// a minute of its target, so that all of it has to be written.</summary>
    static readonly Door Wide = new("wide", new(1_000_000, TimeSpan.FromSeconds(1_000_000)),
        new(1_000_000, TimeSpan.FromMinutes(1_000_000)));

    static readonly string[] Ways = ["own count", "grains", "grains, flood", "grains, 500 a second"];

    public static async Task Run(int callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        var (own, grains) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            var database = await server.Fresh($"limits{round}");
            foreach (var way in Ways)
            {
                var isAlone = way == "own count";
                var nodes = new List<IHost> { await Serve(database, isAlone), await Serve(database, isAlone) };
                var time = TimeSpan.FromSeconds(seconds);
                if (way == "grains, 500 a second")
                {
                    // Five hundred a second, at an even pace: what a real rush looks like.
                    await Measure(way, database, nodes, 500, time, round);
                }
                else
                {
                    var rate = await Measure(way, database, nodes, null, time, round, callers,
                        flood: way.EndsWith("flood", StringComparison.Ordinal));
                    if (isAlone) own.Add(rate);
                    else if (way == "grains") grains.Add(rate);
                }
                foreach (var node in nodes)
                {
                    await node.StopAsync();
                    node.Dispose();
                }
            }
            Figures.Row($"round {round}: the database's count of before", ("a second", await Before(database, callers, seconds)));
            await server.Drop($"limits{round}");
        }
        Figures.Ratio(grains.Zip(own, (together, alone) => together / alone));
    }

    static async Task<IHost> Serve(string database, bool isAlone)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.Services.AddModules(new ConfigurationBuilder().Build(), database, ownsDatabase: false, demo: true,
            new("http://localhost:5080"));
        if (!isAlone) builder.Services.AddSilo(new(database));
        var host = builder.Build();
        await host.StartAsync();
        var silo = host.Services.GetRequiredService<LocalSilo>();
        while (!isAlone && silo.Now is null) await Task.Delay(10);
        return host;
    }

    static async Task<double> Measure(string way, string database, List<IHost> nodes, int? perSecond, TimeSpan time, int round,
        int callers = 64, bool flood = false)
    {
        // Code is compiled, and every grain is somewhere, before the clock starts.
        await Call(nodes, perSecond, TimeSpan.FromSeconds(4), callers, flood);
        var (before, cpu, watch) = (await Writes(database), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        var times = await Call(nodes, perSecond, time, callers, flood);
        var elapsed = watch.Elapsed.TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Figures.Row($"round {round}: {way}", ("a second", times.Count / elapsed), ("ms p50", Figures.Percentile(times, 0.5)),
            ("ms p99", Figures.Percentile(times, 0.99)), ("slower than 100 ms", times.Count(t => t >= 100)),
            ("us of own CPU", cpu.TotalMicroseconds / times.Count), ("writes a second", (await Writes(database) - before) / elapsed));
        return times.Count / elapsed;
    }

    /// <param name="perSecond">All callers together; null for as fast as they can.</param>
    static async Task<List<double>> Call(List<IHost> nodes, int? perSecond, TimeSpan time, int callers, bool flood)
    {
        var watch = Stopwatch.StartNew();
        return [.. (await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var limiter = nodes[caller % nodes.Count].Services.GetRequiredService<ILimiter>();
            var (random, taken) = (new Random(), new List<double>());
            for (var n = 0; watch.Elapsed < time; n++)
            {
                if (perSecond is { } all && TimeSpan.FromSeconds((double)callers / all * n) - watch.Elapsed is { Ticks: > 0 } rest)
                    await Task.Delay(rest);
                var (address, target) = ($"10.0.{random.Next(4)}.{random.Next(250)}",
                    flood ? $"{Guid.NewGuid():N}@bench.example" : $"p{random.Next(10_000)}@bench.example");
                var began = Stopwatch.GetTimestamp();
                if (await limiter.Enter(Wide, new(null, "bench", address), target, CancellationToken.None) is not null)
                    throw new InvalidOperationException("The door is wide, and somebody was refused.");
                taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return taken;
        })))).SelectMany(t => t)];
    }

    static async Task<long> Writes(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("""
            select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint from pg_stat_user_tables
            where relid = 'orleans.grain_state'::regclass
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A round trip and a row for each key, as the version before counted; its function is there until nobody runs that.</summary>
    static async Task<double> Before(string database, int callers, int seconds)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var (count, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var random = new Random();
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await using var command = source.CreateCommand("select kernel.ask_at_door($1, $2, $3, now())");
                command.Parameters.Add(new NpgsqlParameter<byte[][]>
                {
                    TypedValue = [BitConverter.GetBytes(random.Next(1_000)), BitConverter.GetBytes(random.Next(1_000, 11_000))],
                });
                var (step, room) = (TimeSpan.FromMilliseconds(0.01), TimeSpan.FromHours(1));
                command.Parameters.Add(new NpgsqlParameter<TimeSpan[]> { TypedValue = [step, step] });
                command.Parameters.Add(new NpgsqlParameter<TimeSpan[]> { TypedValue = [room, room] });
                await command.ExecuteScalarAsync();
                Interlocked.Increment(ref count);
            }
        })));
        return count / watch.Elapsed.TotalSeconds;
    }
}
