using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Checks;

/// <summary>
/// What was taken away on any node, as this one knows it (SPEC A9): the rows of <c>kernel.revocation</c>, which triggers write in the
/// transaction that takes something. While an answer is kept here they are read every quarter of a second, and at once after a command here
/// and when another node says so. What is kept counts only while the last look began less than <see cref="Oldest"/> ago, so that a stuck
/// loop, a lost database and a process that was frozen all end in reading the rows themselves.
/// </summary>
public sealed class Revocations(NpgsqlDataSource database, ILogger<Revocations> log) : ICache, IAsyncDisposable
{
    /// <summary>SPEC A9, by the clock of this process that only goes forward.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMilliseconds(750);

    /// <summary>Two looks may be lost within <see cref="Oldest"/> (decision 0060).</summary>
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <summary>Half of the time for which a row stays; after a longer pause, by the database's clock, rows may be gone and all is
    /// forgotten.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What has ended is taken out now and then; when nothing is left, nobody looks any more.</summary>
    const int LooksBetweenSweeps = 20;

    /// <summary>A look that takes longer is no use.</summary>
    const int Patience = 2;

    // A transaction that was open at the last look may commit with an id that is older than others seen there: what counts is what that
    // look could not see. The index goes by the oldest that was open.
    const string Sql = """
        select pg_current_snapshot()::text, clock_timestamp(), array(
          select distinct unnest(subjects) from kernel.revocation
          where xid >= pg_snapshot_xmin($1::text::pg_snapshot) and not pg_visible_in_snapshot(xid, $1::text::pg_snapshot))
        """;

    readonly Lock _gate = new();
    readonly CancellationTokenSource _stop = new();
    CancellationTokenSource? _sleep;
    IFollowed[] _kept = [];
    Task _current = Task.CompletedTask, _loop = Task.CompletedTask;
    Task? _next;
    bool _awake, _failed;
    volatile bool _follows;
    long _drops, _found, _lookBegan;
    string? _seen;
    DateTime _seenAt;

    /// <summary>When the last look that ended began, as a timestamp of <see cref="Stopwatch"/>; 0 while none counts.</summary>
    internal long LookBegan => Volatile.Read(ref _lookBegan);

    /// <summary>How often anything was dropped: a row that was read before a drop and is kept after it may be older than it.</summary>
    internal long Drops => Volatile.Read(ref _drops);

    /// <summary>How many looks have found something.</summary>
    internal long Found => Volatile.Read(ref _found);

    /// <summary>Whether anything may be kept here: otherwise there is nothing to look for.</summary>
    internal bool IsAwake
    {
        get { lock (_gate) return _awake; }
    }

    internal static bool Counts(long lookBegan) => lookBegan != 0 && Stopwatch.GetElapsedTime(lookBegan) < Oldest;

    internal void Add(IFollowed kept)
    {
        lock (_gate) _kept = [.. _kept, kept];
    }

    /// <summary>Whether what is kept now is followed; begins the looks where nothing was kept before.</summary>
    internal bool Follow()
    {
        if (_follows) return true;
        lock (_gate)
        {
            if (_awake || _stop.IsCancellationRequested) return _follows;
            _awake = true;
            // It outlives whoever asked first.
            var sleep = _sleep = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            using (ExecutionContext.SuppressFlow()) _loop = Task.Run(() => Loop(sleep), CancellationToken.None);
            return false;
        }
    }

    /// <summary>Ends after a look that began after the call: what was committed before it is dropped then. Those who wait at the same time
    /// share one.</summary>
    public Task LookFromNow()
    {
        lock (_gate) return _awake ? _next ??= Next(_current) : Task.CompletedTask;
    }

    /// <summary>Nothing that is kept counts until a look has succeeded: one has failed that was to find what was taken away here.</summary>
    internal void Distrust() => Volatile.Write(ref _lookBegan, 0);

    public void Forget()
    {
        Distrust();
        Interlocked.Increment(ref _drops);
        foreach (var kept in Volatile.Read(ref _kept)) kept.Drop(null);
    }

    async Task Next(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate) (_current, _next) = (_next!, null);
        await Look();
    }

    async Task Look()
    {
        var began = Stopwatch.GetTimestamp();
        string snapshot;
        DateTime at;
        Guid[] gone;
        try { (snapshot, at, gone) = await Read(); }
        catch
        {
            // After a crash, or on the copy that takes over, ids that were seen may be given to others.
            _seen = null;
            throw;
        }
        var anew = _seen is null || at - _seenAt > LongestPause || at < _seenAt;
        if (anew || gone.Length > 0)
        {
            Interlocked.Increment(ref _drops);
            foreach (var kept in Volatile.Read(ref _kept)) kept.Drop(anew ? null : gone);
            Interlocked.Increment(ref _found);
        }
        (_seen, _seenAt, _failed) = (snapshot, at, false);
        Volatile.Write(ref _lookBegan, began);
        _follows = true;
    }

    async Task<(string Snapshot, DateTime At, Guid[] Gone)> Read()
    {
        await using var command = database.CreateCommand(Sql);
        command.CommandTimeout = Patience;
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)_seen ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(_stop.Token);
        await row.ReadAsync(_stop.Token);
        return (row.GetString(0), row.GetDateTime(1), row.GetFieldValue<Guid[]>(2));
    }

    async Task Loop(CancellationTokenSource sleep)
    {
        using var _ = sleep;
        for (var look = 1; ; look++)
        {
            try
            {
                await LookFromNow();
                await Task.Delay(Every, sleep.Token);
            }
            catch (OperationCanceledException) when (sleep.IsCancellationRequested) { return; }
            catch (Exception failed)
            {
                // Said once: the database is away for all.
                if (!_failed) log.RevocationsNotRead(failed);
                _failed = true;
                await Task.Delay(Every, sleep.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (sleep.IsCancellationRequested) return;
            }
            if (look % LooksBetweenSweeps == 0 && Volatile.Read(ref _kept).Sum(kept => kept.Sweep()) == 0 && Sleeps()) return;
        }
    }

    bool Sleeps()
    {
        lock (_gate)
        {
            if (!_current.IsCompleted || _next is not null) return false;
            // What is kept at this very moment does not count, and the first look after this drops it.
            (_awake, _follows, _seen) = (false, false, null);
            Distrust();
            _sleep!.Cancel();
            return true;
        }
    }

    /// <summary>Ends the looks, for a node that rests between two tests.</summary>
    internal async Task Rest()
    {
        while (IsAwake)
        {
            Forget();
            await LookFromNow().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Sleeps()) await _loop;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Found by its own type and as a cache, it may be told so twice.
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _loop;
        Task current;
        lock (_gate) current = _next ?? _current;
        await current.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}

/// <summary>Answers that are kept as long as nothing says otherwise.</summary>
interface IFollowed
{
    /// <param name="subjects">What is filed under any of them goes; null for everything.</param>
    void Drop(Guid[]? subjects);

    /// <summary>Takes out what has ended.</summary>
    /// <returns>How many answers are left.</returns>
    int Sweep();
}
