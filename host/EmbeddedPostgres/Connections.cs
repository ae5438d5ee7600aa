using Npgsql;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>How the embedded server is reached and asked whether it is there.</summary>
internal static class Connections
{
    internal const string User = "postgres", Maintenance = "postgres";

    /// <summary>
    /// Prepares what is used twice and skips the reset between two users of a pooled connection, which measured best.
    /// A socket that only its owner can enter needs no encryption.
    /// </summary>
    internal static string Over(string socket, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = socket,
        Port = ServerFolder.Port,
        Username = User,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
    }.ConnectionString;

    /// <summary>
    /// Null until the running server has written that it is ready. Its <c>postmaster.pid</c> says so in line 8 and names
    /// its socket folder in line 5, so that a sharer needs to be told nothing else.
    /// </summary>
    internal static string? To(DirectoryInfo cluster, string database)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(cluster.FullName, "postmaster.pid"));
            return lines.Length > 7 && lines[7].Trim() == "ready" ? Over(lines[4], database) : null;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw ServerFolder.NotOurs(cluster.FullName, denied);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>No while the server starts, stops, or has not made this database yet.</summary>
    internal static async Task<bool> Answers(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = await Open(connectionString, ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    internal static async Task CreateDatabase(string socket, string database, CancellationToken ct)
    {
        await using var connection = await Open(Over(socket, Maintenance), ct);
        await using var exists = new NpgsqlCommand("select count(*) from pg_database where datname = $1",
            connection)
        { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync(ct) is > 0L) return;
        await using var create = new NpgsqlCommand($"create database \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            connection);
        await create.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Outside the pool, so that asking leaves nothing behind.</summary>
    static async Task<NpgsqlConnection> Open(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
