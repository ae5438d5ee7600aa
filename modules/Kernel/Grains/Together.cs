namespace DirectoryPlatform.Kernel.Grains;

/// <summary>Work that waits together is done together: whatever has gathered while the last piece was under way is the next piece. A loop
/// runs while something waits; a further one joins only when there is enough for two, because two that race for few items do each of them
/// in pieces of one.</summary>
/// <param name="loops">At most so many pieces are under way at once.</param>
/// <param name="most">In one piece.</param>
/// <param name="enough">So many must wait for a further loop to begin.</param>
public abstract class Together<TWhat, TAnswer>(int loops, int most, int enough)
{
    readonly Lock _gate = new();
    readonly Queue<Waiting> _waiting = [];
    int _running;

    protected Task<TAnswer> Add(TWhat what)
    {
        var waiting = new Waiting(what);
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (_running == loops || (_running > 0 && _waiting.Count < enough)) return waiting.Task;
            _running++;
        }
        _ = Task.Run(Loop);
        return waiting.Task;
    }

    /// <summary>Answers each of them; an exception is the answer to all that have none.</summary>
    protected abstract Task Take(IReadOnlyList<Waiting> together);

    async Task Loop()
    {
        while (Next() is { Count: > 0 } together)
            try { await Take(together); }
            catch (Exception failed)
            {
                foreach (var one in together) one.TrySetException(failed);
            }
    }

    List<Waiting> Next()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || (_running > 1 && _waiting.Count < enough))
            {
                _running--;
                return [];
            }
            var together = new List<Waiting>(Math.Min(_waiting.Count, most));
            while (together.Count < most && _waiting.TryDequeue(out var one)) together.Add(one);
            return together;
        }
    }

    protected sealed class Waiting(TWhat what) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TWhat What { get; } = what;
    }
}
