namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>Who waits for a hash. The first come first.</summary>
enum HashLane
{
    /// <summary>From a network that the account has signed in from, or in a session.</summary>
    Known,

    /// <summary>Whoever else signs in.</summary>
    SignIn,

    /// <summary>A password set behind a link.</summary>
    Link,
}

/// <summary>
/// The queues of one node's hashes (SPEC S11): one for each lane, each with an end. As many hashes run at once as there are cores, and at
/// least two; known people and all others leave each other
/// one of them, so that neither a crowd of strangers nor everybody at nine o'clock holds the other up for longer than its own hash takes.
/// </summary>
sealed class HashQueue(int cores)
{
    /// <summary>About as long as a hash takes, for the seconds that a refusal names (own choice, as all below).</summary>
    const double SecondsOfOne = 0.25;

    /// <summary>Of so many turns of the others, one is given to whoever follows a link, however many sign in.</summary>
    const int LinksTurn = 4;

    readonly Lock _gate = new();
    readonly Queue<TaskCompletionSource>[] _waiting = [new(), new(), new()];
    readonly int[] _seats = new int[3];
    readonly int _slots = Math.Max(2, cores);
    int _known, _others, _turn;

    /// <summary>How many may be in a lane, with those whose hash is computed: what a person would still wait for.</summary>
    public int Room(HashLane lane) => (_slots - 1) * lane switch { HashLane.Known => 300, HashLane.SignIn => 150, HashLane.Link => 75 };

    /// <summary>A place in a lane for one who asks, for as many hashes as are needed one after another. Given back by disposing.</summary>
    /// <returns>Null when the lane is full: see <see cref="Full"/>.</returns>
    public HashSeat? Enter(HashLane lane)
    {
        lock (_gate)
        {
            if (_seats[(int)lane] >= Room(lane)) return null;
            _seats[(int)lane]++;
            return new(this, lane);
        }
    }

    public TooBusy Full(HashLane lane) => new(Math.Clamp((int)Math.Ceiling(Room(lane) * SecondsOfOne / (_slots - 1)), 5, 60));

    public async Task<T> Run<T>(HashLane lane, Func<T> work, CancellationToken ct)
    {
        await Slot(lane).WaitAsync(CancellationToken.None);
        try
        {
            ct.ThrowIfCancellationRequested();
            return await Task.Run(work, CancellationToken.None);
        }
        finally { Release(lane); }
    }

    internal void Leave(HashLane lane)
    {
        lock (_gate) _seats[(int)lane]--;
    }

    Task Slot(HashLane lane)
    {
        lock (_gate)
        {
            if (MayRun(lane) && _waiting[(int)lane].Count == 0)
            {
                Take(lane);
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting[(int)lane].Enqueue(turn);
            return turn.Task;
        }
    }

    void Release(HashLane lane)
    {
        lock (_gate)
        {
            if (lane is HashLane.Known) _known--;
            else _others--;
            while (NextLane() is { } next)
            {
                Take(next);
                _waiting[(int)next].Dequeue().SetResult();
            }
        }
    }

    HashLane? NextLane()
    {
        if (_waiting[(int)HashLane.Known].Count > 0 && MayRun(HashLane.Known)) return HashLane.Known;
        if (!MayRun(HashLane.SignIn)) return null;
        var (signIns, links) = (_waiting[(int)HashLane.SignIn].Count, _waiting[(int)HashLane.Link].Count);
        if (signIns + links == 0) return null;
        return signIns == 0 || (links > 0 && ++_turn % LinksTurn == 0) ? HashLane.Link : HashLane.SignIn;
    }

    bool MayRun(HashLane lane) => _known + _others < _slots && (lane is HashLane.Known ? _known : _others) < _slots - 1;

    void Take(HashLane lane)
    {
        if (lane is HashLane.Known) _known++;
        else _others++;
    }
}

/// <summary>See <see cref="HashQueue.Enter"/>.</summary>
sealed class HashSeat(HashQueue queue, HashLane lane) : IDisposable
{
    int _left;

    public HashLane Lane => lane;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) queue.Leave(lane);
    }
}
