using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>Real processes, ended with SIGKILL while they write a file: of 150,000 accounts when whole, of 2,000 when small.</summary>
[Trait("Rule", "M9"), Trait("Rule", "R2"), Trait("Run", "Kills")]
[Collection(Heavy.Name)]
public sealed class SurviveKillOfExport(ITestOutputHelper output)
{
    const string Run = "Kills";
    static readonly int Accounts = Proof.Size(Run, 2_000, 150_000), Kills = Proof.Size(Run, 1, 5);
    static readonly TimeSpan EachPart = Proof.Size(Run, TimeSpan.FromMilliseconds(150), TimeSpan.Zero);
    static readonly (string, string)[] Small = Proof.Size(Run, HostProcess.SmallChunks(200), []);

    static async Task Seeded(string connectionString)
    {
        await TestInstallation.Migrate(connectionString);
        await using var here = TestInstallation.On(connectionString);
        var org = await here.Organization("acme");
        await here.Seed("acme.example", Accounts);
        await here.Rows<int>(
            "update accounts.account set managed_by = @org, claimed_at = now(), state = greatest(state, 1), email_verified = true",
            new { org = org.Value });
    }

    [Fact]
    public async Task The_file_has_one_row_for_each_account()
    {
        using var alone = await Proof.Alone();
        await using var here = TestInstallation.On(await TestDatabase.Fresh(nameof(SurviveKillOfExport), Seeded));
        try
        {
            await using var slow = await SlowJobs.On(here, EachPart);
            var org = new OrganizationId(await here.Scalar<Guid>("select id from sites.organization"));
            var job = await here.Grant(new BeginExport(org, new(ManagedAccountFilter.Everybody), TestInstallation.Console));
            var midway = 0;
            for (var kill = 0; kill < Kills; kill++)
            {
                using var node = Node();
                var before = await Done();
                await TestInstallation.Others(async () => await Done() > before || await Finished(), TimeSpan.FromSeconds(90),
                    "no progress");
                await Task.Delay(Random.Shared.Next(200));
                await node.Kill();
                if (await Done() is var done && done > 0 && done < Accounts) midway++;
            }
            using (Node())
                await TestInstallation.Others(Finished, TimeSpan.FromSeconds(120), "the job did not finish");
            output.WriteLine($"{Kills} kills, {midway} of them with the file half written.");
            midway.ShouldBeGreaterThan(0, "the kills must hit the work");

            using var file = new MemoryStream();
            await here.Grant(new DownloadExport(org, job, file));
            var emails = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(l => l.Split(',')[1]).ToList();
            (emails.Count, emails.Distinct().Count()).ShouldBe((Accounts, Accounts));
            (await here.Grant(new ReadExport(org, job))).Rows.ShouldBe(Accounts);
            (await here.Grant(new ReadJob(org.Value, job))).Done.ShouldBe(Accounts);

            HostProcess Node() =>
                HostProcess.StartNode(here.ConnectionString, Ports.FreeAddress(), Small);
            async Task<long> Done() => await here.Scalar<long>("select coalesce(sum(done), 0) from kernel.job_range");
            async Task<bool> Finished() => (await here.Grant(new ReadJob(org.Value, job))).State is JobState.Done;
        }
        finally { await TestDatabase.Drop(here.ConnectionString); }
    }
}
