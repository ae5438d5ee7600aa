namespace DirectoryPlatform.Kernel.Storage;

/// <summary>Whether the database is the product's at all: a new server has an empty one until a backup is restored into it, and nodes that
/// ran before may run on beside it (SPEC R6).</summary>
public sealed class OwnTables(NpgsqlDataSource database)
{
    /// <summary>The first table that is made, and the last that an installation could lose.</summary>
    public async Task<bool> AreThere(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select to_regclass('kernel.migration') is not null");
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>Whether this failed because there is no table of the product. One that is missing among others is a fault of its own.
    /// </summary>
    public async Task<bool> AreMissedBy(Exception failed, CancellationToken ct) => Misses(failed) && !await AreThere(ct);

    static bool Misses(Exception failed) =>
        failed is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName }
        || failed.InnerException is { } inner && Misses(inner);
}

/// <summary>There is no table of the product: a database that is away, to whoever asks (<see cref="Database.IsAway"/>).</summary>
public sealed class EmptyDatabaseException(Exception failed) : Exception("The database is empty, or not this installation's.", failed);
