using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using Npgsql;

namespace DirectoryPlatform.Host.Backups;

/// <summary>PostgreSQL's own programs for writing a database into a file and back.</summary>
static class DatabaseTools
{
    /// <summary>Runs one of them against the database to its end.</summary>
    /// <param name="tool">pg_dump or pg_restore.</param>
    /// <exception cref="StartRefused">It is not installed, too old for the server, or failed; with its own last words.</exception>
    public static async Task Run(string tool, string connectionString, IEnumerable<string> arguments, CancellationToken ct)
    {
        var program = await PostgresBinaries.FindTool(tool, await MajorVersion(connectionString, ct), ct);
        var done = await Command.Run([program, "--no-password", .. arguments], ct, EnvironmentOf(connectionString));
        if (!done.Succeeded)
            throw new StartRefused($"{tool} failed:\n{string.Join('\n', done.Output.Split('\n').TakeLast(5))}");
    }

    static async Task<int> MajorVersion(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        return connection.PostgreSqlVersion.Major;
    }

    /// <summary>What Npgsql's string says, as these programs read it; a password does not stand among the arguments, which every user of
    /// the machine can see.</summary>
    static Dictionary<string, string?> EnvironmentOf(string connectionString)
    {
        var c = new NpgsqlConnectionStringBuilder(connectionString);
        var names = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("PG", StringComparison.Ordinal));
        var set = names.ToDictionary(name => name, _ => (string?)null);
        (string Name, string? Value)[] said =
        [
            ("PGHOST", c.Host), ("PGPORT", $"{c.Port}"), ("PGDATABASE", c.Database ?? c.Username), ("PGUSER", c.Username),
            ("PGPASSWORD", c.Password), ("PGPASSFILE", c.Passfile), ("PGSSLROOTCERT", c.RootCertificate), ("PGSSLCERT", c.SslCertificate),
            ("PGSSLKEY", c.SslKey),
            ("PGSSLMODE", c.SslMode switch
            {
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
                var other => $"{other}".ToLowerInvariant(),
            }),
        ];
        foreach (var (name, value) in said) if (!string.IsNullOrEmpty(value)) set[name] = value;
        return set;
    }
}
