using System.Diagnostics.Metrics;

namespace DirectoryPlatform.Kernel.Telemetry;

/// <summary>How often what waits in the database is counted.</summary>
public sealed record WaitingWorkSettings(TimeSpan Every);

/// <summary>
/// How much work waits in the database, and how long: told as gauges by every node, so that it is seen whichever of them are left. Looked
/// up beside the exporter, which asks without time for a query; a gauge says nothing while the database does not answer.
/// </summary>
sealed class WaitingWork : BackgroundService
{
    // No exact count where there are very many: the age says it.
    const string Sql = """
        select
          (select count(*) from (select from kernel.outbox limit 100000) f) as facts,
          coalesce((select extract(epoch from clock_timestamp() - at) from kernel.outbox order by seq limit 1), 0)::float8 as oldestFact,
          coalesce((select extract(epoch from clock_timestamp() - e.at) from kernel.audit_entry e, kernel.audit_sealed s
            where (e.xid, e.id) > (s.xid, s.id) order by e.xid, e.id limit 1), 0)::float8 as oldestUnsealed,
          (select count(*) from (select from kernel.mail where sent_at is null and undeliverable_at is null limit 100000) m) as mails,
          (select count(*) from kernel.job where state in (0, 1)) as jobs,
          (select count(*) from kernel.node where lives_until > clock_timestamp()) as nodes
        """;

    sealed record Seen
    {
        public long Facts { get; init; }
        public double OldestFact { get; init; }
        public double OldestUnsealed { get; init; }
        public long Mails { get; init; }
        public long Jobs { get; init; }
        public long Nodes { get; init; }
    }

    readonly NpgsqlDataSource _database;
    readonly WaitingWorkSettings _settings;
    readonly Meter _meter = new(Meters.Name);
    volatile Seen? _seen;

    public WaitingWork(NpgsqlDataSource database, WaitingWorkSettings settings)
    {
        (_database, _settings) = (database, settings);
        Gauge("directory.outbox.waiting", "{fact}", "Facts that wait for their listeners, 100,000 at most", s => s.Facts);
        Gauge("directory.outbox.oldest", "s", "Age of the oldest of them", s => s.OldestFact);
        Gauge("directory.audit.unsealed.oldest", "s", "Age of the oldest audit entry that is in no seal", s => s.OldestUnsealed);
        Gauge("directory.mail.waiting", "{mail}", "Emails that wait to be sent, 100,000 at most", s => s.Mails);
        Gauge("directory.jobs.open", "{job}", "Jobs that wait or run", s => s.Jobs);
        Gauge("directory.nodes", "{node}", "Nodes that live", s => s.Nodes);
    }

    void Gauge(string name, string unit, string about, Func<Seen, double> value) => _meter.CreateObservableGauge(name,
        () => _seen is { } seen ? (IEnumerable<Measurement<double>>)[new(Math.Max(0, value(seen)))] : [], unit, about);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try { _seen = (await _database.Rows<Seen>(Sql, ct: stoppingToken))[0]; }
            catch (Exception) { _seen = null; } // Others tell of it.
            try { await Task.Delay(_settings.Every, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }
}
