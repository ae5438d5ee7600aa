namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>
/// The names that one request holds while it works. Between its statements no transaction is open and no connection is held, so that the
/// modules' own commands in between find theirs. A process that dies lets go when the lease ends; one that takes longer is overtaken and
/// then writes nothing more.
/// </summary>
sealed class ProvisioningLease(NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>Longer than a request takes, and no longer than a provider waits for an answer (own choice).</summary>
    static readonly TimeSpan Life = TimeSpan.FromSeconds(20);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(4), LongestPause = TimeSpan.FromMilliseconds(100);

    const string ExpectationFailed = "DP001";

    const string LetGo = "delete from directory.provisioning_lease where holder = $1";

    readonly Guid _holder = Guid.CreateVersion7();
    readonly List<string> _names = [];
    bool _tried;

    /// <summary>All of them or none, so that nobody waits in a circle; what is more general is taken by an earlier call.</summary>
    public Task Take(IReadOnlyCollection<string> names, CancellationToken ct) => Take(names, Looked.Nothing, ct);

    /// <summary>The same, and a look right behind it, in one round trip.</summary>
    public async Task<T> Take<T>(IReadOnlyCollection<string> names, Looked<T> look, CancellationToken ct)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (taken, seen) = await TryTake(names, look, ct);
            if (taken)
            {
                _names.AddRange(names.Except(_names).ToList());
                return seen;
            }
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), ct);
        }
    }

    async Task<(bool Taken, T Seen)> TryTake<T>(IReadOnlyCollection<string> names, Looked<T> look, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        _tried = true;
        var wanted = names.Distinct().ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Statement.Of("""
                with held as (select from directory.provisioning_lease
                    where name = any($1) and holder <> $2 and until > clock_timestamp()),
                  taken as (
                    insert into directory.provisioning_lease as l (name, holder, until)
                    select name, $2, clock_timestamp() + $3 from unnest($1) name where not exists (select from held) order by name
                    on conflict (name) do update set holder = excluded.holder, until = excluded.until
                      where l.holder = excluded.holder or l.until <= clock_timestamp() returning 1)
                select count(*)::int from taken
                """, wanted, _holder, Life) }
        };
        foreach (var statement in look.Statements()) batch.BatchCommands.Add(statement);
        int taken;
        T seen;
        await using (var rows = await batch.ExecuteReaderAsync(ct))
        {
            await rows.ReadAsync(ct);
            taken = rows.GetInt32(0);
            await rows.NextResultAsync(ct);
            seen = await look.Read(rows, ct);
        }
        if (taken == wanted.Length) return (true, seen);
        if (taken > 0) // Somebody took another one of them at the same moment.
            await connection.ExecuteAsync("delete from directory.provisioning_lease where holder = @holder and name = any(@names) "
                + "and name <> all(@kept)", new { holder = _holder, names = wanted, kept = _names.ToArray() });
        return (false, seen);
    }

    public async Task<T> Look<T>(Func<NpgsqlConnection, Task<T>> look, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await look(connection);
    }

    /// <summary>Writes in a transaction of its own, in which nothing of another module runs.</summary>
    /// <exception cref="LeaseLostException">It took too long, and somebody else is at it: nothing was written.</exception>
    public async Task<T> Write<T>(Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var held = await connection.ExecuteAsync(new CommandDefinition(
            "update directory.provisioning_lease set until = clock_timestamp() + @life where holder = @holder and name = any(@names)",
            new { life = Life, holder = _holder, names = _names.ToArray() }, transaction, cancellationToken: ct));
        if (held != _names.Count) throw new LeaseLostException();
        var result = await work(connection, transaction);
        await transaction.CommitAsync(ct);
        return result;
    }

    public Task Write(Func<NpgsqlConnection, Task> work, CancellationToken ct) => Write(async (connection, _) =>
    {
        await work(connection);
        return true;
    }, ct);

    /// <summary>One statement that writes, in one round trip.</summary>
    /// <exception cref="LeaseLostException">It took too long, and somebody else is at it: nothing was written.</exception>
    public async Task Write(NpgsqlBatchCommand statement, CancellationToken ct)
    {
        // A batch by itself is a transaction.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("""
            with held as (
              update directory.provisioning_lease set until = clock_timestamp() + $2 where holder = $1 and name = any($3) returning 1)
            select kernel.expect($4, count(*)) from held
            """, _holder, Life, _names.ToArray(), (long)_names.Count));
        batch.BatchCommands.Add(statement);
        try { await batch.ExecuteNonQueryAsync(ct); }
        catch (PostgresException lost)
        when (lost.SqlState == ExpectationFailed && ReferenceEquals(lost.BatchCommand, batch.BatchCommands[0]))
        {
            throw new LeaseLostException();
        }
    }

    /// <summary>The last that is written, in one round trip: all of it or nothing, and the names are free again with it.</summary>
    /// <returns>False when one of the statements did not find what it expects (<c>kernel.expect</c>): nothing was written, and the names
    /// are held still.</returns>
    /// <exception cref="LeaseLostException">It took too long, and somebody else is at it: nothing was written.</exception>
    public async Task<bool> End(NpgsqlBatchCommand write, IEnumerable<NpgsqlBatchCommand> beside, CancellationToken ct) =>
        (await End(write, Looked.Nothing, beside, ct)).Written;

    /// <summary>The same, and a look at what was written.</summary>
    /// <param name="write">Answers one row, if there is a look.</param>
    public async Task<(bool Written, T? Seen)> End<T>(NpgsqlBatchCommand write, Looked<T> look, IEnumerable<NpgsqlBatchCommand> beside,
        CancellationToken ct)
    {
        // A batch by itself is a transaction.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("""
            with held as (delete from directory.provisioning_lease where holder = $1 returning 1)
            select kernel.expect($2, count(*)) from held
            """, _holder, (long)_names.Count));
        foreach (var statement in (NpgsqlBatchCommand[])[write, .. look.Statements(), .. beside]) batch.BatchCommands.Add(statement);
        T seen;
        try
        {
            await using var rows = await batch.ExecuteReaderAsync(ct);
            await rows.NextResultAsync(ct);
            await rows.NextResultAsync(ct);
            seen = await look.Read(rows, ct);
            while (await rows.NextResultAsync(ct)) { } // an error stands where its statement does
        }
        catch (PostgresException unmet) when (unmet.SqlState == ExpectationFailed)
        {
            if (ReferenceEquals(unmet.BatchCommand, batch.BatchCommands[0])) throw new LeaseLostException();
            return (false, default);
        }
        _tried = false;
        return (true, seen);
    }

    /// <summary>Nothing is to be written: the names are free again, with a look behind it in the same round trip.</summary>
    public async Task<T> End<T>(Looked<T> look, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        foreach (var statement in (NpgsqlBatchCommand[])[Statement.Of(LetGo, _holder), .. look.Statements()])
            batch.BatchCommands.Add(statement);
        T seen;
        await using (var rows = await batch.ExecuteReaderAsync(ct))
        {
            seen = await look.Read(rows, ct);
            while (await rows.NextResultAsync(ct)) { } // an error stands where its statement does
        }
        _tried = false;
        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_tried) return;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statement.Of(LetGo, _holder));
        await batch.ExecuteNonQueryAsync();
    }
}

/// <summary>Questions that can travel with other statements.</summary>
/// <param name="Statements">Made anew for each batch; each answers rows, if only none.</param>
/// <param name="Read">The rows of the first one, and then of the others.</param>
sealed record Looked<T>(Func<IReadOnlyList<NpgsqlBatchCommand>> Statements, Func<NpgsqlDataReader, CancellationToken, Task<T>> Read)
{
    /// <summary>Both in one round trip.</summary>
    public Looked<(T First, TMore More)> And<TMore>(Looked<TMore> more) => new(
        () => [.. Statements(), .. more.Statements()], async (rows, ct) =>
        {
            var first = await Read(rows, ct);
            await rows.NextResultAsync(ct);
            return (first, await more.Read(rows, ct));
        });
}

static class Looked
{
    public static readonly Looked<bool> Nothing = new(() => [], (_, _) => Task.FromResult(false));
}

/// <summary>Another request has taken over what this one held.</summary>
sealed class LeaseLostException() : Exception("The change took too long, and another one for the same person has begun.");
