using System.Diagnostics;
using System.Globalization;
using DirectoryPlatform.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>The turns of <see cref="TurnBench"/> on people who are signed in, and whether their facts keep up: sessions end, and in every
/// second measurement the deactivated are told by mail.</summary>
static class DeliveryBench
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), Warm = TimeSpan.FromSeconds(5);

    /// <param name="nodes">All in this process; the callers are shared out.</param>
    public static async Task Run(int accounts, int callers, int seconds, int nodes, int rounds)
    {
        await using var server = await BenchServer.Start();
        var kept = new List<double>();
        for (var round = 1; round <= rounds; round++)
            foreach (var letters in (bool[])[false, true])
            {
                var name = $"delivery{round}{(letters ? "letters" : "")}";
                var database = await server.Fresh(name);
                await TurnBench.Populate(database, accounts);
                await BenchServer.Run(database, """
                    insert into security.session (id, token_hash, account_id, kind, device, created_at, last_active_at, idle, ends_at,
                      proved_at, by_provider)
                    select gen_random_uuid(), decode(md5(a.id::text) || md5(a.id::text), 'hex'), a.id, 'browser', 'Firefox', now(), now(),
                      interval '1 day', now() + interval '1 day', now(), false from accounts.account a
                    """);
                await BenchServer.Run(database, "vacuum analyze");
                kept.Add(await Measure($"round {round}{(letters ? ", letters" : "")}", database, accounts, callers,
                    TimeSpan.FromSeconds(seconds), nodes, letters));
                await server.Drop(name);
            }
        Figures.Ratio(kept);
    }

    static async Task<double> Measure(string what, string database, int accounts, int callers, TimeSpan time, int nodes, bool letters)
    {
        var hosts = new List<IHost>();
        for (var n = 0; n < nodes; n++) hosts.Add(await BenchServer.Serve(database));
        await using var source = NpgsqlDataSource.Create(database);
        // Code is compiled before the clock starts.
        var deactivated = Enumerable.Range(0, callers).Select(_ => new HashSet<int>()).ToArray();
        await Call(Warm);
        await Empty();
        var written = await Number("select last_value from kernel.outbox_seq_seq");
        using var ended = new CancellationTokenSource();
        var watching = Watch(ended.Token);
        var watch = Stopwatch.StartNew();
        var turns = (await Call(time)).Sum(t => t.Count);
        var elapsed = watch.Elapsed.TotalSeconds;
        var left = await Number("select count(*) from kernel.outbox");
        await ended.CancelAsync();
        var ages = await watching;
        var facts = await Number("select last_value from kernel.outbox_seq_seq") - written;
        await Empty();
        var after = watch.Elapsed.TotalSeconds - elapsed;
        Figures.Row(what, ("turns a second", turns / elapsed), ("delivered", (facts - left) / elapsed),
            ("s oldest, median", Figures.Median(ages)), ("s oldest, worst", ages.Max()), ("s until none waits", after));
        foreach (var host in hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        return (facts - left) / (double)facts;

        // Each caller keeps to one node: two would not see each other's turns in order.
        async Task<List<double>[]> Call(TimeSpan during) => [.. (await Task.WhenAll(hosts.Select((host, n) => TurnBench.Call(
            host.Services.GetRequiredService<IGrains<Account, AccountFact>>(), accounts, deactivated, during, letters, n, nodes))))
            .SelectMany(times => times)];

        async Task<long> Number(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }

        async Task Empty()
        {
            while (await Number("select count(*) from (select from kernel.outbox limit 1) f") > 0) await Task.Delay(Look);
        }

        // Seconds that the oldest fact has waited, at each look.
        async Task<List<double>> Watch(CancellationToken ct)
        {
            var ages = new List<double>();
            await using var command = source.CreateCommand(
                "select coalesce((select extract(epoch from clock_timestamp() - at) from kernel.outbox order by seq limit 1), 0)");
            for (; !ct.IsCancellationRequested; await Task.Delay(Look, CancellationToken.None))
                ages.Add(Math.Max(0, Convert.ToDouble(await command.ExecuteScalarAsync(CancellationToken.None),
                    CultureInfo.InvariantCulture)));
            return ages;
        }
    }
}
