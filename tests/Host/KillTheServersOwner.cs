using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Tests.Support;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>The embedded server when the process that started it, or the one that keeps it, is killed.</summary>
[Trait("Rule", "R1")]
[UnsupportedOSPlatform("windows")]
[Collection(Programs.Name)]
public sealed class KillTheServersOwner(MadeCluster made) : OnServerFolder, IClassFixture<MadeCluster>, IAsyncLifetime
{
    public Task InitializeAsync() => made.CopyTo(Data);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Another_process_shares_the_running_server()
    {
        await using var owner = await EmbeddedPostgres.Start(Data, EmbeddedPostgresOptions.ForTests);
        using var sharer = HostProcess.Start("postgres-hold", Data.FullName);
        (await sharer.ReadLine()).ShouldBe(owner.ConnectionString);
        await sharer.Kill();
        (await Scalar(owner.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task The_server_is_gone_soon_after_its_owner_is_killed()
    {
        using var owner = HostProcess.Start("postgres-hold", Data.FullName);
        (await owner.ReadLine()).ShouldNotBeNull();
        ProcessesOf(Cluster).ShouldNotBeEmpty();
        await owner.Kill();
        await Until(() => ProcessesOf(Cluster).Count == 0);
    }

    [Fact]
    public async Task A_server_whose_keeper_was_killed_too_is_stopped_by_the_next_start()
    {
        using var owner = HostProcess.Start("postgres-hold", Data.FullName);
        (await owner.ReadLine()).ShouldNotBeNull();
        var postmaster = Postmaster();
        foreach (var keeper in KeepersOf(postmaster)) Process.GetProcessById(keeper).Kill();
        await owner.Kill();
        await Task.Delay(300);
        ProcessesOf(Cluster).ShouldContain(postmaster, "the twin: without its keeper the server must have outlived its owner");

        await using var next = await EmbeddedPostgres.Start(Data, new());
        next.Owned.ShouldBeTrue();
        Postmaster().ShouldNotBe(postmaster);
        ProcessesOf(Cluster).ShouldNotContain(postmaster);
        (await Scalar(next.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task No_acknowledged_row_is_lost_when_app_keeper_and_server_are_killed_at_once()
    {
        using var owner = HostProcess.Start("postgres-hold", Data.FullName);
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
        await using var next = await EmbeddedPostgres.Start(Data, new());
        var kept = (long)(await Scalar(next.ConnectionString, "select count(*) from acknowledged"))!;
        // One more may have been written whose answer never came.
        kept.ShouldBeInRange(acknowledged, acknowledged + 1);
    }

    [Fact]
    public async Task A_server_that_was_killed_is_started_again_where_the_word_of_it_cannot_be_written()
    {
        using var owner = HostProcess.StartMute("postgres-hold", Data.FullName);
        var connectionString = (await owner.ReadLine()).ShouldNotBeNull();
        var postmaster = Postmaster();
        Process.GetProcessById(postmaster).Kill();
        await TestInstallation.Others(async () =>
        {
            try { return await Scalar(connectionString, "select 1") is 1; }
            catch (NpgsqlException) { return false; }
        }, TimeSpan.FromMinutes(1), "it was not started again");
        Postmaster().ShouldNotBe(postmaster);
        await owner.Kill();
        await Until(() => ProcessesOf(Cluster).Count == 0);
    }

    int Postmaster() => int.Parse(File.ReadLines(Path.Combine(Cluster.FullName, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>The keeper is the server's parent, and its watcher is the server's sibling.</summary>
    static List<int> KeepersOf(int postmaster)
    {
        var keeper = ParentOf(postmaster);
        keeper.ShouldBeGreaterThan(1, "orphans are children of the first process");
        return [keeper, .. Processes().Where(id => id != postmaster && ParentOf(id) == keeper)];
    }

    static IEnumerable<int> Processes() =>
        Directory.GetDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    static int ParentOf(int process)
    {
        try
        {
            return int.Parse(File.ReadLines($"/proc/{process}/status")
                .Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture);
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
}
