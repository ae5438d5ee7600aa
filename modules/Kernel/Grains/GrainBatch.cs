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
            var facts = new List<(Guid, Fact)>(commands.Count);
            var entries = new List<AuditEntry>(commands.Count);
            var refused = false;
            for (var i = 0; i < commands.Count; i++)
            {
                var command = commands[i];
                var before = states.GetValueOrDefault(command.Target);
                outcomes[i] = command.Decide(before, now);
                refused |= !outcomes[i].Granted;
                if (!outcomes[i].Granted) continue;
                var fact = outcomes[i].Value;
                var after = states[command.Target] = store.After(before, fact);
                facts.Add((command.Target, fact));
                entries.Add(AuditEntry.Of(command.CommandId, now, store.OrganizationOf(before, after, fact), command.Origin, command.Target,
                    fact, store.Shown(before), store.Shown(after)));
            }
            if (tooLate()) throw new AdmittedTooLongAgoException();
            await Save(connection,
                [.. facts.Select(f => f.Item1).Distinct().Order()
                    .Select(id => new GrainChange<TState>(loaded.GetValueOrDefault(id), states[id]))], facts, entries, now);
            return refused ? await AnswerRepeats(connection, commands, outcomes) : outcomes;
        }
        catch (PostgresException twice)
        when (twice is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "audit_entry_pkey" } && commands.Count == 1)
        {
            await Rollback(connection);
            return await AnswerRepeats(connection, commands, [new ChangedMeanwhile()]);
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

    async Task Save(NpgsqlConnection connection, IReadOnlyList<GrainChange<TState>> changes, List<(Guid, Fact)> facts,
        List<AuditEntry> entries, DateTimeOffset now)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (changes.Count > 0)
        {
            store.Save(batch, changes);
            batch.BatchCommands.Add(Outbox.Insert(facts, now));
            batch.BatchCommands.Add(AuditLog.Insert(entries));
        }
        batch.BatchCommands.Add(new("commit"));
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>A refused command that stands in the audit log was granted before: its answer got lost, and this is it.</summary>
    async Task<Outcome<TFact>[]> AnswerRepeats(NpgsqlConnection connection, IReadOnlyList<GrainCommand<TState, TFact>> commands,
        Outcome<TFact>[] outcomes)
    {
        var asked = Enumerable.Range(0, commands.Count).Where(i => !outcomes[i].Granted).ToLookup(i => commands[i].CommandId);
        await using var query = new NpgsqlCommand(DoneCommands<TFact>.Sql, connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. asked.Select(a => a.Key)] } },
        };
        await using var rows = await query.ExecuteReaderAsync();
        foreach (var (command, fact) in await _done.Read(rows))
            foreach (var i in asked[command]) outcomes[i] = fact;
        return outcomes;
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
