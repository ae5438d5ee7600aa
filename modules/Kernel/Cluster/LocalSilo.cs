using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>The silo of this process, as those see it who call grains. There may be none: turns are then taken without it.</summary>
public sealed class LocalSilo : ICache
{
    volatile RunningSilo? _now;

    /// <summary>Null while none runs: before the start, after the end, and between two of them.</summary>
    public RunningSilo? Now
    {
        get => _now;
        internal set => _now = value;
    }

    /// <summary>Grains that live here read their rows again: for whoever changes rows and leaves their versions as they are.</summary>
    public void Forget() => _now?.Live.Forget();
}

/// <param name="IsAlone">No other silo belongs to its cluster, so every grain lives here.</param>
public sealed record RunningSilo(IGrainFactory Grains, SiloAddress Address, bool IsAlone, LiveGrains Live);

/// <summary>The grains that live in one silo now.</summary>
public sealed class LiveGrains
{
    readonly ConcurrentDictionary<GrainId, ILiveGrain> _all = new();

    public bool Has(GrainId id) => _all.ContainsKey(id);

    public int Count => _all.Count;

    internal void Add(GrainId id, ILiveGrain grain) => _all[id] = grain;

    internal void Remove(GrainId id, ILiveGrain grain) => _all.TryRemove(new(id, grain));

    internal void Forget()
    {
        foreach (var grain in _all.Values) grain.Forget();
    }
}

interface ILiveGrain
{
    /// <summary>From any thread: what is remembered is read anew before it is used again.</summary>
    void Forget();
}
