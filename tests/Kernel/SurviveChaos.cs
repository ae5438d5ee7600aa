using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>
/// Three real nodes of one installation are killed, frozen and stopped in turns, two hundred times when whole, while programs turn
/// accounts, providers provision, people sign in and a claim runs. Afterwards the books balance: versions, audit entries and facts say the
/// same, and what clients were told is what the rows say.
/// </summary>
[Trait("Rule", "R2"), Trait("Rule", "C2"), Trait("Run", "Chaos")]
[Collection(Heavy.Name)]
public sealed class SurviveChaos(ITestOutputHelper output)
{
    const string Run = "Chaos";
    const int Nodes = 3;
    static readonly int Kills = Proof.Size(Run, 2, 200), Claimable = Proof.Size(Run, 2_000, 200_000), Callers = Proof.Size(Run, 2, 6);

    /// <summary>Small, one node is killed and another one frozen.</summary>
    static readonly int First = Proof.Size(Run, 1, 0);

    /// <summary>Small, clients leave the cores to other tests in between; there is still a deed under way at any time.</summary>
    static readonly TimeSpan Pause = Proof.Size(Run, TimeSpan.FromMilliseconds(100), TimeSpan.Zero);

    /// <summary>Noticed by whoever looks at a page; at the small size the machine runs other tests, too.</summary>
    static readonly TimeSpan OldestFact = Proof.Size(Run, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));

    [Fact]
    public async Task Nothing_fails_is_lost_or_happens_twice_and_the_books_balance()
    {
        using var alone = await Proof.Alone();
        var database = await TestDatabase.Fresh(nameof(SurviveChaos), TestInstallation.Migrate);
        await using (var here = TestInstallation.On(database))
        {
            // Facts leave the outbox when they are delivered: what was written is counted beside it, in the same transactions.
            await here.Rows<int>("""
                create table kernel.chaos_fact (stream uuid, type text);
                create function kernel.count_fact() returns trigger language plpgsql as
                  'begin insert into kernel.chaos_fact values (new.stream, new.type); return new; end';
                create trigger count_fact after insert on kernel.outbox for each row execute function kernel.count_fact()
                """);
            var prepared = await ClusterLoad.Prepare(here.Mediator, keys: Callers, accounts: 20, directories: Callers, people: 8,
                Claimable);
            var before = await Books(here);
            await using var cluster = new NodeCluster(database, Nodes, Proof.Size(Run, HostProcess.SmallChunks(200), []));
            await cluster.Ready();
            var load = new ClusterLoad(cluster.Addresses, prepared, Pause);
            using var ended = new CancellationTokenSource();
            var (running, ages) = (load.Run(ended.Token), Ages(here, ended.Token));
            var draft = await here.Grant(new BeginClaim(prepared.Organization, prepared.Claims, null, TestInstallation.Console));
            var job = await here.Grant(new ConfirmBulk(prepared.Organization, draft, null, null, false, false, ClusterLoad.Claimed,
                TestInstallation.Console));
            for (var kill = 0; kill < Kills; kill++) await cluster.Disturb(First + kill);
            await TestInstallation.Others(
                async () => (await here.Grant(new ReadJob(prepared.Organization.Value, job))).State is JobState.Done,
                TimeSpan.FromSeconds(120), "the claim did not finish");
            await ended.CancelAsync();
            await running;
            var oldest = await ages;
            await TestInstallation.Others(async () => await here.Scalar<long>("select count(*) from kernel.outbox") == 0,
                TimeSpan.FromSeconds(60), "facts are left");

            output.WriteLine($"{cluster.Log}; {load.Milliseconds.Count:N0} deeds, {load.Turns.Values.Sum():N0} turns, "
                + $"{load.Provisioned.Values.Sum(p => p.Changes + 1):N0} by providers, {load.Sessions.Count:N0} sign-ins; worst call "
                + $"{load.Milliseconds.Max():N0} ms; oldest fact {oldest.TotalSeconds:N1} s.");
            load.Failed.ShouldBeEmpty();
            await Balances(here, load, before);
            await Claimed(here, prepared);
            await SessionsWork(cluster.Addresses, load);
            oldest.ShouldBeLessThan(OldestFact, "facts stood still");
        }
        await TestDatabase.Drop(database);
    }

    sealed record Book(long Version, long Entries, long Facts, bool Active);

    static async Task<Dictionary<Guid, Book>> Books(TestInstallation here) =>
        (await here.Rows<(Guid Id, long Version, long Entries, long Facts, bool Active)>("""
            select a.id, a.version, (select count(*) from kernel.audit_entry e where e.subject_id = a.id and e.action in
                ('AccountDeactivated', 'AccountReactivated')),
              (select count(*) from kernel.chaos_fact f where f.stream = a.id and f.type in ('AccountDeactivated', 'AccountReactivated')),
              a.state = 1
            from accounts.account a where a.domain in (@turned, @provided)
            """, new { turned = ClusterLoad.Turned, provided = ClusterLoad.Provided }))
        .ToDictionary(b => b.Id, b => new Book(b.Version, b.Entries, b.Facts, b.Active));

    static async Task Balances(TestInstallation here, ClusterLoad load, Dictionary<Guid, Book> before)
    {
        var after = await Books(here);
        load.Turns.ShouldNotBeEmpty();
        foreach (var (account, turns) in load.Turns)
        {
            var (then, now) = (before[account.Value], after[account.Value]);
            (now.Version - then.Version, now.Entries - then.Entries, now.Facts - then.Facts, now.Active)
                .ShouldBe((turns, turns, turns, turns % 2 == 0), $"{account}: versions, entries, facts, and what its caller was told");
        }
        load.Provisioned.ShouldNotBeEmpty();
        foreach (var (person, (_, active)) in load.Provisioned)
        {
            var now = after[person];
            // Saying what is so already changes nothing, so a provider's patch may be no turn; what is one stands in all books.
            (now.Facts, now.Active).ShouldBe((now.Entries, active), $"provisioned {person}");
        }
    }

    static async Task Claimed(TestInstallation here, ClusterLoad.Prepared prepared)
    {
        (await here.Scalar<long>("select count(*) from accounts.account where domain = @Claimed and managed_by = @by and version = 2",
            new { ClusterLoad.Claimed, by = prepared.Organization.Value })).ShouldBe(Claimable);
        (await here.Rows<(long, long)>("""
            select count(*), count(distinct e.subject_id) from kernel.audit_entry e join accounts.account a on a.id = e.subject_id
            where e.action = 'AccountClaimed' and a.domain = @Claimed
            """, new { ClusterLoad.Claimed })).Single().ShouldBe((Claimable, Claimable));
    }

    static async Task SessionsWork(IReadOnlyList<Uri> nodes, ClusterLoad load)
    {
        load.Sessions.ShouldNotBeEmpty();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        foreach (var (session, i) in load.Sessions.Take(50).Select((s, i) => (s, i)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(nodes[i % nodes.Count], "/account"));
            request.Headers.Add("Cookie", session);
            (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK, "whoever was told that they are signed in is");
        }
    }

    /// <returns>How old the oldest fact became.</returns>
    static async Task<TimeSpan> Ages(TestInstallation here, CancellationToken ended)
    {
        var worst = TimeSpan.Zero;
        while (!ended.IsCancellationRequested)
        {
            var age = await here.Scalar<double?>("select extract(epoch from clock_timestamp() - min(at))::float8 from kernel.outbox") ?? 0;
            if (TimeSpan.FromSeconds(age) > worst) worst = TimeSpan.FromSeconds(age);
            await Task.Delay(200, CancellationToken.None);
        }
        return worst;
    }
}
