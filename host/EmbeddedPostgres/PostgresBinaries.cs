using System.Globalization;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>The folder with <c>postgres</c> and <c>initdb</c>: POSTGRES_BIN, then PATH,
/// then the highest version that Debian's packages installed.</summary>
internal sealed record PostgresBinaries(string Folder)
{
    const string Installed = "/usr/lib/postgresql";

    internal string Postgres => Path.Combine(Folder, "postgres");
    internal string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>A data folder belongs to one major version for ever, so once there is one, only that version is looked for.</summary>
    internal static async Task<PostgresBinaries> Find(DirectoryInfo cluster, CancellationToken ct)
    {
        var candidates = Folders().Select(folder => new PostgresBinaries(folder))
            .Where(IsComplete).DistinctBy(found => found.Folder).ToList();
        if (candidates.Count == 0)
            throw new EmbeddedPostgresException(
                "PostgreSQL is not installed. Install it with: apt-get install postgresql-15"
                + " (or set POSTGRES_BIN to the folder that holds postgres and initdb,"
                + " or ConnectionStrings__Directory to a server of your own).");

        var versionFile = Path.Combine(cluster.FullName, "PG_VERSION");
        if (!File.Exists(versionFile)) return candidates[0];

        var wanted = (await File.ReadAllTextAsync(versionFile, ct)).Trim();
        foreach (var candidate in candidates)
            if (await MajorVersion(candidate.Postgres, ct) == wanted) return candidate;
        throw new EmbeddedPostgresException(
            $"The data in {cluster.FullName} was written by PostgreSQL {wanted}, which is not installed. "
            + $"Install it with: apt-get install postgresql-{wanted}");
    }

    /// <summary>A client's program, such as pg_dump: of the server's own major version, or else of the next one that is there, where that
    /// can do the work. Older ones refuse newer servers.</summary>
    /// <exception cref="EmbeddedPostgresException"/>
    internal static async Task<(string Path, int Version)> FindTool(string name, int server, bool mayBeNewer, CancellationToken ct)
    {
        var found = new List<(string Path, int Version)>();
        // Debian's own pg_dump in the path is a script that chooses among its clusters.
        foreach (var path in Folders().Reverse().Select(folder => Path.Combine(folder, name)).Where(File.Exists).Distinct())
            if (int.TryParse(await MajorVersion(path, ct), CultureInfo.InvariantCulture, out var version)
                && (version == server || mayBeNewer && version > server)) found.Add((path, version));
        return found.Count > 0 ? found.MinBy(f => f.Version) : throw new EmbeddedPostgresException(
            $"{name} of PostgreSQL {server}{(mayBeNewer ? " or newer" : "")} is not installed. Install it with: "
            + $"apt-get install postgresql-client-{server} (or set POSTGRES_BIN to the folder that holds it).");
    }

    static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("POSTGRES_BIN") is { Length: > 0 } named) yield return named;
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        if (!Directory.Exists(Installed)) yield break;
        foreach (var version in Directory.GetDirectories(Installed).OrderByDescending(VersionInName))
            yield return Path.Combine(version, "bin");
    }

    static double VersionInName(string folder) =>
        double.TryParse(Path.GetFileName(folder), NumberStyles.Float, CultureInfo.InvariantCulture, out var version) ? version : -1;

    static bool IsComplete(PostgresBinaries candidate) => File.Exists(candidate.Postgres) && File.Exists(candidate.InitDb);

    /// <summary>From the answer "postgres (PostgreSQL) 15.18 (Debian …)".</summary>
    static async Task<string> MajorVersion(string program, CancellationToken ct)
    {
        var answer = await Command.Run([program, "--version"], ct);
        var words = answer.Output.Split(' ');
        return words.Length > 2 ? words[2].Split('.')[0] : "";
    }
}
