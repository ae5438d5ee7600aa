using System.Diagnostics;
using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>What the grains of one kind share in a process; made by <see cref="KernelRegistration.AddGrains"/>.</summary>
public sealed class TurnParts<TState, TFact>
    where TState : class
    where TFact : Fact
{
    internal TurnParts(GrainStore<TState, TFact> store, GroupLoad<TState, TFact> loads, GroupCommit<TState, TFact> commits,
        SingleCommit<TState, TFact> singles, PostgresGrains<TState, TFact> direct, TimeProvider clock) =>
        (Store, Loads, Commits, Singles, Direct, Clock) = (store, loads, commits, singles, direct, clock);

    internal GrainStore<TState, TFact> Store { get; }
    internal GroupLoad<TState, TFact> Loads { get; }
    internal GroupCommit<TState, TFact> Commits { get; }
    internal SingleCommit<TState, TFact> Singles { get; }
    internal PostgresGrains<TState, TFact> Direct { get; }
    internal TimeProvider Clock { get; }
}

/// <summary>
/// The grain of one thing: its state in memory, one command after another. PostgreSQL decides, memory is a guess: what is granted is
/// written where the row's version is the one that was decided on, and what is refused is refused on a row that was read after the command
/// had come.
/// </summary>
public abstract class TurnGrain<TState, TFact>(TurnParts<TState, TFact> parts, LiveGrains live, ILocalSiloDetails silo)
    : Grain, ITurnGrain<TState, TFact>, ILiveGrain
    where TState : class
    where TFact : Fact
{
    const int MaxAttempts = 6;

    TState? _state;
    volatile bool _forget;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        live.Add(this.GetGrainId(), this);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        live.Remove(this.GetGrainId(), this);
        return Task.CompletedTask;
    }

    void ILiveGrain.Forget() => _forget = true;

    public async Task<TurnAnswer<TFact>> Turn(GrainCommand<TState, TFact> command)
    {
        var begun = Stopwatch.GetTimestamp();
        var admitted = SentOn.AsOfHere(silo.SiloAddress, parts.Clock);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (_forget) (_forget, _state) = (false, null);
            if (attempt == 1) _state ??= command.Guess;
            var isFresh = _state is null;
            if (isFresh)
            {
                var (state, done) = await parts.Loads.Load(command.Target, command.CommandId);
                _state = state;
                if (done is not null) return Answer(done);
            }
            var before = _state;
            if (before is not null && !parts.Store.DecidesAlone(before)) break;
            // Nobody waits any more, and the command was taken the direct way: deciding it now would be deciding it later than its answer.
            if (Stopwatch.GetElapsedTime(begun) > SiloSettings.Response || Admission.IsTooOld(admitted)) throw new TimeoutException();
            var now = parts.Clock.GetUtcNow();
            var outcome = command.Decide(before, now);
            if (!outcome.Granted)
            {
                if (isFresh) return Answer(outcome);
                _state = null;
                continue;
            }
            if (before is null) break;
            var after = parts.Store.After(before, outcome.Value);
            var isRowAlone = parts.Store.IsRowAlone(before, after);
            if (!isRowAlone && !parts.Store.GrainWritesMore) break;
            // Not remembered while it is being written: whatever goes wrong, the row is read again.
            _state = null;
            var (written, fact) = isRowAlone
                ? (await parts.Commits.Write(before, after, command, outcome.Value, now, admitted), outcome.Value)
                : await parts.Singles.Write(new(before, after), command, outcome.Value, now, admitted);
            if (written is Written.Late) throw new TimeoutException();
            if (written is Written.Yes)
            {
                _state = after;
                return Answer(fact);
            }
            if (written is Written.Spoiled) break;
        }
        _state = null;
        return Answer(await parts.Direct.Turn(command, Admission.HandedOn(admitted)));
    }

    TurnAnswer<TFact> Answer(Outcome<TFact> outcome) =>
        outcome.Granted ? new(outcome.Value, null, silo.SiloAddress) : new(null, outcome.Refusal, silo.SiloAddress);
}
