using System.Diagnostics;
using System.Runtime.Versioning;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>Starting the embedded server, alone and several at once.</summary>
[Trait("Rule", "R1")]
[UnsupportedOSPlatform("windows")]
[Collection(Programs.Name)]
public sealed class EmbeddedPostgresTests(MadeCluster made) : OnServerFolder, IClassFixture<MadeCluster>
{
    [Fact]
    public void A_first_start_on_a_folder_that_does_not_exist_creates_it_and_answers() => made.First.ShouldBe(("directory", true));

    [Fact]
    public async Task A_product_start_is_durable_and_frees_the_locks_of_dead_nodes()
    {
        // Whole, from nothing; a copy of what a start has made lacks nothing that is asked here.
        if (!Proof.Whole) await made.CopyTo(Data);
        await using var server = await EmbeddedPostgres.Start(Data, new());
        var settings = new[] { "fsync", "synchronous_commit", "full_page_writes", "data_checksums", "idle_in_transaction_session_timeout",
            "client_connection_check_interval", "listen_addresses", "TimeZone" };
        var values = new List<object?>();
        foreach (var setting in settings) values.Add(await Scalar(server.ConnectionString, $"select current_setting('{setting}')"));
        values.ShouldBe(["on", "on", "on", "on", "1min", "1s", "", "UTC"]);
    }

    [Fact]
    public async Task A_second_start_keeps_the_data()
    {
        await made.CopyTo(Data);
        await using (var first = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests))
            await Execute(first.ConnectionString, "create table kept(n int); insert into kept values (7)");
        await using var second = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests);
        (await Scalar(second.ConnectionString, "select n from kept")).ShouldBe(7);
    }

    [Fact]
    public async Task Concurrent_starts_on_one_folder_share_one_server()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests)));
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
    public async Task A_second_product_on_a_folder_is_refused_in_words_and_a_command_is_not()
    {
        await made.CopyTo(Data);
        var none = new ConfigurationBuilder().Build();
        await using var owner = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests);
        var second = await Should.ThrowAsync<StartRefused>(() => Installation.Open(none, Data, default, toServe: true));
        second.Message.ShouldContain(Data.FullName);
        second.Message.ShouldContain("ConnectionStrings__Directory");
        await using (var command = await Installation.Open(none, Data, default)) command.OwnsServer.ShouldBeFalse();
        await owner.DisposeAsync();
        await using var alone = await Installation.Open(none, Data, default, toServe: true);
        alone.OwnsServer.ShouldBeTrue();
        ClusterConfiguration.Read(none, alone).ShouldBe(SiloSettings.Alone, "it knows no other silo");
    }

    [Theory]
    [InlineData("a process that is not PostgreSQL")]
    [InlineData("no process at all")]
    public async Task A_stale_process_id_does_not_keep_the_server_from_starting(string holder)
    {
        await made.CopyTo(Data);
        using var stranger = Process.Start("sleep", "60");
        if (holder == "no process at all")
        {
            stranger.Kill();
            await stranger.WaitForExitAsync();
        }
        var started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await File.WriteAllTextAsync(Path.Combine(Cluster.FullName, "postmaster.pid"),
            $"{stranger.Id}\n{Cluster.FullName}\n{started}\n5432\n/nowhere\n\n1 1\nready   \n");

        await using var server = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests);
        (await Scalar(server.ConnectionString, "select 1")).ShouldBe(1);
        stranger.HasExited.ShouldBe(holder == "no process at all");
        if (!stranger.HasExited) stranger.Kill();
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_path_works_all_the_same()
    {
        var deep = new DirectoryInfo(Path.Combine(Data.FullName, new string('d', 100)));
        await made.CopyTo(deep);
        var server = await EmbeddedPostgres.Start(deep, EmbeddedPostgresOptions.ForTests);
        var socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        socket.ShouldStartWith(Path.GetTempPath());
        File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await Scalar(server.ConnectionString, "select 1")).ShouldBe(1);
        await server.DisposeAsync();
        Directory.Exists(socket).ShouldBeFalse("nothing is left in the temp folder");
    }

    [Fact]
    public async Task A_setting_that_the_server_refuses_is_told_with_the_servers_own_words()
    {
        await made.CopyTo(Data);
        var wrong = EmbeddedPostgresOptions.ForTests with { Settings = new Dictionary<string, string> { ["shared_buffers"] = "much" } };
        var told = await Should.ThrowAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.Start(Data, wrong));
        told.Message.ShouldContain("shared_buffers");
        await using var server = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests);
        server.Owned.ShouldBeTrue("a failed start lets go of the folder");
    }
}
