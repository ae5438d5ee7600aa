namespace DirectoryPlatform.Kernel.Grains;

/// <summary>Writes one turn of a grain that is more than its row: a transaction of its own, fenced by the row's version, in one round trip
/// together with what is looked at behind it. Whoever has a row of it waits for no other grain.</summary>
sealed class SingleCommit<TState, TFact>(NpgsqlDataSource database, GrainStore<TState, TFact> store,
    ILogger<SingleCommit<TState, TFact>> log)
    where TState : class
    where TFact : Fact
{
    const string ExpectationFailed = "DP001";

    /// <param name="admitted">As of when whoever asks was let in, by the clock of this process; null for nobody.</param>
    /// <returns>With what was found behind the commit in the fact.</returns>
    public async Task<(Written Written, TFact Fact)> Write(GrainChange<TState> change, GrainCommand<TState, TFact> command, TFact fact,
        DateTimeOffset now, long? admitted)
    {
        if (Admission.IsTooOld(admitted)) return (Written.Late, fact);
        try
        {
            // Without a transaction of its own a batch is one, up to each barrier.
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(new(GroupCommit<TState, TFact>.WaitsAtMost));
            store.Save(batch, [change]);
            foreach (var beside in store.Beside(command, fact)) batch.BatchCommands.Add(beside);
            if (fact.IsTold) batch.BatchCommands.Add(Outbox.Insert([(command.Target, fact)], now));
            if (store.EntryOf(command, change.Before, change.After, fact, now) is { } entry)
                batch.BatchCommands.Add(AuditLog.Insert([entry]));
            foreach (var behind in store.Behind(command, fact))
            {
                batch.BatchCommands[^1].AppendErrorBarrier = true;
                batch.BatchCommands.Add(behind);
            }
            await using var rows = await batch.ExecuteReaderAsync();
            await rows.NextResultAsync();
            var found = await store.ReadBehind(rows, fact);
            while (await rows.NextResultAsync()) { } // an error stands where its statement does
            return (Written.Yes, found);
        }
        catch (PostgresException lost) when (lost.SqlState is ExpectationFailed)
        {
            return (Written.Fenced, fact);
        }
        catch (NpgsqlException failed)
        {
            // Also where the end is not known: the direct turn finds what was done by the command's id.
            log.TurnsNotWritten(failed, 1);
            return (Written.Spoiled, fact);
        }
    }
}
