using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using DirectoryPlatform.Host.EmbeddedPostgres;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// One real PostgreSQL for the whole test process and a database of its own for every test class, copied from a template
/// that is migrated once: a copy takes some tens of milliseconds, migrating takes longer, and classes never see each other's rows.
/// </summary>
/// <remarks>Knows nothing of xunit, so that the browser tests and the bench can use the file too.
/// The server and its folder go with the process.</remarks>
public static class TestDatabase
{
    static readonly Lazy<Task<EmbeddedPostgres>> Server = new(StartServer);
    static readonly ConcurrentDictionary<MethodInfo, Lazy<Task<string>>> Templates = new();
    static int _databases;

    /// <summary>Makes a database for one test class and answers its connection string.</summary>
    /// <param name="name">For people who look at the server; made unique.</param>
    /// <param name="migrate">Gets the template's connection string, once per process: the same method means the same template.</param>
    public static async Task<string> Fresh(string name, Func<string, Task> migrate)
    {
        var template = await Templates.GetOrAdd(migrate.Method, _ => new(() => MakeTemplate(migrate))).Value;
        var database = NextName(name);
        await Administer($"create database {database} template {template}");
        return await To(database);
    }

    /// <summary>Ends every connection to the database and drops it; for a fixture's disposal.</summary>
    public static async Task Drop(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await using (var any = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(any);
        await Administer($"drop database if exists {database} with (force)");
    }

    /// <summary>An empty one of the same name takes its place, as on a new server.</summary>
    public static async Task Empty(string connectionString)
    {
        await Drop(connectionString);
        await Administer($"create database {new NpgsqlConnectionStringBuilder(connectionString).Database}");
    }

    static async Task<string> MakeTemplate(Func<string, Task> migrate)
    {
        var template = NextName("template");
        await Administer($"create database {template}");
        await migrate(await To(template));
        // A template can be copied only while nobody is connected to it.
        await Administer(
            $"alter database {template} allow_connections false",
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{template}'");
        return template;
    }

    /// <summary>Lower-case letters, digits and underscores, so that no name needs quoting; 63 bytes at most.</summary>
    static string NextName(string name)
    {
        var plain = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return string.Create(CultureInfo.InvariantCulture,
            $"t{Interlocked.Increment(ref _databases)}_{plain[..Math.Min(plain.Length, 50)]}");
    }

    /// <summary>A small pool each: the server's connections are shared by all classes that run at once.</summary>
    static async Task<string> To(string database) =>
        new NpgsqlConnectionStringBuilder((await Server.Value).ConnectionString) { Database = database, MaxPoolSize = 40 }.ConnectionString;

    static async Task Administer(params string[] statements)
    {
        await using var connection = new NpgsqlConnection((await Server.Value).ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Test hosts are often killed at their end, so the folder is removed by a shell that waits for that end,
    /// then for the server's.</summary>
    const string Sweeper = """
        exec >/dev/null 2>&1
        read -r _
        left=600
        while [ -e "$0/postgres/cluster/postmaster.pid" ] && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
        rm -rf "$0"
        """;

    const string Shared = "/dev/shm", Prefix = "directory-platform-tests-";

    /// <summary>
    /// DIRECTORYPLATFORM_IN_MEMORY=1: small tests make databases of a thousand files and drop them, and a file costs a disk more than what
    /// is in it. Only where there is memory for it, and others have left enough; null elsewhere.
    /// </summary>
    static DirectoryInfo? InMemory()
    {
        const long gigabyte = 1L << 30;
        if (Environment.GetEnvironmentVariable("DIRECTORYPLATFORM_IN_MEMORY") != "1" || !Directory.Exists(Shared)
            || GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 7 * gigabyte || new DriveInfo(Shared).AvailableFreeSpace < 3 * gigabyte
            || AvailableMemory(File.ReadLines("/proc/meminfo")) < 5 * gigabyte)
            return null;
        return Directory.CreateDirectory($"{Shared}/{Prefix}{Guid.NewGuid():N}");
    }

    /// <summary>In bytes, what the system can still give without taking it from anybody; 0 where it does not say.</summary>
    internal static long AvailableMemory(IEnumerable<string> meminfo) => meminfo
        .Where(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .FirstOrDefault();

    /// <summary>Longer than any start takes, during which there is a folder and no server in it.</summary>
    internal static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

    /// <summary>Removes what is left of processes whose sweeper was killed with them: it would take memory as long as the machine runs.
    /// </summary>
    internal static void ClearAway(DirectoryInfo shared)
    {
        foreach (var folder in shared.GetDirectories($"{Prefix}*"))
            try
            {
                if (IsLeft(folder)) folder.Delete(recursive: true);
            }
            catch (Exception others) when (others is IOException or UnauthorizedAccessException)
            {
                // Its owner lives, it is another user's, or another process clears it away at this moment.
            }
    }

    /// <exception cref="IOException">Its owner lives.</exception>
    static bool IsLeft(DirectoryInfo folder)
    {
        if (DateTime.UtcNow - folder.LastWriteTimeUtc < LongestStart) return false;
        var postgres = Path.Combine(folder.FullName, "postgres");
        var held = Path.Combine(postgres, "lock");
        if (File.Exists(held)) new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
        return StaleServer.WorkingIn(new(Path.Combine(postgres, "cluster"))).Count == 0;
    }

    static async Task<EmbeddedPostgres> StartServer()
    {
        if (Directory.Exists(Shared)) ClearAway(new(Shared));
        var memory = InMemory();
        var folder = memory ?? Directory.CreateTempSubdirectory(Prefix);
        _sweeper = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Sweeper, folder.FullName]) { RedirectStandardInput = true });
        var options = EmbeddedPostgresOptions.ForTests;
        if (memory is not null)
            options = options with
            {
                Settings = new Dictionary<string, string>(options.Settings) { ["max_wal_size"] = "256MB", ["wal_compression"] = "off" },
            };
        return await EmbeddedPostgres.Start(folder, options);
    }

    /// <summary>Held, so that its pipe stays open as long as this process lives.</summary>
    static Process? _sweeper;
}
