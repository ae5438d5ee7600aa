using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Every bulk action at work in one process that is ended with SIGKILL again and again.</summary>
[Trait("Rule", "A10"), Trait("Rule", "R2"), Trait("Run", "Kills")]
[Collection(Heavy.Name)]
public sealed class BulkSurvivesKillTests(ITestOutputHelper output)
{
    const string Run = "Kills";
    static readonly int PerAction = Proof.Size(Run, 1_000, 20_000), Kills = Proof.Size(Run, 1, 10);

    /// <summary>Only when whole, because most such kills meet no work.</summary>
    static readonly bool FirstWhileStarting = Proof.Size(Run, false, true);

    static readonly TimeSpan EachChunk = Proof.Size(Run, TimeSpan.FromMilliseconds(60), TimeSpan.Zero);
    static readonly (string, string)[] Small = Proof.Size(Run, HostProcess.SmallChunks(100), []);

    static readonly string[] Actions = ["deactivate", ManyAccounts.Reactivate, "delete",
        "cancel-deletion",
        ManyAccounts.Unclaim];

    static async Task Seeded(string connectionString)
    {
        await TestInstallation.Migrate(connectionString);
        await using var here = TestInstallation.On(connectionString);
        var acme = await here.Organization("acme");
        await here.VerifiedDomain(acme, "acme.example", automatic: false);
        await here.Seed("acme.example", PerAction * Actions.Length);
        // A fifth for each action, in the state that it begins from.
        await here.Scalar<int>("""
            update accounts.account a set managed_by = @acme, state = case n / @per when 1 then 2 when 3 then 3 else 1 end, email_verified
              = true,
              deletion_due_at = case n / @per when 3 then now() + interval '10 days' end, deactivation_message = (n / @per)::text
            from (select id, row_number() over (order by id) - 1 as n from accounts.account) r where r.id = a.id
            """, new { acme = acme.Value, per = PerAction });
    }

    static HostProcess Node(TestInstallation here) => HostProcess.StartNode(here.ConnectionString, Ports.FreeAddress(), Small);

    [Fact]
    public async Task Every_bulk_action_killed_again_and_again_ends_with_what_its_preview_said()
    {
        using var alone = await Proof.Alone();
        var database = await TestDatabase.Fresh(nameof(BulkSurvivesKillTests), Seeded);
        try { await Prove(database); }
        finally { await TestDatabase.Drop(database); }
    }

    async Task Prove(string database)
    {
        await using var here = TestInstallation.On(database);
        await using var slow = await SlowJobs.On(here, EachChunk);
        var acme = new OrganizationId(await here.Scalar<Guid>("select id from sites.organization"));
        var jobs = new Dictionary<string, JobId>();
        for (var i = 0; i < Actions.Length; i++)
        {
            var chosen = (await here.Rows<Guid>("select id from accounts.account where deactivation_message = @i", new { i = $"{i}" }))
                .Select(id => new AccountId(id)).ToArray();
            var draft = await here.Grant(new PrepareBulk(acme, Actions[i], chosen, null, TestInstallation.Console));
            var review = await here.Grant(new ReviewBulk(acme, draft, default));
            review.WillChange.ShouldBe(PerAction, $"{Actions[i]}: {string.Join(", ", review.Refused)}");
            jobs[Actions[i]] =
                await here.Grant(new ConfirmBulk(acme, draft, null, null, false, true, $"{PerAction}", TestInstallation.Console));
        }
        Task<long> Done() => here.Scalar<long>("select coalesce(sum(done), 0) from kernel.job_range")!;
        var (moments, midway, allOpen) = (new List<string>(), 0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var node = Node(here);
            var before = await Done();
            var starting = kill == 0 && FirstWhileStarting;
            if (!starting)
                await TestInstallation.Others(
                    async () => await Done() is var now && (now > before || now >= PerAction * Actions.Length),
                    TimeSpan.FromSeconds(60), "no progress");
            await Task.Delay(Random.Shared.Next(starting ? 3_000 : 40));
            await node.Kill();
            var (open, done) = (await here.Scalar<long>("select count(*) from kernel.job where state in (0, 1)"), await Done());
            if (open > 0 && done > 0) midway++;
            if (open == Actions.Length && done > 0) allOpen++;
            moments.Add($"{done:N0}");
        }
        output.WriteLine(
            $"Killed with {string.Join("; ", moments)} of {PerAction * Actions.Length:N0} done; {allOpen} times with all five jobs open.");
        (midway >= Kills / 2, allOpen > 0).ShouldBe((true, true), "the kills must hit the work");
        using (var last = Node(here))
        {
            await TestInstallation.Others(async () => await here.Scalar<long>("select count(*) from kernel.job where state <> 4") == 0,
                TimeSpan.FromSeconds(180), "the jobs did not finish");
            await last.Kill();
        }
        foreach (var (action, job) in jobs)
        {
            var view = await here.Grant(new ReadJob(acme.Value, job));
            (view.Done, view.Counts.Single().Value, view.Failure).ShouldBe((PerAction, PerAction, null), $"{action}");
            var (entries,
                subjects) = (
                await here.Rows<(long, long)>("select count(*), count(distinct subject_id) from kernel.audit_entry where job_id = @job",
                    new { job = job.Value })).Single();
            (entries, subjects).ShouldBe((PerAction, PerAction), $"{action}");
        }
        (await here.Rows<(short State, bool Managed, long Count)>(
            "select state, managed_by is not null, count(*) from accounts.account where version = 2 group by 1, 2 order by 1, 2"))
            .ShouldBe([((short)1, false, PerAction), ((short)1, true, 2 * PerAction), ((short)2, true, PerAction),
                ((short)3, true, PerAction)]);
    }
}
