using Dapper;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A test class whose every test has a new database, for what no lane could clean up, and no node yet.</summary>
public abstract class OnOwnDatabase : IAsyncLifetime
{
    protected string ConnectionString { get; private set; } = null!;
    protected NpgsqlDataSource Pool { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        ConnectionString = await TestDatabase.Fresh(GetType().Name, TestInstallation.Migrate);
        Pool = NpgsqlDataSource.Create(ConnectionString);
    }

    public virtual async Task DisposeAsync()
    {
        await Pool.DisposeAsync();
        await TestDatabase.Drop(ConnectionString);
    }

    protected async Task Execute(string sql, object? values = null)
    {
        await using var connection = await Pool.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, values);
    }

    protected async Task<IReadOnlyList<T>> Rows<T>(string sql, object? values = null)
    {
        await using var connection = await Pool.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, values)).AsList();
    }
}
