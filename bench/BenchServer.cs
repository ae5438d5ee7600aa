using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Embedded = DirectoryPlatform.Host.EmbeddedPostgres.EmbeddedPostgres;

namespace DirectoryPlatform.Bench;

/// <summary>A PostgreSQL of the bench's own, set up as the product's (durable), in a folder that goes when it ends.</summary>
sealed class BenchServer : IAsyncDisposable
{
    readonly DirectoryInfo _folder;
    readonly Embedded _server;

    BenchServer(DirectoryInfo folder, Embedded server) => (_folder, _server) = (folder, server);

    public static async Task<BenchServer> Start()
    {
        var folder = Directory.CreateTempSubdirectory("directory-bench-");
        return new(folder, await Embedded.Start(folder, new EmbeddedPostgresOptions()));
    }

    /// <summary>A migrated, empty database.</summary>
    public async Task<string> Fresh(string name)
    {
        await Run(_server.ConnectionString, $"create database {name}");
        await Modules.Migrate(Of(name));
        return Of(name);
    }

    /// <summary>A copy of a database to which nobody is connected.</summary>
    public async Task<string> Copy(string from, string name)
    {
        NpgsqlConnection.ClearAllPools();
        await Run(_server.ConnectionString, $"create database {name} template {from}");
        return Of(name);
    }

    public async Task Drop(string name)
    {
        NpgsqlConnection.ClearAllPools();
        await Run(_server.ConnectionString, $"drop database {name} with (force)");
        await Run(_server.ConnectionString, "checkpoint");
    }

    public string Of(string name) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name, CommandTimeout = 0 }.ConnectionString;

    /// <summary>The modules with their background work (jobs, outbox), as the host runs them.</summary>
    public static async Task<IHost> Serve(string connectionString)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.Services.AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: true, demo: true,
            new("http://localhost:5080"));
        builder.Services.AddSilo(SiloSettings.Alone);
        var host = builder.Build();
        await host.StartAsync();
        var silo = host.Services.GetRequiredService<LocalSilo>();
        while (silo.Now is null) await Task.Delay(10);
        // Once through all names, for those that another version has folded: nobody's daily work waits beside that.
        await host.Services.GetRequiredService<RenewKeys>().Run(CancellationToken.None);
        return host;
    }

    public static async Task Run(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
