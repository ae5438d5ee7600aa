using System.Text.Json.Nodes;
using DirectoryPlatform.Host.Backups;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>What a backup is worth that was taken while people worked, that was broken off, or that somebody else's program made.</summary>
[Trait("Rule", "R10")]
public sealed class BackUpMeanwhile : IAsyncLifetime
{
    /// <summary>Rows that are written while a backup is made; fewer prove nothing.</summary>
    const int AtLeast = 3;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dp-backup-");
    readonly List<string> _databases = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        foreach (var database in _databases) await TestDatabase.Drop(database);
    }

    async Task<Installation> External(Func<string, Task> make)
    {
        _databases.Add(await TestDatabase.Fresh(nameof(BackUpMeanwhile), make));
        return new(_databases[^1], IsEmbedded: false, OwnsServer: false, Server: null);
    }

    BackupFolder At(string name) => new(new(Path.Combine(_folder.FullName, name)));

    [Fact]
    public async Task One_that_is_taken_while_people_work_is_whole_and_of_one_moment()
    {
        var busy = await External(TestInstallation.Migrate);
        int before, after;
        await using (var here = TestInstallation.On(busy.ConnectionString))
        {
            var (written, ended) = (0, false);
            var writers = Enumerable.Range(0, 3).Select(async w =>
            {
                for (var i = 0; !Volatile.Read(ref ended); i++)
                {
                    await here.Account($"w{w}-{i}@mail.example");
                    Interlocked.Increment(ref written);
                }
            }).ToList();
            await TestInstallation.Others(() => Task.FromResult(Volatile.Read(ref written) > 20));
            before = Volatile.Read(ref written);
            await Backup.Make(busy, At("one"), default);
            after = Volatile.Read(ref written) + writers.Count;
            Volatile.Write(ref ended, true);
            await Task.WhenAll(writers);
        }
        after.ShouldBeGreaterThan(before + AtLeast, "people worked meanwhile");

        var copy = await External(_ => Task.CompletedTask);
        await Backup.Restore(copy, At("one"), default);
        await using var restored = TestInstallation.On(copy.ConnectionString);
        var accounts = await restored.Scalar<long>("select count(*) from accounts.account");
        accounts.ShouldBeInRange(before, after);
        (await restored.Scalar<long>("select count(*) from kernel.audit_entry e join accounts.account a on a.id = e.subject_id"))
            .ShouldBe(accounts, "each row has its entry, and no entry is without its row");
        (await restored.Scalar<long>("select count(*) from kernel.audit_entry")).ShouldBe(accounts);
        await restored.Account("w0-0-again@mail.example");
    }

    [Fact]
    public async Task One_that_was_broken_off_leaves_nothing_behind()
    {
        var external = await External(TestInstallation.Migrate);
        await using (var connection = new NpgsqlConnection(external.ConnectionString))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var held = new NpgsqlCommand("lock table accounts.account in access exclusive mode", connection))
                await held.ExecuteNonQueryAsync();
            var there = Directory.CreateDirectory(Path.Combine(_folder.FullName, "there"));
            foreach (var name in (string[])["new", "there"])
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await Should.ThrowAsync<OperationCanceledException>(() => Backup.Make(external, At(name), patience.Token));
            }
            Directory.Exists(Path.Combine(_folder.FullName, "new")).ShouldBeFalse();
            there.EnumerateFileSystemInfos().ShouldBeEmpty("the folder was its owner's");
        }
        await Backup.Make(external, At("there"), default);
        Directory.GetFiles(At("there").Path).Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("2", "newer version"), InlineData("0", "nothing of its format"), InlineData(null, "nothing of its format")]
    public async Task One_of_another_format_is_refused(string? format, string why)
    {
        var external = await External(TestInstallation.Migrate);
        await Backup.Make(external, At("one"), default);
        var file = Path.Combine(At("one").Path, "about.json");
        var about = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        about["format"]!.GetValue<int>().ShouldBe(BackupFolder.Format);
        if (format is null) about.Remove("format");
        else about["format"] = int.Parse(format, System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(file, about.ToJsonString());
        (await Should.ThrowAsync<StartRefused>(() => At("one").Read(default))).Message.ShouldContain(why);
    }
}
