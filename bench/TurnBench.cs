using System.Diagnostics;
using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>Deactivate and reactivate on random accounts by many callers: by grains, by the direct turn on the database alone, and by
/// pgbench, which runs the statements of one such turn with as many clients; in one run, round by round. All work on the same accounts:
/// those that grains remember (warm), as an admin's do while the work lasts, or ten times as many (cold), so that most turns begin with a
/// grain that has to read its row.</summary>
static class TurnBench
{
    static readonly OrganizationId Organization = new(new Guid("01900000-0000-7000-8000-00000000beef"));

    /// <summary>One way of taking turns, round by round.</summary>
    sealed class Way(string name)
    {
        public string Name => name;
        public List<double> Rates { get; } = [];
        public List<double> P99 { get; } = [];
    }

    /// <param name="accounts">That the grains remember.</param>
    public static async Task Run(int accounts, IReadOnlyList<int> callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("turns");
        await Populate(database, accounts * Cold);
        IEnumerable<double> ratios = [];
        // Code is compiled before the clock starts, as pgbench's was long ago.
        foreach (var byGrain in (bool[])[true, false])
            await Turns(database, byGrain, accounts, callers[^1], isWarm: true, TimeSpan.FromSeconds(2));
        await Clean(database);
        foreach (var many in callers)
        {
            var (grain, direct, cold) = (new Way("grain, warm"), new Way("direct turn"), new Way("grain, cold"));
            var baseline = new List<double>();
            for (var round = 1; round <= rounds; round++)
            {
                // Whoever comes first in a round finds the newest table: they take it in turns.
                Way[] ways = round % 2 == 1 ? [grain, direct, cold] : [cold, direct, grain];
                foreach (var way in ways)
                {
                    var (rate, p50, p99, cpu) = await Turns(database, way != direct, way == cold ? accounts * Cold : accounts, many,
                        isWarm: way != cold, TimeSpan.FromSeconds(seconds));
                    way.Rates.Add(rate);
                    way.P99.Add(p99);
                    Figures.Row($"{many} callers, round {round}: {way.Name}", ("a second", rate), ("ms p50", p50), ("ms p99", p99),
                        ("us of own CPU", cpu));
                    await Clean(database);
                }
                baseline.Add(await PgBench(database, accounts, many, seconds));
                Figures.Row($"{many} callers, round {round}: pgbench", ("a second", baseline[^1]));
                await Clean(database);
            }
            foreach (var way in (Way[])[grain, direct, cold])
                Figures.Row($"{many} callers: {way.Name}, median", ("a second", Figures.Median(way.Rates)), ("lowest", way.Rates.Min()),
                    ("highest", way.Rates.Max()), ("ms p99", Figures.Median(way.P99)));
            Figures.Row($"{many} callers: pgbench, median", ("a second", Figures.Median(baseline)), ("lowest", baseline.Min()),
                ("highest", baseline.Max()));
            Figures.Row($"{many} callers: grain to direct turn", ("times", Figures.Median(grain.Rates) / Figures.Median(direct.Rates)));
            ratios = grain.Rates.Zip(baseline, (ours, pgbench) => ours / pgbench);
            Figures.Row($"{many} callers: grain to pgbench", ("times", Figures.Median(ratios)));
        }
        Figures.Ratio(ratios);
    }

    const int Cold = 10;

    internal static async Task Populate(string database, int accounts)
    {
        await BenchServer.Run(database, $"""
            insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by,
              claimed_at, created_at)
            select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'person' || n || '@bench.example', 'bench.example',
              'Person ' || n, 'person ' || n, 1, true, '{Organization}', now(), now()
            from generate_series(1, {accounts}) n
            """);
        await BenchServer.Run(database, "vacuum analyze");
    }

    static async Task Clean(string database)
    {
        await BenchServer.Run(database, """
            truncate kernel.outbox, kernel.audit_entry;
            update accounts.account set version = 1, state = 1, deactivation_reason = null
            """);
        await BenchServer.Run(database, "vacuum full analyze accounts.account");
        await BenchServer.Run(database, "checkpoint");
    }

    static async Task<(double Rate, double P50, double P99, double Cpu)> Turns(string database, bool byGrain, int accounts, int callers,
        bool isWarm, TimeSpan time)
    {
        using var host = await BenchServer.Serve(database);
        IGrains<Account, AccountFact> grains = byGrain
            ? host.Services.GetRequiredService<IGrains<Account, AccountFact>>()
            : host.Services.GetRequiredService<PostgresGrains<Account, AccountFact>>();
        var deactivated = Enumerable.Range(0, callers).Select(_ => new HashSet<int>()).ToArray();
        if (isWarm) await Warm(grains, accounts, deactivated);
        else await Call(grains, accounts, deactivated, TimeSpan.FromSeconds(2));
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var times = await Call(grains, accounts, deactivated, time);
        var (all, elapsed) = (times.SelectMany(t => t).ToList(), watch.Elapsed.TotalSeconds);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await host.StopAsync();
        return (all.Count / elapsed, Figures.Percentile(all, 0.5), Figures.Percentile(all, 0.99), cpu.TotalMicroseconds / all.Count);
    }

    /// <summary>Every account has its turn, so that its grain lives.</summary>
    static async Task Warm(IGrains<Account, AccountFact> grains, int accounts, HashSet<int>[] deactivated)
    {
        var (origin, share) = (new Origin(null, "bench"), accounts / deactivated.Length);
        foreach (var some in Enumerable.Range(1, share * deactivated.Length).Chunk(64))
            await Task.WhenAll(some.Select(n =>
            {
                deactivated[(n - 1) / share].Add(n);
                return grains.Turn(new DeactivateAccount(new(Id(n)), Organization, "bench", null, false, origin));
            }));
    }

    /// <param name="deactivated">For each caller the accounts that are deactivated now.</param>
    /// <param name="letters">Whether the deactivated are told by mail.</param>
    /// <returns>For each caller the milliseconds of its turns.</returns>
    internal static Task<List<double>[]> Call(IGrains<Account, AccountFact> grains, int accounts, HashSet<int>[] deactivated,
        TimeSpan time, bool letters = false, int node = 0, int nodes = 1)
    {
        var origin = new Origin(null, "bench");
        var watch = Stopwatch.StartNew();
        var calling = deactivated.Select((mine, caller) => (mine, caller)).Where(c => c.caller % nodes == node);
        return Task.WhenAll(calling.Select(c => Task.Run(async () =>
        {
            var (mine, caller) = c;
            // Random accounts out of the caller's own share, so that it knows which of the two commands is open: pgbench's statements are
            // never refused either.
            var (random, share, taken) = (new Random(), accounts / deactivated.Length, new List<double>());
            while (watch.Elapsed < time)
            {
                var n = 1 + caller * share + random.Next(share);
                var account = new AccountId(Id(n));
                AccountCommand command = mine.Add(n)
                    ? new DeactivateAccount(account, Organization, "bench", null, letters, origin)
                    : new ReactivateAccount(account, Organization, origin);
                if (command is ReactivateAccount) mine.Remove(n);
                var began = Stopwatch.GetTimestamp();
                if (!(await grains.Turn(command)).Granted) throw new InvalidOperationException($"{command} was refused");
                taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return taken;
        })));
    }

    static Guid Id(int n) => new($"01900000-0000-7000-8000-{n:x12}");

    static async Task<double> PgBench(string database, int accounts, int callers, int seconds)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, Script(accounts));
        try
        {
            var c = new NpgsqlConnectionStringBuilder(database);
            var start = new ProcessStartInfo("pgbench") { RedirectStandardOutput = true, RedirectStandardError = true };
            // Debian keeps it beside the server, off the PATH.
            if (Directory.Exists("/usr/lib/postgresql"))
                start.FileName = Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", "pgbench"))
                    .Where(File.Exists).Order().LastOrDefault() ?? "pgbench";
            string[] arguments = ["-n", "-M", "prepared", "-c", $"{callers}", "-j", "2", "-T", $"{seconds}", "-f", script, "-h", c.Host!,
                "-U", c.Username ?? "postgres", c.Database!];
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            var line = (await output).Split('\n').FirstOrDefault(l => l.StartsWith("tps = ", StringComparison.Ordinal))
                ?? throw new InvalidOperationException(
                    $"pgbench failed: {string.Join(Environment.NewLine, (await errors).Split('\n').Take(5))}");
            return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
        }
        finally { File.Delete(script); }
    }

    /// <summary>One turn's statements for one account: read and lock, save fenced by the version, fact, audit entry, commit.</summary>
    static string Script(int accounts) => $"""
        \set n random(1, {accounts})
        \set entry random(1, 9000000000000000)
        begin;
        select id, version, email, name, state, email_verified, managed_by, claimed_at, created_at, deletion_due_at, deactivation_reason,
            deactivation_message, admin_of, excluded_by
          from accounts.account where id = any(array[('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid])
          order by id for update;
        with saved as (
          update accounts.account a
            set version = a.version + 1, state = case a.state when 1 then 2 else 1 end, deactivation_reason = 'bench'
            where id = ('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid and version > 0 returning 1)
          select kernel.expect(1, count(*)) from saved;
        insert into kernel.outbox (stream, type, payload, at)
          values (('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, 'AccountReactivated', '{JsonFact}', now());
        insert into kernel.audit_entry
            (id, at, organization_id, actor_id, subject_id, action, means, fact, before, after, personal)
          values (gen_random_uuid(), now(), '{Organization}', null,
            ('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, 'AccountDeactivated', 'bench',
            '{JsonFact}', '{JsonState}', '{JsonState}', '{JsonState}');
        commit;
        """;

    static string JsonFact =>
        $$"""{"account": "01900000-0000-7000-8000-000000000001", "at": "2026-01-01", "by": "{{Organization}}", "notify": false}""";
    const string JsonState = """{"state": "Active"}""";
}
