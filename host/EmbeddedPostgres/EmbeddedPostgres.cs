using Npgsql;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>
/// A PostgreSQL server of one's own in one folder, so that <c>./run</c> needs nothing but the server's binaries (SPEC R1).
/// It listens on a Unix socket that only its owner can reach: no port to collide, no password to keep.
/// </summary>
/// <remarks>
/// The first process on a folder starts the server and owns it; every later one shares it. The server ends with its owner:
/// when that process ends, sharers lose their connections, and the next start on the folder owns a new server.
/// Installations that must outlive any of their processes use a server of their own (SPEC R2).
/// </remarks>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>EWOULDBLOCK of flock(2): somebody else holds the lock.
    /// A full or read-only disk is another matter and is told as it is.</summary>
    const int WouldBlock = 11;

    readonly Ownership? _ownership;

    EmbeddedPostgres(string connectionString, Ownership? ownership) => (ConnectionString, _ownership) = (connectionString, ownership);

    /// <summary>For Npgsql; names the database of the options, which exists.</summary>
    public string ConnectionString { get; }

    /// <summary>False when another process's server is shared.</summary>
    public bool Owned => _ownership is not null;

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Returns when the database answers: about a second on an empty folder, 0.2 s later.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot run here; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> Start(DirectoryInfo data, EmbeddedPostgresOptions options, CancellationToken ct = default)
    {
        var folder = await ServerFolder.In(data, ct);
        for (var until = Now + options.StartWithin; Now < until; await Task.Delay(25, ct))
        {
            if (TakeLock(folder) is { } held) return await Own(new(folder, held), options, until, ct);
            var shared = Connections.To(folder.Cluster, options.Database);
            if (shared is not null && await Connections.Answers(shared, ct)) return new(shared, null);
        }
        throw new EmbeddedPostgresException(
            $"Another process holds {folder.Lock}, but its PostgreSQL did not answer within {options.StartWithin.TotalSeconds:0} s.");
    }

    /// <summary>The owner stops the server and waits for it; a sharer only lets go.</summary>
    public async ValueTask DisposeAsync()
    {
        // Pooled connections would be found dead by whoever opens this connection string next.
        await using (var any = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(any);
        if (_ownership is not null) await _ownership.DisposeAsync();
    }

    /// <summary>The kernel lets go of the lock when its holder ends, so it is never stale.</summary>
    static FileStream? TakeLock(ServerFolder folder)
    {
        try
        {
            return new(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw ServerFolder.NotOurs(folder.Root, denied);
        }
        catch (IOException held) when (held.HResult == WouldBlock)
        {
            return null;
        }
    }

    static async Task<EmbeddedPostgres> Own(Ownership ownership, EmbeddedPostgresOptions options, DateTimeOffset until,
        CancellationToken ct)
    {
        try
        {
            var folder = ownership.Folder;
            var binaries = await PostgresBinaries.Find(folder.Cluster, ct);
            var user = await ServerUser.For(folder.Cluster, ct);
            await folder.Prepare(user, ct);
            await StaleServer.Stop(folder, ct);
            await NewCluster.Create(folder, binaries, user, options, ct);
            if (File.Exists(folder.Log)) File.Move(folder.Log, folder.Log + ".previous", overwrite: true);
            var arguments = ServerArguments(folder, binaries, user, options).ToList();
            ownership.Keeper = Keeper.Start(folder.Log, arguments);
            await UntilReady(folder, ownership.Keeper, until, ct);
            await Connections.CreateDatabase(folder.Socket, options.Database, ct);
            ownership.StartAgain = async letGo =>
            {
                await StaleServer.Stop(folder, letGo);
                ownership.Keeper = Keeper.Start(folder.Log, arguments);
                // However long it recovers: to begin anew would take longer.
                await UntilReady(folder, ownership.Keeper, DateTimeOffset.MaxValue, letGo);
            };
            return new(Connections.Over(folder.Socket, options.Database), ownership);
        }
        catch
        {
            await ownership.DisposeAsync();
            throw;
        }
    }

    static IEnumerable<string> ServerArguments(ServerFolder folder, PostgresBinaries binaries, ServerUser user,
        EmbeddedPostgresOptions options) =>
    [
        .. user.Prefix, binaries.Postgres, "-D", folder.Cluster.FullName, "-k", folder.Socket, "-p", $"{ServerFolder.Port}",
        "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
        .. options.EffectiveSettings().SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"]),
    ];

    static async Task UntilReady(ServerFolder folder, Keeper keeper, DateTimeOffset until, CancellationToken ct)
    {
        for (; ; await Task.Delay(10, ct))
        {
            if (keeper.HasEnded)
                throw new EmbeddedPostgresException(
                    $"PostgreSQL did not start. Its log, {folder.Log}, ends with:\n{await LastLines(folder.Log, ct)}");
            if (Now > until) throw new EmbeddedPostgresException($"PostgreSQL did not get ready in time; see {folder.Log}.");
            if (Connections.To(folder.Cluster, Connections.Maintenance) is { } server && await Connections.Answers(server, ct)) return;
        }
    }

    static async Task<string> LastLines(string log, CancellationToken ct) =>
        File.Exists(log) ? string.Join('\n', (await File.ReadAllLinesAsync(log, ct)).TakeLast(5)) : "(there is none)";
}
