using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>Delivers what one stream has read, and crosses it off in small steps, while the lease lasts.</summary>
sealed class StreamDelivery(NpgsqlDataSource database, IServiceScopeFactory scopes, FactTypes types, TimeProvider clock, ILogger log)
{
    /// <summary>How many facts listeners take at once; of many ids one fact counts as that many, but a fact is never cut for that.
    /// </summary>
    const int AtOnce = 100;

    /// <summary>What was delivered and not crossed off is heard again after a crash: so much of it at most (own choices).</summary>
    const int MostUncrossed = 100;

    static readonly TimeSpan LongestUncrossed = TimeSpan.FromMilliseconds(200);

    readonly List<Waiting> _delivered = [];
    readonly HashSet<Guid> _held = [];
    readonly Dictionary<Type, (Hearing Hearing, int AtOnce)> _listeners = [];
    long _crossed = Stopwatch.GetTimestamp();

    /// <exception cref="Exception">The database is not to be had. What was not crossed off is heard again.</exception>
    public async Task Run(StreamLease lease, Guid node, IReadOnlyList<Waiting> batch, CancellationToken ct)
    {
        var mine = true;
        await using var scope = scopes.CreateAsyncScope();
        foreach (var some in InGroups(batch, scope.ServiceProvider))
        {
            if (ct.IsCancellationRequested || !(mine = lease.IsMine)) break;
            var open = some.Where(fact => !fact.Ids.Any(_held.Contains)).ToList();
            // Cross off what was delivered; only the facts at hand may be heard twice.
            if (open.Count > 0 && !await Deliver(open, lease, node, ct)) break;
            if (_delivered.Count >= MostUncrossed || Stopwatch.GetElapsedTime(_crossed) > LongestUncrossed)
                if (!(mine = await CrossOff(lease, node))) break;
        }
        if (mine) mine = await CrossOff(lease, node);
        if (mine) return;
        lease.Lose();
        log.StreamLost(lease.No);
    }

    /// <summary>In the order of each id, as many of one type together as there are listeners that take them.</summary>
    IEnumerable<IReadOnlyList<Waiting>> InGroups(IReadOnlyList<Waiting> batch, IServiceProvider services)
    {
        var last = new Dictionary<Guid, int>();
        return batch.Select(fact =>
            {
                var turn = fact.Ids.Max(id => last.GetValueOrDefault(id)) + 1;
                foreach (var id in fact.Ids) last[id] = turn;
                return (turn, fact);
            })
            .GroupBy(f => (f.turn, Type: types.Find(f.fact.Type))).OrderBy(group => group.Key.turn)
            .SelectMany(group => Cut(group.Select(f => f.fact), group.Key.Type is { } type ? Listeners(type, services).AtOnce : 1));
    }

    (Hearing Hearing, int AtOnce) Listeners(Type type, IServiceProvider services)
    {
        if (_listeners.TryGetValue(type, out var known)) return known;
        var hearing = Hearing.Of(type);
        return _listeners[type] = (hearing, hearing.AtOnce(services, AtOnce));
    }

    static IEnumerable<IReadOnlyList<Waiting>> Cut(IEnumerable<Waiting> facts, int atOnce)
    {
        var (some, ids) = (new List<Waiting>(), 0);
        foreach (var fact in facts)
        {
            if (some.Count > 0 && atOnce > 0 && ids + fact.Ids.Count > atOnce)
            {
                yield return some;
                (some, ids) = ([], 0);
            }
            some.Add(fact);
            ids += fact.Ids.Count;
        }
        if (some.Count > 0) yield return some;
    }

    /// <returns>False when this node was told to end meanwhile.</returns>
    async Task<bool> Deliver(IReadOnlyList<Waiting> some, StreamLease lease, Guid node, CancellationToken ct)
    {
        try
        {
            await Tell(some, ct);
            _delivered.AddRange(some);
            return true;
        }
        catch (Exception) when (ct.IsCancellationRequested) { return false; }
        // Each by itself: then it is known whose listener throws.
        catch (Exception) when (some.Count > 1)
        {
            foreach (var one in some)
                if (!lease.IsMine || !await Deliver([one], lease, node, ct)) return false;
            return true;
        }
        catch (Exception failed)
        {
            _held.UnionWith(some[0].Ids);
            await WriteDown(some[0], failed, lease, node);
            return true;
        }
    }

    async Task Tell(IReadOnlyList<Waiting> some, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (types.Find(some[0].Type) is { } known && Listeners(known, scope.ServiceProvider).AtOnce == 0) return;
        var facts = some.Select(waiting => waiting.Fact ?? types.Read(waiting.Type, waiting.Payload)).ToList();
        var type = facts[0].GetType();
        using var span = Spans.Work($"deliver {type.Name}");
        span?.SetTag("directory.facts", facts.Count);
        try { await Listeners(type, scope.ServiceProvider).Hearing.Tell(scope.ServiceProvider, facts, ct); }
        catch (Exception failed)
        {
            span.Failed(failed);
            throw;
        }
        Meters.Facts.Count("fact", type.Name, facts.Count);
    }

    async Task WriteDown(Waiting fact, Exception failed, StreamLease lease, Guid node)
    {
        log.FactNotDelivered(failed, fact.Type, fact.Seq, fact.Attempts + 1);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update kernel.outbox set attempts = attempts + 1, next_at = @next, failure = @failure where seq = @Seq
              and exists (select from kernel.delivery_stream where no = @No and holder = @node and token = @Token)
            """, new
        {
            fact.Seq,
            failure = failed.Message,
            next = (clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(300, 1 << Math.Min(fact.Attempts, 8)))).UtcDateTime,
            No = (short)lease.No,
            node,
            lease.Token,
        });
    }

    /// <summary>One round trip, whose commit nobody waits for: after a crash of the database's machine some would be heard again.</summary>
    /// <returns>False when the stream has another holder by now; nothing was crossed off then.</returns>
    async Task<bool> CrossOff(StreamLease lease, Guid node)
    {
        _crossed = Stopwatch.GetTimestamp();
        if (_delivered.Count == 0) return true;
        const string mine = "exists (select from kernel.delivery_stream where no = $1 and holder = $2 and token = $3)";
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select set_config('synchronous_commit', 'off', true)"));
        Add($"delete from kernel.outbox where seq = any($4) and {mine}", new NpgsqlParameter<long[]>
        {
            TypedValue = [.. _delivered.Where(fact => fact.Heard == 0).Select(fact => fact.Seq)],
        });
        foreach (var part in _delivered.Where(fact => fact.Heard != 0).OrderBy(fact => fact.Seq))
        {
            Add($"update kernel.outbox set heard = heard | $5 where seq = $4 and {mine}",
                new NpgsqlParameter<long> { TypedValue = part.Seq }, new NpgsqlParameter<int> { TypedValue = part.Heard });
            Add($"delete from kernel.outbox where seq = $4 and heard = $5 and {mine}", new NpgsqlParameter<long> { TypedValue = part.Seq },
                new NpgsqlParameter<int> { TypedValue = DeliveryStreams.AllBits });
        }
        Add($"select {mine}");
        _delivered.Clear();
        await using var answers = await batch.ExecuteReaderAsync();
        // The last of the answers: statements that return nothing have none.
        var isMine = false;
        do
            while (await answers.ReadAsync())
                if (answers.GetFieldType(0) == typeof(bool)) isMine = answers.GetBoolean(0);
        while (await answers.NextResultAsync());
        return isMine;

        void Add(string sql, params NpgsqlParameter[] more)
        {
            var command = new NpgsqlBatchCommand(sql)
            {
                Parameters =
                {
                    new NpgsqlParameter<short> { TypedValue = (short)lease.No }, new NpgsqlParameter<Guid> { TypedValue = node },
                    new NpgsqlParameter<long> { TypedValue = lease.Token },
                },
            };
            foreach (var parameter in more) command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }
    }
}
