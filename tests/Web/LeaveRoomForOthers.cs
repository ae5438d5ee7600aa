using System.Collections.Concurrent;
using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Provisioning;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Files, jobs and programs of one organization beside a person of another (docs/decisions/0068).</summary>
[Trait("Rule", "P4"), Trait("Rule", "M9"), Trait("Rule", "C2")]
public sealed class LeaveRoomForOthers : OnScim
{
    const string Password = "correct horse";

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>Of one processor, so that every piece of work has a rest, on whatever machine.</summary>
    readonly FairShares _shares = new(connections: 32, processors: 1, TimeProvider.System);

    readonly ConcurrentQueue<DateTime> _steps = new();

    WholeSite _node = null!;
    SiteVisitor _ada = null!, _gus = null!;
    string _key = "", _globexKey = "";

    string File => $"/o/{Acme}/members/accounts.csv";
    string List => $"/admin/v1/orgs/{Acme}/users";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Here.Seed("acme.example", 3_000);
        await Here.Rows<int>("update accounts.account set managed_by = @acme, claimed_at = now() where domain = 'acme.example' returning 1",
            new { acme = Acme.Value });
        await Here.Grant(new GivePassword([Ada, Gus], Password));
        _key = (await Here.Grant(new CreateApiKey(Acme, Ada, "Program", ["accounts:read"], 7, By(Ada)))).Secret;
        _globexKey = (await Here.Grant(new CreateApiKey(Globex, Gus, "Program", ["accounts:read"], 7, By(Gus)))).Secret;
        _node = await WholeSite.On(Here, services => services.AddSingleton(_shares));
        (_ada, _gus) = (_node.Somebody(), _node.Somebody());
        await _ada.SignIn("ada@acme.example", Password);
        await _gus.SignIn("gus@globex.example", Password);
    }

    public override async Task DisposeAsync()
    {
        _ada.Dispose();
        _gus.Dispose();
        await _node.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>The head, those who have verified their address, and the end.</summary>
    async Task<long> Lines() => 2 + await Here.Scalar<long>(
        "select count(*) from accounts.account where managed_by = @acme and state in (1, 2, 3)", new { acme = Acme.Value });

    async Task GusLooks()
    {
        using var page = await _gus.Get($"/o/{Globex}/members").WaitAsync(Soon);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    async Task<string> Whole(string path)
    {
        using var answer = await _ada.Get(path).WaitAsync(Soon);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>So much that the next one has to wait longer than anybody may.</summary>
    static async Task Owe(FairShare share, OrganizationId organization)
    {
        var pieces = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => share.Begin(organization.Value, default).AsTask()));
        foreach (var piece in pieces) piece?.End(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Who_opened_a_page_is_here_for_others_and_not_for_their_own_organization()
    {
        await GusLooks();
        (_shares.People.AnyOtherThan(Acme.Value), _shares.People.AnyOtherThan(Globex.Value)).ShouldBe((true, false));
        (await Whole(File)).Split("\r\n").LongLength.ShouldBe(await Lines());
        _shares.LongWork.Kept.ShouldBe(1, "the file left room");
    }

    [Fact]
    public async Task While_only_its_own_people_are_here_nothing_is_counted()
    {
        (await Whole(File)).Split("\r\n").LongLength.ShouldBe(await Lines());
        using var program = new ApiCaller(_node.Somebody().Client, _key);
        for (var i = 0; i < 20; i++) await program.Expect(HttpStatusCode.OK, "GET", List);
        (_shares.LongWork.Kept, _shares.Programs.Kept).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Programs_that_have_asked_much_are_told_when_to_come_back_and_may_still_change_something()
    {
        var mia = await Provider.Create(Person("mia"));
        using var provider = new ScimCaller(_node.Somebody().Client, Provider.Directory, Provider.Token, Here.Clock);
        using var program = new ApiCaller(_node.Somebody().Client, _key);
        using var foreign = new ApiCaller(_node.Somebody().Client, _globexKey);
        await GusLooks();
        await program.Expect(HttpStatusCode.OK, "GET", List);
        await provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{mia}");
        _shares.Programs.Kept.ShouldBe(1, "both are the organization's");
        await Owe(_shares.Programs, Acme);
        (await program.Expect(HttpStatusCode.TooManyRequests, "GET", List)).GetProperty("errors")[0].GetProperty("code").GetString()
            .ShouldBe("tooManyRequests");
        program.Last.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        foreach (var (method, path) in ((string, string)[])[("GET", "/Users"), ("POST", "/Users/.search")])
        {
            await provider.Expect(HttpStatusCode.TooManyRequests, method, path, method == "POST" ? new
            {
                schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            } : null);
            provider.Last.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }
        await provider.Create(Person("noah")).WaitAsync(Soon);
        await foreign.Expect(HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{Globex}/users");
        await GusLooks();
    }

    /// <summary>Of 32 connections files have eight, and one organization four of these.</summary>
    async Task<IReadOnlyList<IDisposable>> Held()
    {
        var places = new List<IDisposable>();
        for (var i = 0; i < 4; i++) places.Add((await _shares.Files.Enter(Acme.Value, 1, default).WaitAsync(Soon))!);
        return places;
    }

    [Fact]
    public async Task One_organizations_files_leave_connections_to_others_and_who_waits_has_none()
    {
        var places = await Held();
        using var gaveUp = new CancellationTokenSource();
        var (waits, leaves) = (_ada.Get(File), _ada.Client.GetAsync(File, gaveUp.Token));
        await TestInstallation.Others(() => Task.FromResult(_shares.Files.Waiting(Acme.Value) == 2), Soon);
        await gaveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaves);
        await TestInstallation.Others(() => Task.FromResult(_shares.Files.Waiting(Acme.Value) == 1), Soon, "who left still waits");
        using (var theirs = await _gus.Get($"/o/{Globex}/members/accounts.csv").WaitAsync(Soon))
            theirs.StatusCode.ShouldBe(HttpStatusCode.OK);
        waits.IsCompleted.ShouldBeFalse();
        foreach (var place in places) place.Dispose();
        using (var served = await waits.WaitAsync(Soon)) served.StatusCode.ShouldBe(HttpStatusCode.OK);
        await TestInstallation.Others(() => Task.FromResult(_shares.Files.Free == 8), Soon, "a place was lost");
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_file_is_told_when_to_come_back()
    {
        var places = await Held();
        using var told = await _ada.Get(File).WaitAsync(Soon);
        (told.StatusCode, told.Headers.RetryAfter!.Delta).ShouldBe((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(10)));
        (await told.Content.ReadAsStringAsync()).ShouldContain("Too many requests");
        _shares.Files.Waiting(Acme.Value).ShouldBe(0);
        foreach (var place in places) place.Dispose();
        _shares.Files.Free.ShouldBe(8);
    }

    [Fact, Trait("Rule", "R11")]
    public async Task Who_waits_for_a_file_of_a_node_that_drains_has_it_when_another_one_ends()
    {
        var places = await Held();
        var waits = _ada.Get(File);
        await TestInstallation.Others(() => Task.FromResult(_shares.Files.Waiting(Acme.Value) == 1), Soon);
        _node.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        foreach (var place in places) place.Dispose();
        using (var served = await waits.WaitAsync(Soon)) served.StatusCode.ShouldBe(HttpStatusCode.OK);
        await TestInstallation.Others(() => Task.FromResult(_shares.Files.Free == 8), Soon, "a place was lost");
    }

    /// <summary>A chunk takes what it takes, and is one step.</summary>
    sealed class Steps(LeaveRoomForOthers test) : IBulkJob
    {
        public string Kind => "steps";

        public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
        {
            test._steps.Enqueue(DateTime.UtcNow);
            await Task.Delay(20, ct);
            var step = slice.After is { } after ? BitConverter.ToInt32(after.ToByteArray()) + 1 : 1;
            return new([Guid.CreateVersion7()], ["done"], step >= 12 ? null : new Guid(step, 0, 0, new byte[8]), []);
        }
    }

    async Task<TimeSpan> Job(TestInstallation node, int ranges)
    {
        _steps.Clear();
        var id = new JobId(Guid.CreateVersion7());
        await Here.Services.GetRequiredService<JobStore>().Insert(new(id, "steps", Acme.Value, "Steps", "{}", TestInstallation.Console,
            12 * ranges, [.. Enumerable.Range(0, ranges).Select(_ => new JobRange(null, Guid.CreateVersion7()))]), default);
        node.Services.GetRequiredService<JobScheduling>().Start();
        await TestInstallation.Others(
            async () => await Here.Scalar<short>("select state from kernel.job where id = @id", new { id = id.Value }) == 4, Soon,
            "the job does not end");
        _steps.Count.ShouldBe(12 * ranges);
        return _steps.Max() - _steps.Min();
    }

    [Fact]
    public async Task A_job_rests_between_chunks_and_all_that_an_organization_does_comes_to_its_end()
    {
        await using var node = Here.AnotherNode(services => services.AddSingleton<IBulkJob>(new Steps(this)).AddSingleton(_shares)
            .AddSingleton(new BackgroundSettings { KeeperIdle = TimeSpan.FromMilliseconds(50), CheckInLate = TimeSpan.FromMinutes(1) }));
        await node.StartBackground();
        _shares.LongWork.Kept.ShouldBe(0);
        var alone = await Job(node, 1);
        _shares.LongWork.Kept.ShouldBe(0, "it was alone");
        await GusLooks();
        var beside = await Job(node, 1);
        // Eleven times a chunk of at least 20 ms and a rest of three times that.
        beside.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(11 * 75), $"alone it was {alone}");

        using var program = new ApiCaller(_node.Somebody().Client, _key);
        using var enough = new CancellationTokenSource();
        var looks = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await GusLooks();
        });
        var all = Task.WhenAll([(Task)Job(node, 3), .. Enumerable.Range(0, 4).Select(_ => Whole(File)), .. Enumerable.Range(0, 8)
            .Select(_ => program.Expect(HttpStatusCode.OK, "GET", List))]);
        try { await all.WaitAsync(Soon); }
        finally { await enough.CancelAsync(); }
        await looks;
        await TestInstallation.Others(() => Task.FromResult(_shares.Files.Free == 8), Soon, "a place was lost");
    }
}
