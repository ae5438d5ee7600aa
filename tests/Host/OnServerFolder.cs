using System.Runtime.Versioning;
using DirectoryPlatform.Host.EmbeddedPostgres;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>What tests of the embedded server against the real programs have in common; every test has a folder of its own.</summary>
[UnsupportedOSPlatform("windows")]
public abstract class OnServerFolder : IDisposable
{
    protected DirectoryInfo Data { get; } = Directory.CreateTempSubdirectory("dp-pg-");

    protected DirectoryInfo Cluster => new(Path.Combine(Data.FullName, "postgres", "cluster"));

    public void Dispose() => Data.Delete(recursive: true);

    protected static List<int> ProcessesOf(DirectoryInfo cluster) => StaleServer.WorkingIn(cluster);

    protected static Task<object?> Scalar(string connectionString, string sql) => Ask(connectionString, sql);

    internal static async Task<object?> Ask(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    protected static async Task Execute(string connectionString, string sql) => await Scalar(connectionString, sql);
}
