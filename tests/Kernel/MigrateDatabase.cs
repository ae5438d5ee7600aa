using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

[Trait("Rule", "R2"), Trait("Rule", "R5")]
public sealed class MigrateDatabase
{
    static Task Nothing(string connectionString) => Task.CompletedTask;

    [Fact]
    public async Task Four_first_starts_at_once_all_succeed_and_one_does_the_work()
    {
        var database = await TestDatabase.Fresh(nameof(MigrateDatabase), Nothing);
        try
        {
            var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Modules.Migrate(database))));
            applied.Count(a => a.Count > 0).ShouldBe(1);
            applied.Sum(a => a.Count).ShouldBe((int)await Long(database, "select count(*) from kernel.migration"));
            (await Modules.Migrate(database)).ShouldBeEmpty();
        }
        finally { await TestDatabase.Drop(database); }
    }

    [Fact]
    public async Task A_changed_migration_is_refused_by_name()
    {
        var database = await TestDatabase.Fresh(nameof(MigrateDatabase), TestInstallation.Migrate);
        try
        {
            await Long(database,
                "update kernel.migration set sha256 = 'other' where name = 'accounts/001_accounts.sql' returning 1::bigint");
            (await Should.ThrowAsync<InvalidOperationException>(() => Modules.Migrate(database))).Message
                .ShouldContain("accounts/001_accounts.sql");
        }
        finally { await TestDatabase.Drop(database); }
    }

    static async Task<long> Long(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
