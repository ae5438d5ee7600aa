using DirectoryPlatform.Kernel.Cluster;
using Orleans;
using Orleans.Runtime;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>
/// Takes turns by grains. No call fails because a silo did: without an answer the same command, with the same id, is taken as the direct
/// turn (<see cref="PostgresGrains{TState,TFact}"/>). Both roads at once are safe: the command's id is the audit entry's, and the row's
/// version fences whoever is late.
/// </summary>
sealed class OrleansGrains<TState, TFact>(
    LocalSilo silo, Func<IGrainFactory, Guid, ITurnGrain<TState, TFact>> grainOf, PostgresGrains<TState, TFact> direct, SilentSilos silent,
    Admissions admissions, TimeProvider clock,
    [FromKeyedServices(OutboxDelivery.WakeKey)] Wake wake, ILogger<OrleansGrains<TState, TFact>> log) : IGrains<TState, TFact>
    where TState : class
    where TFact : Fact
{
    /// <summary>Longer than a turn takes under load, shorter than a person notices (decision 0056).</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>What waits for a grain is decided or given up by then.</summary>
    static readonly int SecondsOfBusy = (int)SiloSettings.Response.TotalSeconds;

    public async Task<Outcome<TFact>> Turn(GrainCommand<TState, TFact> command, CancellationToken ct = default)
    {
        await admissions.Stand();
        return await (command.BeginsGrain || command.ChangesMoreThanRow || silo.Now is not { } now
            ? Direct(command, ct)
            : ByGrain(now, command, ct));
    }

    public async Task<IReadOnlyList<Outcome<TFact>>> TurnMany(IReadOnlyList<GrainCommand<TState, TFact>> commands,
        CancellationToken ct = default) =>
        // Several about one thing are one transaction there, in their order.
        commands.DistinctBy(command => command.Target).Count() < commands.Count
            ? await DirectMany(commands, ct)
            : await Task.WhenAll(commands.Select(command => Turn(command, ct)));

    Task<Outcome<TFact>> Direct(GrainCommand<TState, TFact> command, CancellationToken ct)
    {
        Count("direct", 1);
        return direct.Turn(command, ct);
    }

    Task<IReadOnlyList<Outcome<TFact>>> DirectMany(IReadOnlyList<GrainCommand<TState, TFact>> commands, CancellationToken ct)
    {
        Count("direct", commands.Count);
        return direct.TurnMany(commands, ct);
    }

    static void Count(string way, int turns) => Meters.Turns.Add(turns, KeyValuePair.Create<string, object?>("state", typeof(TState).Name),
        KeyValuePair.Create<string, object?>("way", way));

    async Task<Outcome<TFact>> ByGrain(RunningSilo now, GrainCommand<TState, TFact> command, CancellationToken ct)
    {
        var grain = grainOf(now.Grains, command.Target);
        var id = grain.GetGrainId();
        var isHere = now.IsAlone || now.Live.Has(id);
        var where = isHere ? null : silent.WhereIs(id);
        if (!isHere && silent.IsSilent(where)) return await Direct(command, ct);
        try
        {
            if (admissions.Now is { Again: not null } by) SentOn.Say(by.AsOf, now.Address, clock);
            var asked = grain.Turn(command);
            var answer = isHere ? await asked.WaitAsync(ct) : await Patiently(now, id, asked, ct);
            if (!isHere) silent.Answered(id, answer.From);
            if (answer.Fact is { IsTold: true }) wake.Now();
            Count("grain", 1);
            return answer.Outcome;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { throw; }
        // The direct turn would wait for the same row; the product's own work, which nobody would try again, does.
        catch (LimitExceededException) when (command is { MayBePutOff: true, Origin.Actor: not null })
        {
            return new Busy(SecondsOfBusy);
        }
        catch (LimitExceededException) { return await Direct(command, ct); }
        catch (Exception failed)
        {
            // A bug in a decision comes here, too, and out of the direct turn as it is.
            // Its kind alone: a silo's exceptions tell the whole message, and a command has names and addresses in it.
            log.GrainDidNotAnswer(failed.GetType().Name);
            if (!isHere) silent.DidNotAnswer(where);
            return await Direct(command, ct);
        }
    }

    /// <summary>One of this silo that is slow waits for the database, as the direct turn would.</summary>
    static async Task<TurnAnswer<TFact>> Patiently(RunningSilo now, GrainId id, Task<TurnAnswer<TFact>> asked, CancellationToken ct)
    {
        try { return await asked.WaitAsync(Patience, ct); }
        catch (TimeoutException) when (!asked.IsCompleted && now.Live.Has(id)) { return await asked.WaitAsync(ct); }
        catch (TimeoutException) when (!asked.IsCompleted)
        {
            _ = asked.ContinueWith(late => late.Exception, TaskContinuationOptions.OnlyOnFaulted); // nobody waits for it any more
            throw;
        }
    }
}
