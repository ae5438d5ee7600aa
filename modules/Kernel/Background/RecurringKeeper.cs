using System.Collections.Concurrent;

namespace DirectoryPlatform.Kernel.Background;

/// <summary>
/// Does every <see cref="IRecurring"/> when it is due, on one node at a time: whoever changes its row first. When a node dies at it,
/// another one begins it again; when one froze and wakes, two may be at it for a moment.
/// </summary>
sealed class RecurringKeeper(
    RecurringRows rows, IEnumerable<IRecurring> recurring, BackgroundSettings settings, Outage outage, ILogger<RecurringKeeper> log)
    : BackgroundService
{
    /// <summary>So that one that takes minutes holds up no other (own choice).</summary>
    const int AtOnce = 4;

    readonly Dictionary<string, IRecurring> _known = recurring.ToDictionary(r => r.Name, StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        try
        {
            while (true)
                try
                {
                    await rows.Register(_known.Values, ct);
                    while (true)
                    {
                        await Look(ct);
                        await Task.Delay(settings.Beat, ct);
                    }
                }
                catch (Exception broken) when (!ct.IsCancellationRequested)
                {
                    if (!outage.Explains(broken)) log.KeepingInterrupted(broken);
                    await Task.Delay(settings.Beat, ct);
                }
        }
        catch (Exception) when (ct.IsCancellationRequested) { }
        await Task.WhenAll(_running.Values);
    }

    async Task Look(CancellationToken ct)
    {
        foreach (var (name, run) in _running)
            if (run.IsCompleted) _running.TryRemove(name, out _);
        string[] running = [.. _running.Keys];
        string[] idle = [.. _known.Keys.Except(running, StringComparer.Ordinal)];
        foreach (var name in await rows.Take(running, idle, AtOnce - running.Length, ct))
            _running[name] = Run(_known[name], ct);
    }

    async Task Run(IRecurring work, CancellationToken ct)
    {
        var done = true;
        try { await work.Run(ct); }
        catch (Exception) when (ct.IsCancellationRequested) { done = false; }
        catch (Exception failed)
        {
            if (!outage.Explains(failed)) log.RecurringFailed(failed, work.Name);
        }
        // Otherwise the lease ends by itself, and it is done once more.
        try { await (done ? rows.Done(work) : rows.GiveBack(work)); }
        catch (Exception later)
        {
            if (!outage.Explains(later)) log.KeepingInterrupted(later);
        }
    }
}
