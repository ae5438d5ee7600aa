namespace DirectoryPlatform.Kernel.Shares;

/// <summary>
/// A number of places that many parties share without one of them keeping another out. A party takes another place only while it has
/// fewer than are free: alone it fills half of them, the next one half of the rest, and so on, so that whoever comes new finds one as
/// long as the others are few. Those who wait are served one party after the other, those with the fewest places first, and within a
/// party in the order in which they came.
/// </summary>
public sealed class FairPlaces<TParty>(int places) where TParty : notnull
{
    sealed class Party(TParty who)
    {
        public TParty Who => who;
        public int Taken { get; set; }
        public LinkedList<TaskCompletionSource> Waiting { get; } = new();
    }

    readonly Lock _gate = new();
    readonly Dictionary<TParty, Party> _parties = [];

    /// <summary>Those with somebody waiting; whose turn is next stands first.</summary>
    readonly LinkedList<Party> _turns = new();

    int _free = places;

    public int Free
    {
        get { lock (_gate) return _free; }
    }

    public int Waiting(TParty who)
    {
        lock (_gate) return _parties.GetValueOrDefault(who)?.Waiting.Count ?? 0;
    }

    /// <summary>A place, given back by disposing. Whoever gives up while waiting leaves none taken.</summary>
    /// <param name="mostWaiting">So many of the party may wait.</param>
    /// <returns>Null when as many wait.</returns>
    public async Task<IDisposable?> Enter(TParty who, int mostWaiting, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Party? party;
        LinkedListNode<TaskCompletionSource> turn;
        lock (_gate)
        {
            // Nobody who waits could take a place now: each was looked at when the last one became free.
            if (!_parties.TryGetValue(who, out party)) party = new(who);
            if (party.Waiting.Count == 0 && MayTake(party)) return Take(party);
            if (party.Waiting.Count >= mostWaiting) return null;
            _parties[who] = party;
            if (party.Waiting.Count == 0) _turns.AddLast(party);
            turn = party.Waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        var served = turn.Value.Task;
        await using (ct.UnsafeRegister(_ => GiveUp(party, turn, ct), null)) await served;
        var place = new Place(this, party);
        // Of several who give up at once one may be served by the place of another, before it is its turn to give up.
        if (!ct.IsCancellationRequested) return place;
        place.Dispose();
        throw new OperationCanceledException(ct);
    }

    bool MayTake(Party party) => party.Taken < _free;

    Place Take(Party party)
    {
        _parties[party.Who] = party;
        party.Taken++;
        _free--;
        return new(this, party);
    }

    void GiveUp(Party party, LinkedListNode<TaskCompletionSource> turn, CancellationToken ct)
    {
        lock (_gate)
        {
            // Served a moment before: the place is there, and whoever has it gives it back.
            if (turn.List is null) return;
            party.Waiting.Remove(turn);
            if (party.Waiting.Count == 0) _turns.Remove(party);
            Forget(party);
        }
        turn.Value.TrySetCanceled(ct);
    }

    void GiveBack(Party party)
    {
        lock (_gate)
        {
            party.Taken--;
            _free++;
            if (party.Waiting.Count > 0) LastInTurn(party);
            while (Next() is { } next)
            {
                var turn = next.Waiting.First!;
                next.Waiting.Remove(turn);
                LastInTurn(next);
                next.Taken++;
                _free--;
                turn.Value.SetResult();
            }
            Forget(party);
        }
    }

    void LastInTurn(Party party)
    {
        _turns.Remove(party);
        if (party.Waiting.Count > 0) _turns.AddLast(party);
    }

    Party? Next()
    {
        Party? best = null;
        foreach (var party in _turns)
            if (MayTake(party) && (best is null || party.Taken < best.Taken)) best = party;
        return best;
    }

    void Forget(Party party)
    {
        if (party is { Taken: 0, Waiting.Count: 0 }) _parties.Remove(party.Who);
    }

    sealed class Place(FairPlaces<TParty> of, Party party) : IDisposable
    {
        int _back;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _back, 1) == 0) of.GiveBack(party);
        }
    }
}
