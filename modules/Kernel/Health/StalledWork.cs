using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Health;

/// <summary>When work that waits and does not move is told of (own choices): longer than a node that died, a job's last try and an email's
/// pause take.</summary>
sealed record StalledWorkSettings
{
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(2);
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>
/// What stands still of the work that nobody waits for (SPEC R6): the outbox, the mail queue, sealing, the ranges of jobs. Not how old or
/// how much it is, for a great job leaves much, but whether its first place has moved since it was last looked at. Looked at by this node,
/// and measured by this machine's own stopwatch: the installation's clock can be moved.
/// </summary>
public sealed class StalledWork : BackgroundService
{
    // Each by an index that holds what waits and little else; "order by" keeps the planner on it.
    const string Heads = """
        select
          (select concat(seq, '.', heard) from kernel.outbox order by seq limit 1) as fact,
          coalesce((select true from kernel.mail where sent_at is null and undeliverable_at is null
            order by can_wait, next_at limit 1), false) as mailWaits,
          (select id::text from kernel.mail where sent_at is null and undeliverable_at is null and next_at <= @now
            order by can_wait, next_at limit 1) as dueMail,
          (select concat(s.xid, '.', s.id) from kernel.audit_sealed s cross join lateral (
            select from kernel.audit_entry e where (e.xid, e.id) > (s.xid, s.id) order by e.xid, e.id limit 1) unsealed) as seal
        """;

    // While all places of all nodes are taken, a range that nobody walks waits for its turn. Whose node lives is walked, whatever its lease
    // says: a chunk that is being written locks the row, so that a lease which is shorter than the chunk is not renewed meanwhile.
    const string Ranges = """
        with unfinished as (
          select r.job_id, r.no, r.done, r.cursor,
            exists (select from kernel.node n where n.id = r.holder and n.lives_until > clock_timestamp()) as held
          from kernel.job j join kernel.job_range r on r.job_id = j.id where j.state in (0, 1) and not r.finished)
        select concat(job_id, '.', no) as what, concat(done, '.', cursor) as place from unfinished
        where held or (select count(*) from unfinished where held)
          < @places * greatest(1, (select count(*) from kernel.node where lives_until > clock_timestamp()))
        order by held desc, job_id, no limit 1000
        """;

    sealed record Head
    {
        public string? Fact { get; init; }
        public bool MailWaits { get; init; }
        public string? DueMail { get; init; }
        public string? Seal { get; init; }
    }

    sealed record OpenPlace
    {
        public string What { get; init; } = "";
        public string Place { get; init; } = "";
    }

    const string OfFacts = "The outbox stands still", OfMail = "The mail queue stands still",
        OfSealing = "Sealing of the audit log stands still", OfJobs = "A job stands still";

    readonly NpgsqlDataSource _database;
    readonly TimeProvider _clock;
    readonly StalledWorkSettings _settings;
    readonly MailSettings _mail;
    readonly MailServerState _server;
    Dictionary<(string Kind, string What), (string Place, long Since)> _seen = [];
    volatile IReadOnlyList<string> _reasons = [];

    internal StalledWork(NpgsqlDataSource database, TimeProvider clock, StalledWorkSettings settings, MailSettings mail,
        MailServerState server) =>
        (_database, _clock, _settings, _mail, _server) = (database, clock, settings, mail, server);

    /// <summary>A sentence for each, which names nobody: strangers may read it.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try { await Look(stoppingToken); }
            // Nobody knows what moved meanwhile; that the database is away is told by its own check.
            catch (Exception) { (_seen, _reasons) = ([], []); }
            try { await Task.Delay(_settings.Every, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    async Task Look(CancellationToken ct)
    {
        var (now, seen) = (Stopwatch.GetTimestamp(), new Dictionary<(string Kind, string What), (string Place, long Since)>());
        var waiting = (await _database.Rows<Head>(Heads, new { now = _clock.GetUtcNow().UtcDateTime }, ct))[0];
        var gone = _server.IsGone && waiting.MailWaits;
        See(OfFacts, "", waiting.Fact);
        // A node that sends slowly has borrowed many at once, and what comes behind them is first for minutes.
        See(OfMail, "", gone ? "gone" : waiting.DueMail is { } due ? $"{due}.{_server.Tries}" : null);
        See(OfSealing, "", waiting.Seal);
        foreach (var range in await _database.Rows<OpenPlace>(Ranges, new { places = JobKeeper.Places(_database) }, ct))
            See(OfJobs, range.What, range.Place);
        _seen = seen;
        _reasons = [.. seen.Where(s => Stopwatch.GetElapsedTime(s.Value.Since, now) >= _settings.After).GroupBy(s => s.Key.Kind)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} for {Longest(kind.Select(s => s.Value.Since)):0} s")
                + kind.Key switch
                {
                    OfMail when gone => ": the mail server cannot be used.",
                    OfMail when _mail is { Host: null, Mailbox: false } => ": no mail server is set (Mail:Smtp:Host).",
                    OfJobs when kind.Count() > 1 => $": {kind.Count()} parts.",
                    _ => ".",
                })];

        void See(string kind, string what, string? place)
        {
            if (place is null) return;
            seen[(kind, what)] = _seen.TryGetValue((kind, what), out var before) && before.Place == place ? before : (place, now);
        }

        double Longest(IEnumerable<long> since) => Stopwatch.GetElapsedTime(since.Min(), now).TotalSeconds;
    }
}
