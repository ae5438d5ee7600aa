using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>Silos of other nodes that have given no answer lately: while one of them hangs, its grains are not waited for.</summary>
sealed class SilentSilos : ICache
{
    /// <summary>One call may be lost or slow; the next one says more.</summary>
    const int Enough = 2;

    /// <summary>Then a single call tries again whether it answers.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>Grains of other nodes whose place is remembered; what is forgotten costs a wait and nothing else.</summary>
    const int MostRemembered = 100_000;

    sealed class Silent
    {
        public int Misses;
        public long Until;
    }

    /// <summary>Stands for a silo that is not known yet.</summary>
    static readonly SiloAddress Unknown = SiloAddress.Zero;

    readonly ConcurrentDictionary<SiloAddress, Silent> _silos = new();
    readonly ConcurrentDictionary<GrainId, SiloAddress> _places = new();

    public SiloAddress? WhereIs(GrainId grain) => _places.GetValueOrDefault(grain);

    /// <summary>True while its calls are not worth a wait. Of those that ask when the time is up one is told otherwise, and
    /// tries.</summary>
    public bool IsSilent(SiloAddress? silo)
    {
        if (!_silos.TryGetValue(silo ?? Unknown, out var silent) || Volatile.Read(ref silent.Misses) < Enough) return false;
        var (now, until) = (Stopwatch.GetTimestamp(), Volatile.Read(ref silent.Until));
        return now < until || Interlocked.CompareExchange(ref silent.Until, After(now), until) != until;
    }

    public void Answered(GrainId grain, SiloAddress? from)
    {
        _silos.TryRemove(from ?? Unknown, out _);
        _silos.TryRemove(Unknown, out _);
        if (from is null) return;
        if (_places.Count >= MostRemembered) _places.Clear();
        _places[grain] = from;
    }

    public void DidNotAnswer(SiloAddress? silo)
    {
        var silent = _silos.GetOrAdd(silo ?? Unknown, _ => new());
        Volatile.Write(ref silent.Until, After(Stopwatch.GetTimestamp()));
        Interlocked.Increment(ref silent.Misses);
    }

    static long After(long now) => now + (long)(Silence.TotalSeconds * Stopwatch.Frequency);

    public void Forget()
    {
        _silos.Clear();
        _places.Clear();
    }
}
