namespace DirectoryPlatform.Kernel.Live;

/// <summary>What somebody who looks at an organization's pages can be told of.</summary>
[Flags]
public enum LiveTopics
{
    None = 0,

    /// <summary>Something was changed, whatever it is: each change is in the audit log.</summary>
    Changes = 1,

    /// <summary>A job goes on, began or ended.</summary>
    Jobs = 2,
}

/// <summary>
/// That something has changed in organizations whose pages somebody looks at, on whatever node it was done. While anybody watches on this
/// node, one statement a second looks for all of them together, and at once after a command here and when another node says that something
/// was taken away (<c>OtherNodes</c>). Nothing rests on it but that a page shows the present: whoever watches is told too often or a
/// second late, and reads the page itself.
/// </summary>
public sealed class LiveChanges(NpgsqlDataSource database, ILogger<LiveChanges> log) : IAsyncDisposable
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Commands of a busy node are looked for together.</summary>
    static readonly TimeSpan MostOften = TimeSpan.FromMilliseconds(100);

    /// <summary>A look that takes longer is no use.</summary>
    const int Patience = 2;

    /// <summary>Of the newest entries: one that commits later than a younger one is among them as well, unless so many more came in
    /// between.</summary>
    const int Newest = 20;

    const string Sql = """
        select o.id, e.ids, e.at,
          (select count(distinct j.id)::text || ' ' || coalesce(sum(r.done), 0)
            from kernel.job j left join kernel.job_range r on r.job_id = j.id where j.organization_id = o.id and j.state in (0, 1))
        from unnest($1::uuid[]) o(id) cross join lateral (
          select coalesce(string_agg(x.id::text, ' '), '') as ids, coalesce(max(x.at), '-infinity') as at from (
            select id, at from kernel.audit_entry where organization_id = o.id order by at desc, id desc limit $2) x) e
        """;

    readonly Lock _gate = new();
    readonly Dictionary<Guid, Watched> _watched = [];
    readonly Wake _soon = new();
    readonly CancellationTokenSource _stop = new();
    Task _loop = Task.CompletedTask;
    bool _runs, _failed;

    /// <summary>How many statements were sent, for whoever measures.</summary>
    internal long Looks { get; private set; }

    /// <summary>To be disposed of by whoever looks no longer.</summary>
    /// <param name="since">What was changed after this is told at once; null for what changes from now on.</param>
    public LiveWatch Watch(Guid organization, DateTimeOffset? since = null)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(organization, out var watched)) _watched[organization] = watched = new();
            var watch = new LiveWatch(this, organization) { Since = since };
            watched.By.Add(watch);
            _soon.Now();
            if (!_runs && !_stop.IsCancellationRequested)
            {
                _runs = true;
                // It outlives whoever came first.
                using (ExecutionContext.SuppressFlow()) _loop = Task.Run(Loop, CancellationToken.None);
            }
            return watch;
        }
    }

    /// <summary>Something may have changed just now.</summary>
    public void LookSoon()
    {
        if (_runs) _soon.Now();
    }

    internal void End(LiveWatch watch)
    {
        lock (_gate)
            if (_watched.TryGetValue(watch.Organization, out var watched) && watched.By.Remove(watch) && watched.By.Count == 0)
                _watched.Remove(watch.Organization);
    }

    async Task Loop()
    {
        while (true)
        {
            Guid[] organizations;
            lock (_gate)
            {
                organizations = [.. _watched.Keys];
                if (organizations.Length == 0 || _stop.IsCancellationRequested)
                {
                    _runs = false;
                    return;
                }
            }
            try
            {
                await Look(organizations);
                await Task.Delay(MostOften, _stop.Token);
                await _soon.Wait(Every, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
            catch (Exception failed)
            {
                // Said once: the database is away for all.
                if (!_failed) log.ChangesNotRead(failed);
                _failed = true;
                await Task.Delay(Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task Look(Guid[] organizations)
    {
        await using var command = database.CreateCommand(Sql);
        command.CommandTimeout = Patience;
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = organizations });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Newest });
        await using var row = await command.ExecuteReaderAsync(_stop.Token);
        Looks++;
        while (await row.ReadAsync(_stop.Token))
        {
            var (entries, jobs) = ((row.GetString(1), row.GetDateTime(2)), row.GetString(3));
            lock (_gate)
                if (_watched.TryGetValue(row.GetGuid(0), out var watched)) watched.Saw(entries, jobs);
        }
        _failed = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    sealed class Watched
    {
        /// <summary>No job goes on, and none has done anything.</summary>
        const string NoJobs = "0 0";

        ((string Ids, DateTime At) Entries, string Jobs)? _last;

        public HashSet<LiveWatch> By { get; } = [];

        /// <param name="entries">The ids of the newest, and the time of the newest one.</param>
        public void Saw((string Ids, DateTime At) entries, string jobs)
        {
            var topics = _last is not { } last ? LiveTopics.None
                : (last.Entries == entries ? LiveTopics.None : LiveTopics.Changes)
                    | (last.Jobs == jobs ? LiveTopics.None : LiveTopics.Jobs);
            foreach (var watch in By)
            {
                watch.Tell(topics);
                if (watch.Since is not { } since) continue;
                watch.Tell((entries.At >= since.UtcDateTime ? LiveTopics.Changes : LiveTopics.None)
                    | (jobs == NoJobs ? LiveTopics.None : LiveTopics.Jobs));
                watch.Since = null;
            }
            _last = (entries, jobs);
        }
    }
}

/// <summary>One who looks at an organization's pages.</summary>
public sealed class LiveWatch : IDisposable
{
    readonly LiveChanges _changes;
    int _topics;

    internal LiveWatch(LiveChanges changes, Guid organization) => (_changes, Organization) = (changes, organization);

    internal Guid Organization { get; }

    /// <summary>Until the first look.</summary>
    internal DateTimeOffset? Since { get; set; }

    internal void Tell(LiveTopics topics) => Interlocked.Or(ref _topics, (int)topics);

    /// <summary>What has changed since the last time.</summary>
    public LiveTopics Take() => (LiveTopics)Interlocked.Exchange(ref _topics, 0);

    public void Dispose() => _changes.End(this);
}
