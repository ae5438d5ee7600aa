using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Storage;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>What the grains of a process share.</summary>
sealed record CountParts(TimeProvider Clock, ILogger<CountGrain> Log);

/// <summary>One key's count in a grain.</summary>
sealed class KeptCount : KeyCount
{
    /// <summary>Ticks that have been added since the last write, and those that a write under way takes along.</summary>
    public long Fresh, Sent;
}

/// <summary>
/// Counts in memory and writes once a second what will still say something by then: a node that is killed loses the tries of a second, and
/// counts that were at rest within <see cref="Worth"/>. Single activation is not relied on: two nodes that count the same slice, such as
/// silos that are alone on one database, add to each other's counts whenever one of them writes.
/// </summary>
[GrainType("counts"), Reentrant, RandomPlacement]
sealed class CountGrain([PersistentState("counts", CountStorage.Name)] IPersistentState<SavedCounts> saved, CountParts parts,
    LiveGrains live, ILocalSiloDetails silo) : Grain, ICountGrain, ILiveGrain
{
    /// <summary>Of one slice (own choice): some 600 KB, and 100 KB in the database.</summary>
    internal const int Most = 4_096;

    /// <summary>How often what is new is written (own choice).</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>What is at rest sooner is not written: nobody could read it before (own choice).</summary>
    internal static readonly TimeSpan Worth = TimeSpan.FromSeconds(10);

    static readonly TimeSpan MostOften = TimeSpan.FromMilliseconds(10);

    const int MaxAttempts = 3;

    readonly Counts<KeptCount> _counts = new(Most);
    volatile bool _forget;
    bool _isWriting;

    long Now => parts.Clock.GetUtcNow().UtcTicks;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        live.Add(this.GetGrainId(), this);
        Merge();
        this.RegisterGrainTimer(_ => Save(), new GrainTimerCreationOptions(Beat, Beat) { Interleave = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        live.Remove(this.GetGrainId(), this);
        // A write that is under way has not taken along what came since it began.
        while (_isWriting && !cancellationToken.IsCancellationRequested) await Task.Delay(MostOften, CancellationToken.None);
        await Save();
    }

    void ILiveGrain.Forget() => _forget = true;

    void ForgetNow()
    {
        if (!_forget) return;
        _forget = false;
        _counts.Clear();
    }

    public ValueTask<Taken> Take(Asked asked)
    {
        ForgetNow();
        var (now, rate) = (Now, new Rate(asked.Step, asked.Room));
        var count = _counts.Of(asked.Key, now);
        var before = Math.Max(count.Rest, now);
        var (granted, rest) = rate.Take(count.Rest, asked.Wanted, asked.Before, now);
        count.Fresh += Math.Max(0, rest - before);
        count.Rest = rest;
        return new(new Taken(granted, granted > 0 ? TimeSpan.Zero : rate.Wait(rest, now), silo.SiloAddress));
    }

    async Task Save()
    {
        ForgetNow();
        if (_isWriting) return;
        _isWriting = true;
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts && await Write(); attempt++) await Read();
        }
        catch (Exception failed) { parts.Log.CountsNotWritten(failed.GetType().Name); }
        finally { _isWriting = false; }
    }

    /// <returns>True when another activation has written since, so that it has to be read first.</returns>
    async Task<bool> Write()
    {
        var from = Now + Worth.Ticks;
        var worth = _counts.All.Where(c => c.Value.Rest > from).ToList();
        if (worth.Count == 0 ? !saved.RecordExists : worth.TrueForAll(c => c.Value.Fresh == 0)) return false;
        foreach (var (_, count) in worth) (count.Sent, count.Fresh) = (count.Sent + count.Fresh, 0);
        try
        {
            if (worth.Count == 0) await saved.ClearStateAsync();
            else
            {
                saved.State = SavedCounts.Of(worth.ConvertAll(c => (c.Key, c.Value.Rest)));
                await saved.WriteStateAsync();
            }
            foreach (var (_, count) in worth) count.Sent = 0;
            return false;
        }
        catch (InconsistentStateException)
        {
            Unsend();
            return true;
        }
        catch
        {
            Unsend();
            throw;
        }

        void Unsend()
        {
            foreach (var (_, count) in worth) (count.Fresh, count.Sent) = (count.Fresh + count.Sent, 0);
        }
    }

    async Task Read()
    {
        await saved.ReadStateAsync();
        Merge();
    }

    /// <summary>What others have counted, and on top of it what this grain has since its last write.</summary>
    void Merge()
    {
        var now = Now;
        foreach (var (key, rest) in saved.State.All())
        {
            if (rest <= now) continue;
            var mine = _counts.Of(key, now);
            mine.Rest = Math.Max(rest, mine.Rest - mine.Fresh) + mine.Fresh;
        }
    }
}
