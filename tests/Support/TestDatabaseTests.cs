using System.Diagnostics;
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

    /// <summary>A program of the server's name that works in the cluster is all that is seen of a server.</summary>
    [Fact]
    public async Task What_ended_processes_left_in_memory_is_cleared_away_and_nothing_else()
    {
        var shared = Directory.CreateTempSubdirectory("dp-left-");
        string At(string name, string path = "") => Path.Combine(shared.FullName, $"directory-platform-tests-{name}", path);
        IEnumerable<string> Left() => shared.GetDirectories().Select(folder => folder.Name.Split('-')[^1]).Order();
        try
        {
            shared.CreateSubdirectory("others");
            Directory.SetLastWriteTimeUtc(Path.Combine(shared.FullName, "others"), DateTime.UtcNow - (2 * TestDatabase.LongestStart));
            foreach (var name in (string[])["begun", "ended", "held", "works"])
            {
                Directory.CreateDirectory(At(name, "postgres/cluster"));
                await File.WriteAllTextAsync(At(name, "postgres/lock"), "");
                if (name != "begun") Directory.SetLastWriteTimeUtc(At(name), DateTime.UtcNow - (2 * TestDatabase.LongestStart));
            }
            var server = Path.Combine(shared.FullName, "postgres");
            File.CreateSymbolicLink(server, "/bin/bash");
            using var held = new FileStream(At("held", "postgres/lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            using var works = Process.Start(new ProcessStartInfo(server, ["-c", "echo begun; read -r _"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = At("works", "postgres/cluster"),
            })!;
            try
            {
                (await works.StandardOutput.ReadLineAsync()).ShouldBe("begun");
                TestDatabase.ClearAway(shared);
                Left().ShouldBe(["begun", "held", "others", "works"]);
            }
            finally { works.Kill(); }
            await works.WaitForExitAsync();
            TestDatabase.ClearAway(shared);
            Left().ShouldBe(["begun", "held", "others"]);
        }
        finally { shared.Delete(recursive: true); }
    }

    [Fact]
    public void What_memory_is_available_is_read_as_the_system_tells_it()
    {
        TestDatabase.AvailableMemory(["MemTotal:       24684084 kB", "MemAvailable:       2048 kB"]).ShouldBe(2L << 20);
        TestDatabase.AvailableMemory(["MemTotal:       24684084 kB"]).ShouldBe(0);
        TestDatabase.AvailableMemory(File.ReadLines("/proc/meminfo")).ShouldBeGreaterThan(0);
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
