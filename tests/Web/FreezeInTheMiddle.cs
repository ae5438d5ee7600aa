using System.Net;
using System.Text;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// A real process that stands still between the check and what it was for, and goes on after somebody else has taken the session away
/// (SPEC A9): for 20 seconds when whole, for two when small, which is longer than any answer may be old.
/// </summary>
[Trait("Rule", "A9"), Trait("Run", "Kills")]
[Collection(Programs.Name)]
public sealed class FreezeInTheMiddle(RunningNode node, ITestOutputHelper output) : IClassFixture<RunningNode>, IAsyncLifetime
{
    const string Password = "violet lantern orbit";

    static readonly TimeSpan Frozen = Proof.Size("Kills", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));

    readonly int _no = RunningNode.Number;
    readonly TestInstallation _here = node.Here;
    AccountId _liam;
    OrganizationId _acme;
    SiteId _site;

    public async Task InitializeAsync()
    {
        _acme = await _here.Organization($"acme-{_no}");
        await _here.Admin(_acme, Address("ada"));
        _liam = await _here.Account(Address("liam"), "Liam");
        await _here.Grant(new AppointOrganizationAdmin(_liam, _acme, TestInstallation.Console));
        await _here.Grant(new GivePassword([_liam], Password));
        await _here.Send(new OfferApps([new("jira", "Jira")]));
        _site = await _here.Grant(new CreateSite(_acme, "Team", $"https://team-{_no}.example", TestInstallation.Console));
        await _here.Grant(new PutAppOnSite(_site, "jira", TestInstallation.Console));
        await _here.Grant(new InviteUsers(_site, [Address("liam")], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [],
            null, TestInstallation.Console));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    string Address(string name) => $"{name}@acme-{_no}.example";

    async Task<SiteVisitor> Liam()
    {
        var liam = node.Browser();
        await liam.SignIn(Address("liam"), Password);
        return liam;
    }

    /// <summary>Freezes the node, takes all sessions away, lets go what the node waits for, and thaws it.</summary>
    async Task Meanwhile(Func<Task>? letGo = null)
    {
        node.Program.Freeze();
        try
        {
            await _here.Grant(new LogOutEverywhere(_liam, null, null, TestInstallation.Console));
            if (letGo is not null) await letGo();
            await Task.Delay(Frozen);
        }
        finally { node.Program.Thaw(); } // The next test asks the same program.
    }

    /// <summary>Of looks and checks that are on their way, and of those that come when it wakes.</summary>
    [Fact]
    public async Task Nobody_is_let_in_by_what_it_knew_before()
    {
        using var liam = await Liam();
        var door = $"/access/check?site={_site}&app=jira";
        foreach (var path in (string[])["/account", door])
            for (var i = 0; i < 5; i++) (await liam.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        var asked = new List<Task<HttpResponseMessage>>();
        await Meanwhile(() =>
        {
            Ask();
            return Task.CompletedTask;
        });
        Ask();
        foreach (var answer in await Task.WhenAll(asked))
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Redirect, HttpStatusCode.Unauthorized);
        output.WriteLine($"{asked.Count} requests, none let in.");

        void Ask()
        {
            for (var i = 0; i < 10; i++) asked.AddRange([liam.Get("/account"), liam.Get(door)]);
        }
    }

    /// <summary>What is only looked at, on a page, by a program and by a program's POST, and sent compressed.</summary>
    [Fact]
    public async Task What_was_made_for_whoever_may_no_longer_is_refused_and_not_cut_off()
    {
        using var liam = await Liam();
        var key = await _here.Grant(new CreateApiKey(_acme, _liam, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7,
            TestInstallation.Console));
        using var program = node.Browser();
        program.Client.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
        program.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        var groups = $"/admin/v2/orgs/{_acme}/directories/-/groups";
        await using var holder = new NpgsqlConnection(node.Database);
        await holder.OpenAsync();
        await holder.ExecuteAsync("begin; lock table sites.grp in access exclusive mode");
        using var everything = new StringContent("{}", Encoding.UTF8, "application/json");
        Task<HttpResponseMessage>[] asked =
            [liam.Get($"/o/{_acme}/groups"), program.Get(groups), program.Client.PostAsync($"{groups}/search", everything)];
        await Waits(asked.Length);
        await Meanwhile(async () =>
        {
            await _here.Grant(new RevokeApiKey(_acme, key.Key.Id, TestInstallation.Console));
            await holder.ExecuteAsync("rollback");
        });
        foreach (var answer in await Task.WhenAll(asked)) answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>The node has checked, and waits within its transaction for a lock; what it waits for comes while it stands still.</summary>
    [Fact]
    public async Task What_was_checked_before_is_not_written_after()
    {
        using var liam = await Liam();
        var page = $"/o/{_acme}/groups/new";
        var token = await liam.Token(page);
        await using var holder = new NpgsqlConnection(node.Database);
        await holder.OpenAsync();
        await holder.ExecuteAsync("begin; lock table sites.grp in share mode");
        var made = liam.Send(page, token, ("Input.Name", "Too late"), ("Input.Description", ""));
        await Waits();
        await Meanwhile(() => holder.ExecuteAsync("rollback"));
        (await made).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _here.Scalar<long>("select count(*) from sites.grp where name = 'Too late'")).ShouldBe(0);
    }

    /// <summary>The same where a turn waits for the row of its account.</summary>
    [Fact]
    public async Task Nor_is_a_turn()
    {
        using var liam = await Liam();
        var mia = await _here.Account(Address("mia"), "Mia", managedBy: _acme);
        var page = $"/o/{_acme}/members/{mia}";
        var token = await liam.Token($"{page}/deactivate");
        await using var holder = new NpgsqlConnection(node.Database);
        await holder.OpenAsync();
        await holder.ExecuteAsync("begin; select from accounts.account where id = @Value for update", new { mia.Value });
        var done = liam.Send($"{page}/deactivate", token);
        await Waits();
        await Meanwhile(() => holder.ExecuteAsync("rollback"));
        (await done).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _here.Scalar<short>("select state from accounts.account where id = @Value", new { mia.Value }))
            .ShouldBe((short)AccountState.Active);
    }

    /// <summary>Until the node waits for the lock that this test holds. For longer than a shared statement of turns waits: such a one is on
    /// its way to the rows already, and what comes after it can be asked once more.</summary>
    /// <param name="requests">How many of them.</param>
    Task Waits(int requests = 1) => TestInstallation.Others(
        () => _here.Scalar<bool>("""
            select count(*) >= @requests from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
              and query_start < clock_timestamp() - interval '200 milliseconds'
            """, new { requests }), TimeSpan.FromSeconds(20), "the node does not wait");
}
