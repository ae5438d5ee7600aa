using System.Threading.Channels;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>
/// The direct turn, on PostgreSQL's row locks and versions alone: for what needs more than the grain's own row (admins under the roster's
/// lock, new accounts, names and profiles), for what spoils a shared statement, and for callers whose grain does not answer. Turns that
/// wait together share one transaction: rows locked in id order, several commands of one id decided one after another, each with its own
/// outcome. No state outlives a turn, so any node may take any turn and killing one loses nothing.
/// </summary>
sealed class PostgresGrains<TState, TFact> : IGrains<TState, TFact>, IAsyncDisposable
    where TState : class
    where TFact : Fact
{
    /// <summary>Two transactions in flight per node keep the database busy while the other commits;
    /// more brought nothing on two cores.</summary>
    const int Lanes = 2;

    /// <summary>A transaction that has so many commands takes no more: bounds how long a row lock is held.</summary>
    const int MaxTogether = 256;

    const int MaxAttempts = 6;

    const string LostRace = "DP001";

    readonly Channel<IReadOnlyList<Pending>>[] _lanes;
    readonly Task[] _loops;
    readonly GrainBatch<TState, TFact> _batch;
    readonly GrainStore<TState, TFact> _store;
    readonly Admissions _admissions;
    readonly Wake _wake;
    readonly ILogger _log;

    public PostgresGrains(
        NpgsqlDataSource database, GrainStore<TState, TFact> store, FactTypes types, TimeProvider clock,
        Admissions admissions, [FromKeyedServices(OutboxDelivery.WakeKey)] Wake wake, ILogger<PostgresGrains<TState, TFact>> log)
    {
        (_store, _admissions, _wake, _log) = (store, admissions, wake, log);
        _batch = new(database, store, types, clock);
        _lanes = [.. Enumerable.Range(0, Lanes)
            .Select(_ => Channel.CreateUnbounded<IReadOnlyList<Pending>>(new() { SingleReader = true }))];
        _loops = [.. _lanes.Select(lane => Task.Run(() => Run(lane.Reader)))];
    }

    public Task<Outcome<TFact>> Turn(GrainCommand<TState, TFact> command, CancellationToken ct = default) =>
        Turn(command, _admissions.Now, ct);

    /// <param name="by">Whose it is, where that is not said by the flow of the call.</param>
    public Task<Outcome<TFact>> Turn(GrainCommand<TState, TFact> command, Admission? by, CancellationToken ct = default)
    {
        var pending = new Pending(command, by);
        Enqueue([pending]);
        return pending.Task.WaitAsync(ct);
    }

    public async Task<IReadOnlyList<Outcome<TFact>>> TurnMany(IReadOnlyList<GrainCommand<TState, TFact>> commands,
        CancellationToken ct = default)
    {
        var pending = commands.Select(command => new Pending(command, _admissions.Now)).ToArray();
        // In one piece, or a lane that is just awake takes the first of them alone: half of it would be seen, and written twice.
        foreach (var ofOne in pending.GroupBy(p => p.Command.Target)) Enqueue([.. ofOne]);
        return await Task.WhenAll(pending.Select(p => p.Task.WaitAsync(ct)));
    }

    /// <param name="ofOne">Commands to one id, which always takes the same lane: two to it never wait for each other's lock.</param>
    void Enqueue(IReadOnlyList<Pending> ofOne)
    {
        if (!_lanes[(ofOne[0].Command.Target.GetHashCode() & int.MaxValue) % Lanes].Writer.TryWrite(ofOne))
            throw new ObjectDisposedException(GetType().Name);
    }

    async Task Run(ChannelReader<IReadOnlyList<Pending>> lane)
    {
        var together = new List<Pending>(MaxTogether);
        while (await lane.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < MaxTogether && lane.TryRead(out var next)) together.AddRange(next);
            await Take(together);
        }
    }

    async Task Take(List<Pending> together)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await LeaveOut(together);
                if (together.Count == 0) return;
                var outcomes = await _batch.Run([.. together.Select(p => p.Command)], () => together.Any(p => p.IsOld));
                for (var i = 0; i < together.Count; i++) together[i].SetResult(outcomes[i]);
                if (outcomes.Any(outcome => outcome is { Granted: true, Value.IsTold: true })) _wake.Now();
                return;
            }
            catch (Exception failed) when (IsPassing(failed) && attempt < MaxAttempts)
            {
                _log.TurnRetried(failed, together.Count, attempt);
                await Task.Delay(TimeSpan.FromMilliseconds(5 * (1 << attempt) + Random.Shared.Next(10)));
            }
            catch (AdmittedTooLongAgoException) when (attempt < MaxAttempts) { } // Asked again, and those who may no longer are left out.
            catch (Exception) when (together.Count > 1)
            {
                // One of them spoils the transaction for all: those to each id, and only then each alone, get their own answer.
                var pieces = together.GroupBy(p => p.Command.Target).Select(ofOne => ofOne.ToList()).ToList();
                if (pieces.Count == 1) pieces = [.. together.Select(one => new List<Pending> { one })];
                foreach (var piece in pieces) await Take(piece);
                return;
            }
            catch (PostgresException violation) when (_store.RefusalFor(violation) is { } refusal)
            {
                together[0].SetResult(refusal);
                return;
            }
            // Nothing is broken and nothing was written: it can be tried again in a moment.
            catch (AdmittedTooLongAgoException)
            {
                together[0].SetException(new TimeoutException("Turns take longer than a check may be old."));
                return;
            }
            catch (PostgresException lost) when (lost.SqlState is LostRace)
            {
                together[0].SetException(new TimeoutException("Others were faster each time.", lost));
                return;
            }
            catch (Exception bug)
            {
                together[0].SetException(bug);
                return;
            }
        }
    }

    /// <summary>Those who may no longer.</summary>
    async Task LeaveOut(List<Pending> together)
    {
        foreach (var old in together.Where(p => p.IsOld).ToArray())
            try { await _admissions.Stand(old.By); }
            catch (Exception refused)
            {
                together.Remove(old);
                old.SetException(refused);
            }
    }

    /// <summary>Lost races, deadlocks and lost connections pass; trying again is safe,
    /// because a command's id is written with its change.</summary>
    static bool IsPassing(Exception failed) =>
        failed is PostgresException { SqlState: LostRace or "40001" or "40P01" or "57P01" or "57P02" or "57P03" or "53300" }
        or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException };

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        await Task.WhenAll(_loops);
    }

    sealed class Pending(GrainCommand<TState, TFact> command, Admission? by)
        : TaskCompletionSource<Outcome<TFact>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public GrainCommand<TState, TFact> Command { get; } = command;
        public Admission? By { get; } = by;
        public bool IsOld => By is { IsOld: true, Again: not null };
    }
}
