namespace DirectoryPlatform.Kernel.Doors;

/// <summary>How often one key has asked.</summary>
abstract class KeyCount
{
    /// <summary>When it is at rest again, in ticks; a count at rest says nothing.</summary>
    public long Rest;
}

/// <summary>Counts of many keys, of which there are never more than so many: a flood of keys that nobody has seen before pushes out those
/// at rest, then those that are at rest soonest, because they hold back least.</summary>
sealed class Counts<TCount>(int most) where TCount : KeyCount, new()
{
    readonly Dictionary<Guid, TCount> _all = [];

    public IEnumerable<KeyValuePair<Guid, TCount>> All => _all;

    public int Number => _all.Count;

    public TCount Of(Guid key, long now)
    {
        if (_all.TryGetValue(key, out var known)) return known;
        if (_all.Count >= most) MakeRoom(now);
        return _all[key] = new();
    }

    public TCount? Known(Guid key) => _all.GetValueOrDefault(key);

    public void Clear() => _all.Clear();

    /// <summary>A quarter at least, so that it is not done for every key.</summary>
    void MakeRoom(long now)
    {
        foreach (var (key, count) in _all)
            if (count.Rest <= now) _all.Remove(key);
        if (_all.Count <= most * 3 / 4) return;
        foreach (var (key, _) in _all.OrderBy(c => c.Value.Rest).Take(_all.Count - (most / 2)).ToList()) _all.Remove(key);
    }
}
