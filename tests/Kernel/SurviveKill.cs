using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>
/// Real processes on one database, ended with SIGKILL in the middle of a claim: of 200,000 accounts or a million when whole, of 12,000,
/// which are two ranges, when small.
/// </summary>
[Trait("Rule", "C2"), Trait("Rule", "R2"), Trait("Run", "Kills")]
[Collection(Heavy.Name)]
public sealed class SurviveKill(ITestOutputHelper output)
{
    const string Run = "Kills";
    static readonly int Accounts = Proof.Size(Run, 12_000, 200_000), Most = Proof.Size(Run, Accounts, 1_000_000);
    static readonly int Runs = Proof.Size(Run, 1, 4), KillsPerRun = Proof.Size(Run, 1, 5);

    /// <summary>Only when whole, because most such kills meet no work.</summary>
    static readonly bool FirstWhileStarting = Proof.Size(Run, false, true);

    static readonly TimeSpan EachChunk = Proof.Size(Run, TimeSpan.FromMilliseconds(100), TimeSpan.Zero);
    static readonly (string, string)[] Small = Proof.Size(Run, HostProcess.SmallChunks(500), []);

    // Two methods, because each has a template of its own.
    static Task Seeded(string connectionString) => Seed(connectionString, Accounts);

    static Task SeededWithMost(string connectionString) => Seed(connectionString, Most);

    static async Task Seed(string connectionString, int accounts)
    {
        await TestInstallation.Migrate(connectionString);
        await using var here = TestInstallation.On(connectionString);
        await here.VerifiedDomain(await here.Organization("acme"), "acme.example", automatic: false);
        await here.Seed("acme.example", accounts);
    }

    [Fact]
    public async Task A_claim_killed_at_many_moments_claims_every_account_exactly_once()
    {
        using var alone = await Proof.Alone();
        var midway = 0;
        // Most of a run is waiting for a start or for a dead node to be noticed: two at a time fill the gaps.
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        await Parallel.ForEachAsync(Enumerable.Range(1, Runs), two, async (run, _) => Interlocked.Add(ref midway, await Killed(run)));
        output.WriteLine($"{Runs * KillsPerRun} kills, {midway} of them with the claim half done.");
        midway.ShouldBeGreaterThan(Proof.Size(Run, 0, Runs), "the kills must hit the work");
    }

    /// <returns>How many kills met a claim half done.</returns>
    async Task<int> Killed(int run)
    {
        await using var claim = await RunningClaim.Begin(Accounts);
        var (kills, midway) = (new List<string>(), 0);
        HostProcess? node = null;
        try
        {
            for (var kill = 0; kill < KillsPerRun; kill++)
            {
                node = claim.StartNode();
                // Some die while they start; most in the middle of the work: a random while after the next progress.
                var starting = kill == 0 && FirstWhileStarting;
                if (!starting) await claim.Progress(atMost: TimeSpan.FromSeconds(180));
                await Task.Delay(Random.Shared.Next(starting ? 3_000 : 250));
                await node.Kill();
                node.Dispose();
                var done = await claim.Done();
                if (done > 0 && done < Accounts) midway++;
                kills.Add($"{done:N0}");
            }
            var watch = Stopwatch.StartNew();
            node = claim.StartNode();
            await claim.Finished(TimeSpan.FromSeconds(120));
            output.WriteLine(
                $"Run {run}: killed with {string.Join("; ", kills)} done; the last process finished after {watch.Elapsed.TotalSeconds:N1} "
                + "s.");
            await claim.IsExact();
            return midway;
        }
        finally { node?.Dispose(); }
    }

    [Fact]
    public Task The_other_node_finishes_soon_after_the_working_one_is_killed() => WithTwoNodes(Most, async (claim, first) =>
    {
        await first.Kill();
        var (watch, left) = (Stopwatch.StartNew(), Most - await claim.Done());
        await claim.Progress(TimeSpan.FromSeconds(60));
        var taken = watch.Elapsed;
        await claim.Finished(TimeSpan.FromSeconds(180));
        output.WriteLine(
            $"{left:N0} accounts were left; the other node went on after {taken.TotalSeconds:N1} s and was done "
            + $"{watch.Elapsed.TotalSeconds:N1} s after the kill, {(watch.Elapsed - taken).TotalSeconds:N1} s after taking over.");
        left.ShouldBeGreaterThan(0);
        await claim.IsExact();
    });

    [Fact]
    public Task A_frozen_node_s_ranges_go_on_elsewhere_and_its_waking_does_no_harm() => WithTwoNodes(Accounts, async (claim, first) =>
    {
        first.Freeze();
        var (watch, left) = (Stopwatch.StartNew(), Accounts - await claim.Done());
        await claim.Finished(TimeSpan.FromSeconds(120));
        output.WriteLine($"{left:N0} accounts were left; the other node was done {watch.Elapsed.TotalSeconds:N1} s after the freeze.");
        left.ShouldBeGreaterThan(0);
        await claim.IsExact();
        first.Thaw();
        await claim.Nodes(2);
        await Task.Delay(TimeSpan.FromSeconds(5));
        await claim.IsExact();
    });

    /// <summary>With the node that began to work on a claim first; another one works on it, too.</summary>
    static async Task WithTwoNodes(int accounts, Func<RunningClaim, HostProcess, Task> test)
    {
        using var alone = await Proof.Alone();
        await using var claim = await RunningClaim.Begin(accounts, start: false);
        HostProcess? first = null, second = null;
        try
        {
            first = claim.StartNode();
            second = claim.StartNode();
            await claim.Nodes(2);
            await claim.Confirm();
            await claim.Progress(TimeSpan.FromSeconds(30));
            await test(claim, first);
        }
        finally
        {
            first?.Dispose();
            second?.Dispose();
        }
    }

    /// <summary>One database with a claim on it; the test's own process starts the job and never works on it.</summary>
    sealed class RunningClaim : IAsyncDisposable
    {
        readonly TestInstallation _here;
        readonly OrganizationId _org;
        readonly SlowJobs _slow;
        readonly int _accounts;
        JobId _job;

        RunningClaim(TestInstallation here, OrganizationId org, SlowJobs slow, int accounts) =>
            (_here, _org, _slow, _accounts) = (here, org, slow, accounts);

        public static async Task<RunningClaim> Begin(int accounts, bool start = true)
        {
            var here = TestInstallation.On(await TestDatabase.Fresh(nameof(SurviveKill), accounts == Accounts ? Seeded : SeededWithMost));
            var org = new OrganizationId(await here.Scalar<Guid>("select id from sites.organization"));
            var claim = new RunningClaim(here, org, await SlowJobs.On(here, EachChunk), accounts);
            if (start) await claim.Confirm();
            return claim;
        }

        public async Task Confirm()
        {
            var domain = (await _here.Send(new ReadDomains(_org))).Single();
            var draft = await _here.Grant(new BeginClaim(_org, domain.Id, null, TestInstallation.Console));
            _job = await _here.Grant(new ConfirmBulk(_org, draft, null, null, false, false, domain.Name, TestInstallation.Console));
        }

        public HostProcess StartNode() =>
            HostProcess.StartNode(_here.ConnectionString, Ports.FreeAddress(), Small);

        public async Task<long> Done() =>
            await _here.Scalar<long>("select coalesce(sum(done), 0) from kernel.job_range where job_id = @job", new { job = _job.Value });

        /// <summary>Until something more is done, or all.</summary>
        public async Task Progress(TimeSpan atMost)
        {
            var before = await Done();
            await TestInstallation.Others(async () => await Done() is var now && (now > before || now >= _accounts), atMost, "no progress");
        }

        public Task Nodes(int count) => TestInstallation.Others(
            async () => await _here.Scalar<long>("select count(*) from kernel.node") >= count, TimeSpan.FromSeconds(180),
                $"{count} nodes did not join");

        public Task Finished(TimeSpan atMost) => TestInstallation.Others(
            async () => (await _here.Grant(new ReadJob(_org.Value, _job))).State is JobState.Done, atMost, "the job did not finish");

        public async Task IsExact()
        {
            var view = await _here.Grant(new ReadJob(_org.Value, _job));
            (view.Done, view.Total, view.Failure).ShouldBe((_accounts, _accounts, null));
            view.Counts.ShouldBe(new Dictionary<string, long> { ["claimed"] = _accounts });
            (await _here.Scalar<long>("select count(*) from accounts.account where managed_by = @org and version = 2",
                new { org = _org.Value })).ShouldBe(_accounts);
            var (entries,
                subjects) = (
                await _here.Rows<(long, long)>(
                    "select count(*), count(distinct subject_id) from kernel.audit_entry where action = 'AccountClaimed'")).Single();
            (entries, subjects).ShouldBe((_accounts, _accounts));
            (await _here.Scalar<long>("select sum(size) from kernel.job_result")).ShouldBe(_accounts);
        }

        public async ValueTask DisposeAsync()
        {
            await _slow.DisposeAsync();
            await _here.DisposeAsync();
            await TestDatabase.Drop(_here.ConnectionString);
        }
    }
}
