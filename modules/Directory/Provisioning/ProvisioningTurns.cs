using Dapper;
using Npgsql;

namespace DirectoryPlatform.Directory.Provisioning;

/// <summary>
/// One request at a time for one person, on all nodes together. What is done to the account happens in the Accounts room's own turns, on connections of their own; the lock around them makes the
/// requests of one person follow one another. It is an advisory one and no row's: an erasure holds the account's row and wants ours, so a row's lock could wait in a circle that no database sees.
/// </summary>
sealed class ProvisioningTurns(NpgsqlDataSource database)
{
    /// <summary>Turns under way on this node: each holds a connection while the account's turn needs another, so all connections must never be held.</summary>
    const int Most = 16;

    readonly SemaphoreSlim _room = new(Most);

    public static string Of(Guid account) => $"provisioned {account}";

    /// <param name="names">Taken in this order: what is more general first, so that nobody waits in a circle.</param>
    /// <param name="deed">Commits by itself what it wrote on the connection; the locks end with the transaction.</param>
    public async Task<T> Alone<T>(IReadOnlyCollection<string> names, Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> deed, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var name in names) batch.BatchCommands.Add(new("select pg_advisory_xact_lock(hashtextextended($1, 0))") { Parameters = { new() { Value = name } } });
            await batch.ExecuteNonQueryAsync(ct);
            return await deed(connection, transaction);
        }
        finally { _room.Release(); }
    }

    /// <summary>One name more, known only after a part of the deed: always the last one.</summary>
    public static Task Also(NpgsqlConnection connection, string name, CancellationToken ct) => connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(hashtextextended(@name, 0))", new { name }, cancellationToken: ct));
}
