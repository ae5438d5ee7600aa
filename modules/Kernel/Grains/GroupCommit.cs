namespace DirectoryPlatform.Kernel.Grains;

enum Written
{
    Yes,

    /// <summary>Somebody else has written the row since it was read: nothing was written.</summary>
    Fenced,

    /// <summary>The statement failed, through this turn or another in it, or its end is not known: it is safe to take the turn again, and
    /// alone.</summary>
    Spoiled,

    /// <summary>Nothing was written: whoever asked was let in too long ago.</summary>
    Late,
}

/// <summary>
/// Writes the turns of a silo that wait together as one statement, which is one transaction and one round trip: rows, each where id and
/// version are as they were read, and beside them the facts and audit entries of the rows that were saved. Each turn has its own outcome.
/// </summary>
sealed class GroupCommit<TState, TFact>(NpgsqlDataSource database, GrainStore<TState, TFact> store, ILogger<GroupCommit<TState, TFact>> log)
    : Together<GroupCommit<TState, TFact>.Turn, Written>(loops: 2, most: 256, enough: 16)
    where TState : class
    where TFact : Fact
{
    /// <summary>One turn that was granted.</summary>
    /// <param name="Entry">Null for what is no deed.</param>
    /// <param name="Admitted">As of when whoever asks was let in, by the clock of this process; null for nobody.</param>
    internal sealed record Turn(GrainChange<TState> Change, Guid Grain, TFact Fact, DateTimeOffset At, AuditEntry? Entry,
        long? Admitted);

    /// <summary>Longer than a turn holds a row. Who holds it for longer, such as a chunk of a job, keeps its own row waiting and no
    /// other: what waited together is then taken one by one.</summary>
    internal const string WaitsAtMost = "select set_config('lock_timeout', '100ms', true)";

    string? _sql;

    public Task<Written> Write(TState before, TState after, GrainCommand<TState, TFact> command, TFact fact, DateTimeOffset now,
        long? admitted) =>
        Add(new(new(before, after), command.Target, fact, now, store.EntryOf(command, before, after, fact, now), admitted));

    protected override async Task Take(IReadOnlyList<Waiting> all)
    {
        var together = new List<Waiting>(all.Count);
        foreach (var one in all)
            if (Admission.IsTooOld(one.What.Admitted)) one.TrySetResult(Written.Late);
            else together.Add(one);
        if (together.Count == 0) return;
        // Rows in one order everywhere, so that two statements seldom wait in a circle.
        var turns = together.Select(t => t.What).OrderBy(t => t.Grain).ToArray();
        var saved = new HashSet<Turn>(turns.Length, ReferenceEqualityComparer.Instance);
        try
        {
            // Without a transaction of its own a batch is one: the setting ends with it.
            await using var batch = database.CreateBatch();
            var command = new NpgsqlBatchCommand();
            batch.BatchCommands.Add(new(WaitsAtMost));
            batch.BatchCommands.Add(command);
            store.AddRows(command.Parameters, [.. turns.Select(t => t.Change)]);
            command.CommandText = _sql ??= Sql(store.UpdateSql, command.Parameters.Count);
            AddFactsAndEntries(command.Parameters, turns);
            await using var rows = await batch.ExecuteReaderAsync();
            await rows.NextResultAsync();
            while (await rows.ReadAsync()) saved.Add(turns[rows.GetInt64(0) - 1]);
        }
        catch (NpgsqlException failed)
        {
            log.TurnsNotWritten(failed, turns.Length);
            foreach (var one in together) one.TrySetResult(Written.Spoiled);
            return;
        }
        foreach (var one in together) one.TrySetResult(saved.Contains(one.What) ? Written.Yes : Written.Fenced);
    }

    static void AddFactsAndEntries(NpgsqlParameterCollection to, Turn[] turns)
    {
        Column(t => t.Grain);
        Column(t => t.Fact.StoredAs);
        Column(t => FactTypes.Write(t.Fact));
        to.Add(new()
        {
            Value = Array.ConvertAll(turns, t => t.At.UtcDateTime),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        Column(t => t.Entry?.Id);
        Column(t => t.Entry?.Organization);
        Column(t => t.Entry?.Origin.Actor);
        Column(t => t.Entry?.Action);
        Column(t => t.Entry?.Origin.Means);
        Column(t => t.Entry?.Origin.Address);
        Column(t => t.Entry?.Origin.RequestId);
        Column(t => t.Entry?.Fact);
        Column(t => t.Entry?.Before);
        Column(t => t.Entry?.After);
        Column(t => t.Entry?.Personal);

        void Column<T>(Func<Turn, T> value) => to.Add(new NpgsqlParameter<T[]> { TypedValue = Array.ConvertAll(turns, t => value(t)) });
    }

    /// <summary>The parameters of facts and entries follow those of the rows; the order of numbers is that of the turns.</summary>
    static string Sql(string update, int rows)
    {
        string P(int number, string type) => $"${rows + number}::{type}[]";
        return $"""
            with saved as ({update}),
            told as (
              insert into kernel.outbox (stream, type, payload, at)
              select f.stream, f.type, f.payload::jsonb, f.at
              from unnest({P(1, "uuid")}, {P(2, "text")}, {P(3, "text")}, {P(4, "timestamptz")})
                with ordinality as f(stream, type, payload, at, no) join saved on saved.no = f.no order by f.no),
            logged as (
              insert into kernel.audit_entry (id, at, organization_id, actor_id, subject_id, action, means, address, request_id, fact,
                before, after, personal)
              select e.id, e.at, e.org, e.actor, e.subject, e.action, e.means, e.address, e.request, e.fact::jsonb, e.before::jsonb,
                e.after::jsonb, e.personal::jsonb
              from unnest({P(1, "uuid")}, {P(4, "timestamptz")}, {P(5, "uuid")}, {P(6, "uuid")}, {P(7, "uuid")}, {P(8, "text")},
                {P(9, "text")}, {P(10, "text")}, {P(11, "text")}, {P(12, "text")}, {P(13, "text")}, {P(14, "text")}, {P(15, "text")})
                with ordinality as e(subject, at, id, org, actor, action, means, address, request, fact, before, after, personal, no)
                join saved on saved.no = e.no where e.id is not null)
            select no from saved
            """;
    }
}
