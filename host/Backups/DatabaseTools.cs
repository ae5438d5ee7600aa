using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using Npgsql;

namespace DirectoryPlatform.Host.Backups;

/// <summary>PostgreSQL's own programs for writing a database into a file and back.</summary>
static class DatabaseTools
{
    /// <summary>Where those look who ask for the system's own authorities: of Debian, of Red Hat, of others.</summary>
    static readonly string[] Authorities = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

    /// <summary>What Npgsql, too, reads from the environment.</summary>
    static readonly string[] Honoured = ["PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY"];

    /// <summary>One that can do its work on this server.</summary>
    /// <param name="tool">pg_dump, of the server's version or a newer one, or pg_restore, of the server's own: what a newer one sets
    /// for its session, an older server does not know.</param>
    /// <exception cref="EmbeddedPostgresException">It is not installed.</exception>
    public static async Task<(string Path, int Version)> Find(string tool, string connectionString, CancellationToken ct)
    {
        var server = await MajorVersion(connectionString, ct);
        return await PostgresBinaries.FindTool(tool, server, mayBeNewer: tool == "pg_dump", ct);
    }

    /// <summary>Runs one of them against the database to its end.</summary>
    /// <exception cref="StartRefused">It failed; with its own last words.</exception>
    public static async Task Run(string program, string connectionString, IEnumerable<string> arguments, CancellationToken ct)
    {
        var environment = EnvironmentOf(connectionString, Environment.GetEnvironmentVariables().Keys.Cast<string>().ToHashSet());
        var done = await Command.Run([program, "--no-password", .. arguments], ct, environment);
        if (!done.Succeeded)
            throw new StartRefused($"{Path.GetFileName(program)} failed:\n{string.Join('\n', done.Output.Split('\n').TakeLast(5))}");
    }

    static async Task<int> MajorVersion(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        return connection.PostgreSqlVersion.Major;
    }

    /// <summary>What Npgsql's string says, as these programs read it; a password does not stand among the arguments, which every user of
    /// the machine can see.</summary>
    /// <param name="inherited">Names of this process's variables.</param>
    /// <returns>Over them; null takes a name out.</returns>
    internal static Dictionary<string, string?> EnvironmentOf(string connectionString, IReadOnlySet<string> inherited)
    {
        var c = new NpgsqlConnectionStringBuilder(connectionString);
        var set = inherited.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).Except(Honoured)
            .ToDictionary(name => name, _ => (string?)null);
        (string Name, string? Value)[] said =
        [
            ("PGHOST", c.Host), ("PGPORT", $"{c.Port}"), ("PGDATABASE", c.Database ?? c.Username), ("PGUSER", c.Username),
            ("PGPASSWORD", c.Password), ("PGPASSFILE", c.Passfile), ("PGSSLCERT", c.SslCertificate), ("PGSSLKEY", c.SslKey),
            ("PGSSLROOTCERT", c.RootCertificate ?? (c.SslMode is SslMode.VerifyCA or SslMode.VerifyFull
                && !inherited.Contains("PGSSLROOTCERT") && !File.Exists(OwnAuthorities) ? Authorities.FirstOrDefault(File.Exists) : null)),
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

    /// <summary>Both sides take it where it is; where it is not, Npgsql takes the system's, and these programs take none.</summary>
    static string OwnAuthorities =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".postgresql", "root.crt");
}
