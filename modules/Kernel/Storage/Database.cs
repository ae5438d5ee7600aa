namespace DirectoryPlatform.Kernel.Storage;

/// <summary>The one pool of connections.</summary>
public static class Database
{
    public static NpgsqlDataSource Open(string connectionString)
    {
        // Prepared statements and no reset on close measured best for short turns;
        // a transaction that its client abandoned must not hold locks.
        // Without a name its spans bear the connection string.
        var builder = new NpgsqlDataSourceBuilder(connectionString) { Name = "directory" };
        var c = builder.ConnectionStringBuilder;
        (c.MaxAutoPrepare, c.AutoPrepareMinUsages, c.NoResetOnClose, c.ApplicationName) = (50, 2, true, "directory-platform");
        c.Options = $"{c.Options} -c idle_in_transaction_session_timeout=60s -c client_connection_check_interval=1s".Trim();
        return builder.Build();
    }

    /// <summary>Whether nobody answers there, or not in time, or has no room, rather than that it refuses something: it stops, starts, has
    /// lost its disk, is a copy that only follows, lacks disk, memory or connections (classes 08, 53, 57P and 58), or has nothing of the
    /// product in it; however often what failed was wrapped on its way.</summary>
    public static bool IsAway(Exception failed) => failed is TimeoutException or EmptyDatabaseException
        or PostgresException { SqlState: ['5', '7', 'P', ..] or ['5', '8', ..] or ['5', '3', ..] or ['0', '8', ..] or "25006" }
        or NpgsqlException { InnerException: IOException or TimeoutException or System.Net.Sockets.SocketException }
        || (failed is AggregateException all ? all.InnerExceptions.Any(IsAway) : failed.InnerException is { } inner && IsAway(inner));
}
