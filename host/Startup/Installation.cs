using DirectoryPlatform.Host.EmbeddedPostgres;
using Npgsql;
using Embedded = DirectoryPlatform.Host.EmbeddedPostgres.EmbeddedPostgres;

namespace DirectoryPlatform.Host.Startup;

/// <summary>The database behind this process: an external one (SPEC R2), or the embedded one in the data folder (R1).
/// Migrated when this returns.</summary>
public sealed record Installation(string ConnectionString, bool IsEmbedded, bool OwnsServer, Embedded? Server) : IAsyncDisposable
{
    /// <summary>One that serves, and another one beside it (own choice).</summary>
    const int UsualNodes = 2;

    /// <exception cref="EmbeddedPostgresException">For the person at the console.</exception>
    public static async Task<Installation> Open(IConfiguration configuration, DirectoryInfo data, CancellationToken ct)
    {
        var installation = configuration.GetConnectionString("Directory") is { Length: > 0 } external
            ? new Installation(external, false, false, null)
            : await Embed(data, ct);
        var applied = await Modules.Migrate(installation.ConnectionString, ct);
        if (applied.Count > 0)
            Console.WriteLine($"Database brought up to date: {applied.Count} migration{(applied.Count == 1 ? "" : "s")}.");
        var nodes = Math.Max(1, configuration.GetValue("Database:Nodes", UsualNodes));
        return installation with { ConnectionString = await PoolShare.Fit(installation.ConnectionString, nodes, ct) };
    }

    static async Task<Installation> Embed(DirectoryInfo data, CancellationToken ct)
    {
        if (!data.Exists) Console.WriteLine($"Creating a database in {data.FullName}");
        var server = await Embedded.Start(data, new EmbeddedPostgresOptions(), ct);
        return new(server.ConnectionString, true, server.Owned, server);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (Server is not null) await Server.DisposeAsync();
    }
}
