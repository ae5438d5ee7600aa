using System.Collections.Concurrent;

namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>
/// Keeps jobs going, on every node: looks for open ranges that nobody walks, takes its share of them and walks those. The rows say what
/// there is to do, so a range whose node died is found by the others once its lease is over.
/// </summary>
sealed class JobKeeper(
    RangeLeases leases, JobWorker worker, Node node, [FromKeyedServices(JobKeeper.WakeKey)] Wake wake, BackgroundSettings settings,
    NpgsqlDataSource database, Outage outage, ILogger<JobKeeper> log) : BackgroundService
{
    public const string WakeKey = "jobs";

    /// <summary>Ranges that a node walks at the same time (own choice): a job has two to four, so several jobs go on beside one
    /// another, and most of the node's connections stay for those who wait for a page.</summary>
    public const int AtOnce = 8;

    /// <summary>The same on a node with few connections: a chunk holds one while it is decided and written, and may want another.</summary>
    public static int Places(NpgsqlDataSource database) =>
        Math.Clamp(new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize / 5, 1, AtOnce);

    readonly int _places = Places(database);
    readonly ConcurrentDictionary<(Guid Job, int No), Walk> _walks = new();

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        try
        {
            while (true)
                try
                {
                    await Look(ct);
                    await wake.Wait(settings.Beat, ct);
                }
                catch (Exception broken) when (!ct.IsCancellationRequested)
                {
                    if (!outage.Explains(broken)) log.KeepingInterrupted(broken);
                    await Task.Delay(settings.Beat, ct);
                }
        }
        catch (Exception) when (ct.IsCancellationRequested) { }
        await Task.WhenAll(_walks.Values.Select(w => w.Done));
        // Unless the database is gone: then leases end by themselves.
        try { await leases.SignOff(); }
        catch (Exception later) { log.KeepingInterrupted(later); }
    }

    async Task Look(CancellationToken ct)
    {
        var walks = _walks.Values.ToList();
        var work = await leases.Look([.. walks.Select(w => w.Range.Key)], _places, ct);
        var share = RangeShares.Of(work, [.. walks.Select(w => w.Range)], _places);
        var taken = await leases.Take([.. share.Take.Select(r => r.Key)], ct);
        foreach (var range in share.Take.Where(r => taken.Contains(r.Key))) Begin(range, ct);
        // One after the other: the next look sees what became of this one.
        if (share.GiveBack is { } much && !walks.Any(w => w.Hold.GiveBack)) walks.Single(w => w.Range == much).Hold.GiveBack = true;
    }

    /// <summary>Begins to walk a range that this node holds. Nothing else knows who walks and where.</summary>
    void Begin(OpenRange range, CancellationToken ct)
    {
        var walk = new Walk(range, new(node.Id, range.Organization));
        _walks[range.Key] = walk;
        walk.Done = To(walk, ct);
    }

    async Task To(Walk walk, CancellationToken ct)
    {
        try { await worker.Run(walk.Range.Job, walk.Range.No, walk.Hold, ct); }
        catch (Exception) when (ct.IsCancellationRequested) { }
        catch (Exception failed)
        {
            if (!outage.Explains(failed)) log.WalkEnded(failed, walk.Range.Job, walk.Range.No);
        }
        try { await leases.GiveBack(walk.Range.Key); }
        catch (Exception later)
        {
            if (!outage.Explains(later)) log.KeepingInterrupted(later);
        }
        _walks.TryRemove(walk.Range.Key, out _);
        wake.Now();
    }

    sealed class Walk(OpenRange range, RangeHold hold)
    {
        public OpenRange Range => range;
        public RangeHold Hold => hold;
        public Task Done { get; set; } = Task.CompletedTask;
    }
}

/// <summary>Says on this node that a job's row is written. Nothing is lost with the word: every node looks by itself.</summary>
public sealed class JobScheduling([FromKeyedServices(JobKeeper.WakeKey)] Wake keeper)
{
    public void Start() => keeper.Now();
}
