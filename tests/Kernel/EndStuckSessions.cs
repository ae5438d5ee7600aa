using DirectoryPlatform.Kernel.Background;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>A process that froze while it sent a command keeps no row locked for longer than others wait.</summary>
[Trait("Rule", "R2")]
public sealed class EndStuckSessions : OnInstallation
{
    const string Touch = "update kernel.setting set value = value where name = 'stuck'";

    static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    TestInstallation Node() => Here.AnotherNode(services => services.AddSingleton(new BackgroundSettings { ChunkSilence = Silence }));

    static IRecurring Watch(TestInstallation node) =>
        node.Services.GetServices<IRecurring>().Single(r => r.Name == "end stuck sessions");

    /// <summary>Begins a transaction that holds the row, and a command of which the server waits for the rest.</summary>
    static async Task<NpgsqlBinaryImporter> StandStill(NpgsqlConnection connection, bool writes)
    {
        foreach (var sql in (string[])["create temp table if not exists rest (a int)", "begin", writes ? Touch : "select 1"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        return await connection.BeginBinaryImportAsync("copy rest (a) from stdin (format binary)");
    }

    async Task<bool> RowIsFree(TestInstallation node)
    {
        await using var connection = await node.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var touch = new NpgsqlCommand($"set lock_timeout = '50ms'; {Touch}; reset lock_timeout", connection);
        try
        {
            await touch.ExecuteNonQueryAsync();
            return true;
        }
        catch (PostgresException locked) when (locked.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await using var reset = new NpgsqlCommand("reset lock_timeout", connection);
            await reset.ExecuteNonQueryAsync();
            return false;
        }
    }

    [Fact]
    public async Task What_stands_still_in_the_middle_of_a_command_is_ended_at_the_second_look_and_nothing_else_is()
    {
        await Here.Scalar<int>("insert into kernel.setting (name, value) values ('stuck', '1') returning 1");
        await using var node = Node();
        var pool = node.Services.GetRequiredService<NpgsqlDataSource>();
        await using var frozen = await pool.OpenConnectionAsync();
        await using var reader = await pool.OpenConnectionAsync();
        await using var idle = await pool.OpenConnectionAsync();
        var stands = await StandStill(frozen, writes: true);
        var copies = await StandStill(reader, writes: false);
        await using (var begin = new NpgsqlCommand("begin; select 1", idle)) await begin.ExecuteNonQueryAsync();
        var watch = Watch(node);

        await watch.Run(default);
        (await RowIsFree(node)).ShouldBeFalse();
        await Task.Delay(Silence * 2);
        await watch.Run(default);
        (await RowIsFree(node)).ShouldBeFalse();
        await watch.Run(default);
        await TestInstallation.Others(() => RowIsFree(node), what: "the row is still locked");

        await Should.ThrowAsync<Exception>(async () => await stands.CompleteAsync());
        await copies.CompleteAsync();
        await copies.DisposeAsync();
        await using (var end = new NpgsqlCommand("rollback", idle)) await end.ExecuteNonQueryAsync();
        await using (var end = new NpgsqlCommand("rollback; drop table rest", reader)) await end.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Whoever_goes_on_between_two_looks_is_left_alone()
    {
        await Here.Scalar<int>("insert into kernel.setting (name, value) values ('stuck', '1') returning 1");
        await using var node = Node();
        await using var slow = await node.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        var watch = Watch(node);
        for (var i = 0; i < 3; i++)
        {
            var copy = await StandStill(slow, writes: true);
            await Task.Delay(Silence * 1.5);
            await watch.Run(default);
            await copy.CompleteAsync();
            await copy.DisposeAsync();
            await using var commit = new NpgsqlCommand("commit; drop table rest", slow);
            await commit.ExecuteNonQueryAsync();
        }
    }
}
