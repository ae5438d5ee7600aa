using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The ground that every other database test stands on.</summary>
[Trait("Rule", "R1")]
public sealed class TestDatabaseTests
{
    static int _migrations;

    [Fact]
    public async Task Databases_of_one_template_are_migrated_once_and_do_not_see_each_other()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestDatabase.Fresh(nameof(TestDatabaseTests), Migrate)));
        _migrations.ShouldBe(1);
        databases.Distinct().Count().ShouldBe(4);

        await Execute(databases[0], "insert into things values (2)");
        (await Execute(databases[0], "select count(*) from things")).ShouldBe(2L);
        (await Execute(databases[1], "select count(*) from things")).ShouldBe(1L);

        foreach (var database in databases) await TestDatabase.Drop(database);
        await Should.ThrowAsync<PostgresException>(() => Execute(databases[0], "select 1"));
    }

    /// <summary>Leaves a pooled connection open, as a migrator would.</summary>
    static async Task Migrate(string connectionString)
    {
        Interlocked.Increment(ref _migrations);
        await Execute(connectionString, "create table things(n int); insert into things values (1)");
    }

    static async Task<object?> Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
