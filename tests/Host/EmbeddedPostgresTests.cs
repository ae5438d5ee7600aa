using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Tests.Support;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>The embedded server against the real programs; every test has a folder of its own.</summary>
[Trait("Rule", "R1")]
[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    readonly DirectoryInfo _data = System.IO.Directory.CreateTempSubdirectory("dp-pg-");

    DirectoryInfo Cluster => new(Path.Combine(_data.FullName, "postgres", "cluster"));

    [Fact]
    public async Task A_first_start_on_a_folder_that_does_not_exist_creates_it_and_answers()
    {
        var folder = new DirectoryInfo(Path.Combine(_data.FullName, "not", "there"));
        await using var server = await EmbeddedPostgres.Start(folder, EmbeddedPostgresOptions.ForTests);
        (await Scalar(server.ConnectionString, "select current_database()::text")).ShouldBe("directory");
        server.Owned.ShouldBeTrue();
    }

    [Fact]
    public async Task A_product_start_is_durable_and_frees_the_locks_of_dead_nodes()
    {
        await using var server = await EmbeddedPostgres.Start(_data, new());
        var settings = new[] { "fsync", "synchronous_commit", "full_page_writes", "data_checksums", "idle_in_transaction_session_timeout", "client_connection_check_interval", "listen_addresses", "TimeZone" };
        var values = new List<object?>();
        foreach (var setting in settings) values.Add(await Scalar(server.ConnectionString, $"select current_setting('{setting}')"));
        values.ShouldBe(["on", "on", "on", "on", "1min", "1s", "", "UTC"]);
    }

    [Fact]
    public async Task A_second_start_keeps_the_data()
    {
        await using (var first = await EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests))
            await Execute(first.ConnectionString, "create table kept(n int); insert into kept values (7)");
        await using var second = await EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests);
        (await Scalar(second.ConnectionString, "select n from kept")).ShouldBe(7);
    }

    [Fact]
    public async Task Concurrent_starts_on_one_folder_share_one_server()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests)));
        servers.Count(server => server.Owned).ShouldBe(1);
        servers.Select(server => server.ConnectionString).Distinct().Count().ShouldBe(1);
        foreach (var server in servers) (await Scalar(server.ConnectionString, "select 1")).ShouldBe(1);
        foreach (var sharer in servers.Where(server => !server.Owned)) await sharer.DisposeAsync();
        var owner = servers.Single(server => server.Owned);
        (await Scalar(owner.ConnectionString, "select 1")).ShouldBe(1);
        await owner.DisposeAsync();
        ProcessesOf(Cluster).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_process_shares_the_running_server()
    {
        await using var owner = await EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests);
        using var sharer = HostProcess.Start("postgres-hold", _data.FullName);
        (await sharer.ReadLine()).ShouldBe(owner.ConnectionString);
        await sharer.Kill();
        (await Scalar(owner.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task The_server_is_gone_soon_after_its_owner_is_killed()
    {
        using var owner = HostProcess.Start("postgres-hold", _data.FullName);
        (await owner.ReadLine()).ShouldNotBeNull();
        ProcessesOf(Cluster).ShouldNotBeEmpty();
        await owner.Kill();
        await Until(() => ProcessesOf(Cluster).Count == 0);
    }

    [Fact]
    public async Task A_server_whose_keeper_was_killed_too_is_stopped_by_the_next_start()
    {
        using var owner = HostProcess.Start("postgres-hold", _data.FullName);
        (await owner.ReadLine()).ShouldNotBeNull();
        var postmaster = Postmaster();
        foreach (var keeper in KeepersOf(postmaster)) Process.GetProcessById(keeper).Kill();
        await owner.Kill();
        await Task.Delay(300);
        ProcessesOf(Cluster).ShouldContain(postmaster, "the twin: without its keeper the server must have outlived its owner");

        await using var next = await EmbeddedPostgres.Start(_data, new());
        next.Owned.ShouldBeTrue();
        Postmaster().ShouldNotBe(postmaster);
        ProcessesOf(Cluster).ShouldNotContain(postmaster);
        (await Scalar(next.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Theory]
    [InlineData("a process that is not PostgreSQL")]
    [InlineData("no process at all")]
    public async Task A_stale_process_id_does_not_keep_the_server_from_starting(string holder)
    {
        await using (await EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests)) { }
        using var stranger = Process.Start("sleep", "60");
        if (holder == "no process at all")
        {
            stranger.Kill();
            await stranger.WaitForExitAsync();
        }
        var started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await File.WriteAllTextAsync(Path.Combine(Cluster.FullName, "postmaster.pid"), $"{stranger.Id}\n{Cluster.FullName}\n{started}\n5432\n/nowhere\n\n1 1\nready   \n");

        await using var server = await EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests);
        (await Scalar(server.ConnectionString, "select 1")).ShouldBe(1);
        stranger.HasExited.ShouldBe(holder == "no process at all");
        if (!stranger.HasExited) stranger.Kill();
    }

    [Fact]
    public async Task No_acknowledged_row_is_lost_when_app_keeper_and_server_are_killed_at_once()
    {
        using var owner = HostProcess.Start("postgres-hold", _data.FullName);
        var connectionString = (await owner.ReadLine()).ShouldNotBeNull();
        await Execute(connectionString, "create table acknowledged(n int primary key)");
        var postmaster = Postmaster();
        var acknowledged = 0;
        var writing = Task.Run(async () =>
        {
            for (var n = 1; ; n++)
            {
                await Execute(connectionString, $"insert into acknowledged values ({n})");
                acknowledged = n;
            }
        });
        await Task.Delay(500);

        foreach (var keeper in KeepersOf(postmaster)) Process.GetProcessById(keeper).Kill();
        Process.GetProcessById(postmaster).Kill();
        foreach (var backend in ProcessesOf(Cluster)) KillIfThere(backend);
        await owner.Kill();
        await Should.ThrowAsync<Exception>(writing);

        acknowledged.ShouldBeGreaterThan(10);
        await using var next = await EmbeddedPostgres.Start(_data, new());
        var kept = (long)(await Scalar(next.ConnectionString, "select count(*) from acknowledged"))!;
        // One more may have been written whose answer never came.
        kept.ShouldBeInRange(acknowledged, acknowledged + 1);
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_path_works_all_the_same()
    {
        var deep = new DirectoryInfo(Path.Combine(_data.FullName, new string('d', 100)));
        var server = await EmbeddedPostgres.Start(deep, EmbeddedPostgresOptions.ForTests);
        var socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        socket.ShouldStartWith(Path.GetTempPath());
        File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await Scalar(server.ConnectionString, "select 1")).ShouldBe(1);
        await server.DisposeAsync();
        System.IO.Directory.Exists(socket).ShouldBeFalse("nothing is left in the temp folder");
    }

    [Fact]
    public async Task A_setting_that_the_server_refuses_is_told_with_the_servers_own_words()
    {
        var wrong = EmbeddedPostgresOptions.ForTests with { Settings = new Dictionary<string, string> { ["shared_buffers"] = "much" } };
        var told = await Should.ThrowAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.Start(_data, wrong));
        told.Message.ShouldContain("shared_buffers");
        await using var server = await EmbeddedPostgres.Start(_data, EmbeddedPostgresOptions.ForTests);
        server.Owned.ShouldBeTrue("a failed start lets go of the folder");
    }

    public void Dispose() => _data.Delete(recursive: true);

    int Postmaster() => int.Parse(File.ReadLines(Path.Combine(Cluster.FullName, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    static List<int> ProcessesOf(DirectoryInfo cluster) => StaleServer.WorkingIn(cluster);

    /// <summary>The keeper is the server's parent, and its watcher is the server's sibling.</summary>
    static List<int> KeepersOf(int postmaster)
    {
        var keeper = ParentOf(postmaster);
        return [keeper, .. Processes().Where(id => id != postmaster && ParentOf(id) == keeper)];
    }

    static IEnumerable<int> Processes() =>
        System.IO.Directory.GetDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    static int ParentOf(int process)
    {
        try
        {
            return int.Parse(File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static void KillIfThere(int process)
    {
        try
        {
            Process.GetProcessById(process).Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It followed its postmaster.
        }
    }

    static async Task Until(Func<bool> met)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); !met(); await Task.Delay(20)) DateTime.UtcNow.ShouldBeLessThan(until);
    }

    static async Task<object?> Scalar(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    static async Task Execute(string connectionString, string sql) => await Scalar(connectionString, sql);
}
