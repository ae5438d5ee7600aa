using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>Thousands are invited and twice as many suspended by a process that is ended with SIGKILL again and again.</summary>
[Trait("Rule", "U3"), Trait("Rule", "U4"), Trait("Rule", "R2"), Trait("Run", "Kills")]
[Collection(Heavy.Name)]
public sealed class UsersSurviveKill(ITestOutputHelper output) : ManyOnSite
{
    const string Run = "Kills";
    static readonly int Guests = Proof.Size(Run, 600, 10_000), Users = Proof.Size(Run, 1_200, 20_000), Kills = Proof.Size(Run, 1, 6);
    static readonly TimeSpan EachChunk = Proof.Size(Run, TimeSpan.FromMilliseconds(100), TimeSpan.Zero);
    static readonly (string, string)[] Small = Proof.Size(Run, HostProcess.SmallChunks(100), []);

    static HostProcess Node(TestInstallation here) => HostProcess.StartNode(here.ConnectionString, Ports.FreeAddress(), Small);

    [Fact]
    public async Task Nobody_is_mailed_twice_and_nobody_is_left_out()
    {
        using var alone = await Proof.Alone();
        await using var slow = await SlowJobs.On(Here, EachChunk);
        await Crowd(Users);
        var file = string.Concat(Enumerable.Range(0, Guests).Select(i => $"guest{i}@mail.example\n"));
        var guests = await Here.Grant(new DraftInvitations(Site, AddressInput.Of(File(file)), null, JiraUser, [], null, By(Ada)));
        var suspension = await Here.Grant(new PrepareUserChange(new(Acme, Site), MembershipChange.Suspend, null, null, By(Ada)));
        (await Review(suspension, Site)).WillChange.ShouldBe(Users);
        JobId[] jobs = [await Here.Grant(new ConfirmBulk(Acme, guests, null, null, false, false, $"{Guests}", By(Ada)) { Site = Site }),
            await Here.Grant(new ConfirmBulk(Acme, suspension, null, null, false, false, $"{Users}", By(Ada)) { Site = Site })];
        Task<long> Done() => Here.Scalar<long>("select coalesce(sum(done), 0) from kernel.job_range")!;
        var (moments, midway) = (new List<string>(), 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var node = Node(Here);
            var before = await Done();
            await TestInstallation.Others(async () => await Done() is var now && (now > before || now == Guests + Users),
                TimeSpan.FromSeconds(180), "no progress");
            await Task.Delay(Random.Shared.Next(60));
            await node.Kill();
            if (await Here.Scalar<long>("select count(*) from kernel.job where state in (0, 1)") > 0) midway++;
            moments.Add($"{await Done():N0}");
        }
        output.WriteLine($"Killed with {string.Join("; ", moments)} of {Guests + Users:N0} done.");
        midway.ShouldBeGreaterThan(Proof.Size(Run, 0, 1), "the kills must hit the work");
        using (var last = Node(Here))
        {
            await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from kernel.job where state <> 4") == 0,
                TimeSpan.FromSeconds(180), "the jobs did not finish");
            await last.Kill();
        }
        var views = new List<JobView>();
        foreach (var job in jobs) views.Add(await Here.Grant(new ReadJob(Acme.Value, job)));
        views.Select(v => (v.Done, v.Counts.Single().Value, v.Failure)).ShouldBe([(Guests, Guests, null), (Users, Users, null)]);
        (await Here.Rows<(long, long)>("select count(*), count(distinct recipient) from kernel.mail where recipient like 'guest%'"))
            .Single().ShouldBe((Guests, Guests));
        (await Here.Rows<(long, long)>("select count(*), count(distinct email) from sites.invitation where revoked_at is null")).Single()
            .ShouldBe((Guests, Guests));
        foreach (var (job, number) in jobs.Zip((long[])[Guests, Users]))
            (await Here.Rows<(long, long)>("select count(*), count(distinct subject_id) from kernel.audit_entry where job_id = @job",
                new { job = job.Value })).Single().ShouldBe((number, number));
        (await Here.Scalar<long>("select count(*) from sites.site_member where status = 3")).ShouldBe(Users);
    }
}
