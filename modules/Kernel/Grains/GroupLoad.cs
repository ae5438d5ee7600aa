namespace DirectoryPlatform.Kernel.Grains;

/// <param name="State">Null for a grain that does not exist.</param>
/// <param name="Done">What the command has brought already; null for one that is new.</param>
readonly record struct Loaded<TState, TFact>(TState? State, TFact? Done) where TState : class where TFact : Fact;

/// <summary>The looks of grains that begin together are one, and it also asks whether their commands were done before.</summary>
sealed class GroupLoad<TState, TFact>(NpgsqlDataSource database, GrainStore<TState, TFact> store, FactTypes types)
    : Together<(Guid Grain, Guid Command), Loaded<TState, TFact>>(loops: 2, most: 256, enough: 32)
    where TState : class
    where TFact : Fact
{
    readonly DoneCommands<TFact> _done = new(types);

    public Task<Loaded<TState, TFact>> Load(Guid grain, Guid command) => Add((grain, command));

    protected override async Task Take(IReadOnlyList<Waiting> together)
    {
        await using var batch = database.CreateBatch();
        // In this order: a command that is done between the two is found by the second.
        batch.BatchCommands.Add(Of(store.ReadSql, [.. together.Select(t => t.What.Grain).Distinct()]));
        batch.BatchCommands.Add(Of(store.DoneSql, [.. together.Select(t => t.What.Command)]));
        var states = new Dictionary<Guid, TState>(together.Count);
        Dictionary<Guid, TFact> done;
        await using (var rows = await batch.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                var state = store.Read(rows);
                states[store.IdOf(state)] = state;
            }
            await rows.NextResultAsync();
            done = await _done.Read(rows);
        }
        foreach (var one in together)
            one.TrySetResult(new(states.GetValueOrDefault(one.What.Grain), done.GetValueOrDefault(one.What.Command)));
    }

    static NpgsqlBatchCommand Of(string sql, Guid[] ids) => new(sql) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } } };
}
