using System.Collections.Concurrent;

namespace DirectoryPlatform.Kernel.Caches;

/// <summary>
/// Answers to a question that every request asks, given again for a moment (SPEC A9). Old by at most <see cref="Oldest"/>, counted from
/// before the rows were read: by construction, not by being told of changes, so that no node depends on another and a lost message cannot
/// keep anything alive. Only a yes is kept; whoever waits for a read that ends in a no reads by itself, because it may have come after a
/// change that the read did not see. Many who ask the same at once share one read.
/// </summary>
/// <param name="most">Answers kept at a time; further questions are read each time.</param>
public class RecentAnswers<TQuestion, TYes>(TimeProvider clock, int most) : ICache
    where TQuestion : notnull
    where TYes : class
{
    /// <summary>Half of what SPEC A9 allows.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMilliseconds(500);

    /// <summary>All answers begun within one stretch of time, dropped together at its end: none is older than the stretch, and nothing is
    /// kept of whoever stays away.</summary>
    sealed class Stretch(long began)
    {
        public long Began => began;
        public readonly ConcurrentDictionary<TQuestion, Lazy<Task<TYes?>>> Answers = new();
        public int Kept;
    }

    Stretch _now = new(clock.GetTimestamp());

    /// <param name="read">Reads the rows; null for no. Its caller stays until its end, even when nobody waits for the caller any more:
    /// others may wait for the answer.</param>
    public async Task<TYes?> Ask(TQuestion question, Func<Task<TYes?>> read, CancellationToken ct)
    {
        var stretch = Current();
        if (!stretch.Answers.TryGetValue(question, out var begun))
        {
            if (Volatile.Read(ref stretch.Kept) >= most) return await read();
            var mine = new Lazy<Task<TYes?>>(() => Read(stretch, question, read));
            begun = stretch.Answers.GetOrAdd(question, mine);
            if (begun == mine) return await mine.Value;
        }
        return await begun.Value.WaitAsync(ct) is { } yes ? yes : await read();
    }

    /// <summary>Something has changed that this node knows of: from now on everything is read anew.</summary>
    public void Forget() => Volatile.Write(ref _now, new(clock.GetTimestamp()));

    async Task<TYes?> Read(Stretch stretch, TQuestion question, Func<Task<TYes?>> read)
    {
        Interlocked.Increment(ref stretch.Kept);
        TYes? answer = null;
        try { return answer = await read(); }
        finally
        {
            if (answer is null && stretch.Answers.TryRemove(question, out _)) Interlocked.Decrement(ref stretch.Kept);
        }
    }

    Stretch Current()
    {
        var at = clock.GetTimestamp();
        var now = Volatile.Read(ref _now);
        if (clock.GetElapsedTime(now.Began, at) < Oldest) return now;
        Interlocked.CompareExchange(ref _now, new(at), now);
        return Volatile.Read(ref _now);
    }
}
