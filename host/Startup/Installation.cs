using DirectoryPlatform.Host.EmbeddedPostgres;
using Npgsql;
using Embedded = DirectoryPlatform.Host.EmbeddedPostgres.EmbeddedPostgres;

namespace DirectoryPlatform.Host.Startup;

/// <summary>The database behind this process: an external one (SPEC R2), or the embedded one in the data folder (R1).</summary>
public sealed record Installation(string ConnectionString, bool IsEmbedded, bool OwnsServer, Embedded? Server) : IAsyncDisposable
{
    /// <summary>One that serves, and another one beside it (own choice).</summary>
    internal const int UsualNodes = 2;

    /// <summary>Migrated when this returns.</summary>
    /// <param name="toServe">One process serves from a folder; commands beside it share its server.</param>
    /// <exception cref="EmbeddedPostgresException">For the person at the console; so, too, the next.</exception>
    /// <exception cref="StartRefused">Another process has the folder.</exception>
    public static async Task<Installation> Open(IConfiguration configuration, DirectoryInfo data, CancellationToken ct,
        bool toServe = false)
    {
        var installation = await Reach(configuration, data, ct);
        if (toServe && installation is { IsEmbedded: true, OwnsServer: false })
            throw new StartRefused($"Another process serves from {data.FullName}, or a command works on it. Only one process can serve "
                + "from a folder: end the other, or give several nodes a PostgreSQL of their own (ConnectionStrings__Directory).");
        var applied = await Modules.Migrate(installation.ConnectionString, ct);
        if (applied.Count > 0)
            Console.WriteLine($"Database brought up to date: {applied.Count} migration{(applied.Count == 1 ? "" : "s")}.");
        var nodes = Math.Max(1, configuration.GetValue("Database:Nodes", UsualNodes));
        return installation with { ConnectionString = await PoolShare.Fit(installation.ConnectionString, nodes, ct) };
    }

    /// <summary>As it is: not brought up to date, and perhaps empty.</summary>
    /// <exception cref="StartRefused">The external one cannot be used.</exception>
    public static async Task<Installation> Reach(IConfiguration configuration, DirectoryInfo data, CancellationToken ct)
    {
        if (configuration.GetConnectionString("Directory") is not { Length: > 0 } external) return await Embed(data, ct);
        await ExternalDatabase.Try(external, ct);
        return new(external, false, false, null);
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
