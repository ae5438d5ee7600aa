namespace DirectoryPlatform.Kernel.Storage;

/// <summary>
/// How many connections one node may open: its share of those that the database has, so that all nodes together never ask for more. Whoever
/// finds all of them in use waits for one, as long as the connection string's <c>Timeout</c> says (15 s).
/// </summary>
public static class PoolShare
{
    /// <summary>For people at a console, backups and monitoring (own choice).</summary>
    const int OfOthers = 5;

    /// <summary>Beside the pool: five for who belongs to the cluster, three for counts.</summary>
    const int BesidePool = 8;

    /// <summary>A node with fewer could not do its own background work beside one request (own choice); one with more gains nothing.
    /// </summary>
    internal const int Least = 10, Most = 100;

    /// <param name="nodes">For so many there is room from the start; when more live already, for those.</param>
    /// <returns>The same with a size of the pool, unless it names one.</returns>
    public static async Task<string> Fit(string connectionString, int nodes, CancellationToken ct)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (NamesOne(connectionString)) return connectionString;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }
            .ConnectionString);
        await connection.OpenAsync(ct);
        var (all, living) = await connection.QuerySingleAsync<(int, int)>("""
            select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0),
              (select count(*)::int from kernel.node where lives_until > clock_timestamp())
            """);
        builder.MaxPoolSize = Of(all, Math.Max(nodes, living + 1));
        return builder.ConnectionString;
    }

    /// <param name="connections">That may be opened by who is no superuser.</param>
    internal static int Of(int connections, int nodes) => Math.Clamp(((connections - OfOthers) / nodes) - BesidePool, Least, Most);

    static bool NamesOne(string connectionString) =>
        new System.Data.Common.DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.Cast<string>()
            .Any(key => key.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() is "MAXPOOLSIZE" or "MAXIMUMPOOLSIZE");
}
