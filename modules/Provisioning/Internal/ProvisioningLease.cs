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

    readonly Guid _holder = Guid.CreateVersion7();
    readonly List<string> _names = [];
    bool _tried;

    /// <summary>All of them or none, so that nobody waits in a circle; what is more general is taken by an earlier call.</summary>
    public async Task Take(IReadOnlyCollection<string> names, CancellationToken ct)
    {
        for (var pause = FirstPause; !await TryTake(names, ct); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), ct);
        _names.AddRange(names.Except(_names).ToList());
    }

    async Task<bool> TryTake(IReadOnlyCollection<string> names, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        _tried = true;
        var values = new { names = names.Distinct().ToArray(), holder = _holder, life = Life };
        var taken = await connection.ExecuteScalarAsync<int>("""
            with held as (select from directory.provisioning_lease
                where name = any(@names) and holder <> @holder and until > clock_timestamp()),
              taken as (
                insert into directory.provisioning_lease as l (name, holder, until)
                select name, @holder, clock_timestamp() + @life from unnest(@names) name where not exists (select from held) order by name
                on conflict (name) do update set holder = excluded.holder, until = excluded.until
                  where l.holder = excluded.holder or l.until <= clock_timestamp() returning 1)
            select count(*)::int from taken
            """, values);
        if (taken == values.names.Length) return true;
        if (taken > 0) // Somebody took another one of them at the same moment.
            await connection.ExecuteAsync("delete from directory.provisioning_lease where holder = @holder and name = any(@names) "
                + "and name <> all(@kept)", new { values.holder, values.names, kept = _names.ToArray() });
        return false;
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

    public async ValueTask DisposeAsync()
    {
        if (!_tried) return;
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from directory.provisioning_lease where holder = @holder", new { holder = _holder });
    }
}

/// <summary>Another request has taken over what this one held.</summary>
sealed class LeaseLostException() : Exception("The change took too long, and another one for the same person has begun.");
