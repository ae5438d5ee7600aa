using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>One key as a node sees it: its own count, which decides while no grain answers, and what the grain has said.</summary>
sealed class OwnCount : KeyCount
{
    /// <summary>Until then the grain has nothing more to give.</summary>
    public long ClosedTo;

    /// <summary>Questions that the grain has granted and nobody has asked yet, and until when they hold.</summary>
    public int Leased;
    public long LeaseEnds;

    /// <summary>How many were wanted last, and when; how many calls are under way.</summary>
    public int Wanted = 1, Asking;
    public long AskedAt;

    /// <summary>Let in by this node alone: the grain counts them when it answers again.</summary>
    public int Unreported;
}

/// <summary>
/// How often something is asked, on all nodes together (SPEC S11, P4): grains count (<see cref="CountGrain"/>), each a slice of all keys.
/// When none answers in time, this node's own count decides, and the grain is told later.
/// </summary>
public sealed class SharedCounts(LocalSilo silo, TimeProvider clock) : ICache
{
    /// <summary>So many grains, and rows, whatever is asked (own choice): enough for several nodes to have a share of the work.</summary>
    internal const int Slices = 16;

    /// <summary>SPEC S11: after so long this node decides.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Keys that a node remembers, some 120 bytes each (own choice).</summary>
    internal const int Most = 20_000;

    /// <summary>What was granted at once and is not asked within this time lapses; a key that asks often is granted twice as many, when the
    /// last ones were asked within a tenth of it.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly Counts<OwnCount> _own = new(Most);
    readonly SilentSilos _silent = new();
    readonly long _began = clock.GetTimestamp();

    /// <summary>Of this node alone, and never set.</summary>
    long Now => clock.GetElapsedTime(_began).Ticks;

    /// <param name="key">A digest of what is counted.</param>
    /// <param name="atOnce">A key that asks often is granted up to so many questions at once; 1 where each has to be known.</param>
    /// <param name="patience">What is left of <see cref="Patience"/>, where several counts are asked for one request.</param>
    /// <returns>How long to wait; null when the way is free.</returns>
    public ValueTask<TimeSpan?> Take(Guid key, Rate rate, int atOnce, TimeSpan patience, CancellationToken ct)
    {
        lock (_gate)
        {
            var (now, own) = (Now, _own.Of(key, Now));
            // A refusal is not asked for again: floods end here.
            if (own.ClosedTo - now > TimeSpan.TicksPerMillisecond) return new(TimeSpan.FromTicks(own.ClosedTo - now));
            if (own.Leased > 0 && now < own.LeaseEnds)
            {
                own.Leased--;
                return new((TimeSpan?)null);
            }
        }
        return silo.Now is { } there && patience > TimeSpan.Zero ? Ask(there, key, rate, atOnce, patience, ct) : new(Alone(key, rate));
    }

    async ValueTask<TimeSpan?> Ask(RunningSilo there, Guid key, Rate rate, int atOnce, TimeSpan patience, CancellationToken ct)
    {
        var grain = there.Grains.GetGrain<ICountGrain>(SliceOf(key));
        var id = grain.GetGrainId();
        var where = there.IsAlone ? there.Address : _silent.WhereIs(id);
        if (_silent.IsSilent(where)) return Alone(key, rate);
        var (wanted, before) = Begin(key, atOnce);
        var taken = default(Taken?);
        try
        {
            var asked = grain.Take(new(key, rate.Step, rate.Room, wanted, before)).AsTask();
            _ = asked.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default); // it may come when nobody waits any more
            taken = await asked.WaitAsync(patience, ct);
            _silent.Answered(id, taken.Value.From);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { throw; }
        catch (Exception) { _silent.DidNotAnswer(where); }
        finally { End(key, taken is null ? before : 0); }
        return taken is { } answer ? Heard(key, rate, answer, wanted) : Alone(key, rate);
    }

    (int Wanted, int Before) Begin(Guid key, int atOnce)
    {
        lock (_gate)
        {
            var (now, own) = (Now, _own.Of(key, Now));
            var pause = now - own.AskedAt;
            own.Wanted = pause > Lease.Ticks ? 1 : Math.Min(atOnce, pause < Lease.Ticks / 10 ? own.Wanted * 2 : own.Wanted);
            var before = own.Unreported;
            own.Unreported = 0;
            // Of many who ask at once one asks for those to come.
            return (own.Asking++ == 0 ? own.Wanted : 1, before);
        }
    }

    void End(Guid key, int unreported)
    {
        lock (_gate)
        {
            if (_own.Known(key) is not { } own) return;
            own.Asking = Math.Max(0, own.Asking - 1);
            own.Unreported += unreported;
        }
    }

    TimeSpan? Heard(Guid key, Rate rate, Taken answer, int wanted)
    {
        lock (_gate)
        {
            var (now, own) = (Now, _own.Of(key, Now));
            if (answer.Granted == 0)
            {
                own.ClosedTo = now + answer.Wait.Ticks;
                return answer.Wait;
            }
            own.Rest = rate.Take(own.Rest, 0, answer.Granted, now).RestsAt;
            own.AskedAt = now;
            if (wanted > 1) (own.Leased, own.LeaseEnds) = ((now < own.LeaseEnds ? own.Leased : 0) + answer.Granted - 1, now + Lease.Ticks);
            return null;
        }
    }

    TimeSpan? Alone(Guid key, Rate rate)
    {
        lock (_gate)
        {
            var (now, own) = (Now, _own.Of(key, Now));
            var (granted, rest) = rate.Take(own.Rest, 1, 0, now);
            own.Rest = rest;
            if (granted == 0) return rate.Wait(rest, now);
            own.Unreported++;
            return null;
        }
    }

    /// <summary>The last byte is random in every key: a digest's, or an id's.</summary>
    static long SliceOf(Guid key)
    {
        Span<byte> bytes = stackalloc byte[16];
        key.TryWriteBytes(bytes);
        return bytes[15] % Slices;
    }

    public void Forget()
    {
        lock (_gate) _own.Clear();
        _silent.Forget();
    }
}
