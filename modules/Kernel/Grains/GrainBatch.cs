namespace DirectoryPlatform.Kernel.Grains;

/// <summary>One transaction of turns: two round trips, whatever their number.</summary>
sealed class GrainBatch<TState, TFact>(NpgsqlDataSource database, GrainStore<TState, TFact> store, FactTypes types, TimeProvider clock)
    where TState : class
    where TFact : Fact
{
    readonly DoneCommands<TFact> _done = new(types);

    /// <param name="tooLate">Asked right before anything is written, however long the rest took: whether somebody was let in too long
    /// ago.</param>
    /// <returns>One outcome per command, in order.</returns>
    /// <exception cref="AdmittedTooLongAgoException">Nothing was written.</exception>
    /// <exception cref="PostgresException">Nothing was written.</exception>
    public async Task<Outcome<TFact>[]> Run(IReadOnlyList<GrainCommand<TState, TFact>> commands, Func<bool> tooLate)
    {
        await using var connection = await database.OpenConnectionAsync();
        try
        {
            var states = await Load(connection, [.. commands.Select(c => c.Target).Distinct().Order()]);
            if (commands.Count > 1 && !store.MayShareTransaction(states.Values)) throw new TurnsDoNotMixException();
            var loaded = new Dictionary<Guid, TState>(states);
            var now = clock.GetUtcNow();
            var outcomes = new Outcome<TFact>[commands.Count];
            var touched = new SortedSet<Guid>();
            var beside = new List<NpgsqlBatchCommand>();
            var facts = new List<(Guid, Fact)>(commands.Count);
            var entries = new List<AuditEntry>(commands.Count);
            var refused = new List<int>();
            var granted = new Dictionary<Guid, TFact>(commands.Count);
            for (var i = 0; i < commands.Count; i++)
            {
                var command = commands[i];
                var before = states.GetValueOrDefault(command.Target);
                // Sent twice, because its first answer was too slow, it may meet itself here.
                if (granted.TryGetValue(command.CommandId, out var same))
                {
                    outcomes[i] = same;
                    continue;
                }
                outcomes[i] = command.Decide(before, now);
                if (!outcomes[i].Granted)
                {
                    refused.Add(i);
                    continue;
                }
                var fact = granted[command.CommandId] = outcomes[i].Value;
                var after = states[command.Target] = store.After(before, fact);
                touched.Add(command.Target);
                beside.AddRange(store.Beside(command, fact));
                if (fact.IsTold) facts.Add((command.Target, fact));
                if (store.EntryOf(command, before, after, fact, now) is { } entry) entries.Add(entry);
            }
            if (tooLate()) throw new AdmittedTooLongAgoException();
            var changes = touched.Select(id => new GrainChange<TState>(loaded.GetValueOrDefault(id), states[id])).ToList();
            var repeats = await Save(connection, changes, beside, facts, entries, now, [.. refused.Select(i => commands[i].CommandId)]);
            foreach (var i in refused)
                if (repeats.TryGetValue(commands[i].CommandId, out var fact)) outcomes[i] = fact;
            return outcomes;
        }
        catch (PostgresException twice)
        when (twice is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "audit_entry_pkey" } && commands.Count == 1)
        {
            await Rollback(connection);
            return await AnswerRepeat(connection, commands[0]);
        }
        catch
        {
            await Rollback(connection);
            throw;
        }
    }

    async Task<Dictionary<Guid, TState>> Load(NpgsqlConnection connection, Guid[] ids)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("begin"), Of(store.LockSql), Of(store.ReadSql) },
        };
        var states = new Dictionary<Guid, TState>(ids.Length);
        await using (var rows = await batch.ExecuteReaderAsync())
        {
            await rows.NextResultAsync();
            while (await rows.ReadAsync())
            {
                var state = store.Read(rows);
                states.Add(store.IdOf(state), state);
            }
        }
        await store.Complete(connection, states, CancellationToken.None);
        return states;

        NpgsqlBatchCommand Of(string sql) => new(sql) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } } };
    }

    /// <returns>Of the refused commands those that stand in the audit log: they were granted before, and their answers got lost.</returns>
    async Task<Dictionary<Guid, TFact>> Save(NpgsqlConnection connection, IReadOnlyList<GrainChange<TState>> changes,
        List<NpgsqlBatchCommand> beside, List<(Guid, Fact)> facts, List<AuditEntry> entries, DateTimeOffset now, Guid[] refused)
    {
        await using var batch = new NpgsqlBatch(connection);
        // First, so that its rows are the first that come.
        if (refused.Length > 0)
            batch.BatchCommands.Add(new(store.DoneSql) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = refused } } });
        if (changes.Count > 0)
        {
            store.Save(batch, changes);
            foreach (var command in beside) batch.BatchCommands.Add(command);
            if (facts.Count > 0) batch.BatchCommands.Add(Outbox.Insert(facts, now));
            if (entries.Count > 0) batch.BatchCommands.Add(AuditLog.Insert(entries));
        }
        batch.BatchCommands.Add(new("commit"));
        await using var rows = await batch.ExecuteReaderAsync();
        var repeats = refused.Length > 0 ? await _done.Read(rows) : [];
        while (await rows.NextResultAsync()) { } // What fails behind them is told here.
        return repeats;
    }

    /// <summary>A command whose entry was there already was granted before: its answer got lost, and this is it.</summary>
    async Task<Outcome<TFact>[]> AnswerRepeat(NpgsqlConnection connection, GrainCommand<TState, TFact> command)
    {
        await using var query = new NpgsqlCommand(store.DoneSql, connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [command.CommandId] } },
        };
        await using var rows = await query.ExecuteReaderAsync();
        return [(await _done.Read(rows)).TryGetValue(command.CommandId, out var fact) ? fact : new ChangedMeanwhile()];
    }

    static async Task Rollback(NpgsqlConnection connection)
    {
        if (connection.FullState != System.Data.ConnectionState.Open) return;
        try
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException) { } // The connection is gone, and with it the transaction.
    }
}

/// <summary>Never leaves the grain host, which then takes each turn alone.</summary>
sealed class TurnsDoNotMixException : Exception;

/// <summary>Likewise: who asks is checked again, and the turn taken anew.</summary>
sealed class AdmittedTooLongAgoException : Exception;
