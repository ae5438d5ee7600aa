using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Sites.Internal.Access;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>A real nginx asks the door of a real server on every request (SPEC U11).</summary>
[Trait("Rule", "U11"), Trait("Rule", "A9")]
[Collection(Programs.Name)]
public sealed class GuardAnApp : OnSite
{
    const string Password = "correct horse", Email = "liam@acme.example";
    static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    WholeSite _platform = null!;
    Nginx _nginx = null!;
    AccountId _liam;
    GroupId _group;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Here.VerifiedDomain(Acme, "acme.example", automatic: false);
        _liam = await Here.Account(Email, "Liam", managedBy: Acme);
        await Here.Grant(new GivePassword([_liam], Password));
        _group = await Group("Developers");
        await Invite(Site, null, [_group], Email);
        _platform = await WholeSite.Listening(Here);
        await Here.StartBackground();
        _nginx = await Nginx.Start(_platform.Address, "team.example", "jira");
    }

    public override async Task DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _platform.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<HttpClient> Browser()
    {
        using var visitor = new SiteVisitor(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false },
            address: _platform.Address);
        await visitor.SignIn(Email, Password);
        var client = Client();
        client.DefaultRequestHeaders.Add("Cookie", $"directory-session={visitor.Session}");
        return client;
    }

    async Task<HttpClient> Program()
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer",
            (await Here.Grant(new CreateApiToken(_liam, "Script", 30, By(_liam)))).Secret);
        return client;
    }

    HttpClient Client() => new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = _nginx.Address };

    static async Task<int> Ask(HttpClient client)
    {
        using var answer = await client.GetAsync("/jira/index.html");
        if (answer.StatusCode == HttpStatusCode.OK) (await answer.Content.ReadAsStringAsync()).ShouldBe(Nginx.Page);
        return (int)answer.StatusCode;
    }

    /// <summary>How long the door went on saying the old answer after the deed was committed.</summary>
    static async Task Becomes(HttpClient client, Func<int, bool> wanted, string what)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            if (wanted(await Ask(client))) return;
            if (watch.Elapsed > AtMost)
                throw new Xunit.Sdk.XunitException($"{what}: still {await Ask(client)} after {watch.Elapsed.TotalMilliseconds} ms");
        }
    }

    [Fact]
    public async Task The_door_follows_every_change_within_a_second_and_opens_again_with_the_same_roles()
    {
        using var browser = await Browser();
        using var program = await Program();
        foreach (var (client, closed) in ((HttpClient, int)[])[(browser, 403), (program, 403)])
        {
            (await Ask(client)).ShouldBe(200);
            foreach (var (what, deed, undo) in Deeds())
            {
                await deed();
                await Becomes(client, s => s == closed, what);
                await undo();
                await Becomes(client, s => s == 200, $"{what}, undone");
            }
        }
        await Here.Grant(new DeactivateAccount(_liam, Acme, null, null, false, By(Ada)));
        await Becomes(browser, s => s == 302, "deactivated");
        await Becomes(program, s => s == 401, "deactivated");
        await Here.Grant(new ReactivateAccount(_liam, Acme, By(Ada)));
        await Becomes(program, s => s == 200, "reactivated, with the groups of before");
        using var again = await Browser();
        (await Ask(again)).ShouldBe(200);
    }

    IEnumerable<(string, Func<Task>, Func<Task>)> Deeds() =>
    [
        ("suspended", async () => (await Change(MembershipChange.Suspend, _liam, Site)).Granted.ShouldBeTrue(),
            async () => (await Change(MembershipChange.Restore, _liam, Site)).Granted.ShouldBeTrue()),
        ("taken out of the group", () => Here.Grant(new RemoveFromGroup(Acme, _group, _liam, By(Ada))),
            () => Here.Grant(new AddToGroup(Acme, _group, _liam, By(Ada)))),
        ("the group opens the app no longer", () => Here.Grant(new GiveGroupAccess(Acme, _group, Site, "jira", null, By(Ada))),
            () => Here.Grant(new GiveGroupAccess(Acme, _group, Site, "jira", AppRole.User, By(Ada)))),
        ("removed", async () => (await Change(MembershipChange.Remove, _liam, Site)).Granted.ShouldBeTrue(),
            () => Invite(Site, null, [_group], Email)),
    ];

    [Fact]
    public async Task Logging_out_and_revoking_close_the_door()
    {
        using var browser = await Browser();
        using var program = await Program();
        (await Ask(browser)).ShouldBe(200);
        (await Ask(program)).ShouldBe(200);
        await Here.Grant(new LogOutDevice(_liam, (await Here.Grant(new ReadDevices(_liam, null))).Single().Id, null, By(_liam)));
        await Becomes(browser, s => s == 302, "logged out");
        (await Ask(program)).ShouldBe(200);
        await Here.Grant(new RevokeApiToken(_liam, (await Here.Grant(new ReadApiTokens(_liam, null))).Tokens.Single().Id, null, By(_liam)));
        await Becomes(program, s => s == 401, "revoked");
    }

    [Fact]
    public async Task Strangers_wrong_secrets_and_a_fallen_platform_get_nothing()
    {
        using var nobody = Client();
        (await Ask(nobody)).ShouldBe(302);
        foreach (var secret in (string[])["x", "dpt_x", new string('a', 5_000)])
        {
            using var guess = Client();
            guess.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {secret}");
            (await Ask(guess)).ShouldBe(401);
        }
        using var browser = await Browser();
        using (var forged = new HttpRequestMessage(HttpMethod.Get, "/.access"))
            (await nobody.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "only nginx asks");
        // One of its own falls: the usual one is another test's next.
        await using var platform = await WholeSite.Listening(Here, []);
        await using var nginx = await Nginx.Start(platform.Address, "team.example", "jira");
        using var visitor =
            new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = nginx.Address };
        visitor.DefaultRequestHeaders.Add("Cookie", browser.DefaultRequestHeaders.GetValues("Cookie"));
        (await Ask(visitor)).ShouldBe(200);
        await platform.Stop();
        for (var i = 0; i < 5; i++) (await Ask(visitor)).ShouldBeGreaterThanOrEqualTo(500, "never open by accident");
    }

    [Fact, Trait("Rule", "S10")]
    public async Task The_app_knows_the_visitor_and_never_the_visitors_session_or_token()
    {
        using var browser = await Browser();
        using var program = await Program();
        (await Ask(browser)).ShouldBe(200);
        (await Ask(program)).ShouldBe(200);
        _nginx.App.Got.Count.ShouldBe(2);
        foreach (var got in _nginx.App.Got)
        {
            (got["X-Account"].ToString(), got["X-Role"].ToString()).ShouldBe(($"{_liam}", "user"));
            got.ShouldNotContainKey("Cookie");
            got.ShouldNotContainKey("Authorization");
        }
    }

    [Fact]
    public async Task Activity_is_noted_once_an_hour_for_the_site_and_the_organization()
    {
        using var program = await Program();
        for (var i = 0; i < 5; i++) (await Ask(program)).ShouldBe(200);
        var noted = await Here
            .Rows<DateTime>(
                "select last_active_at from sites.listed where id = @id union all select last_active_at from sites.site_member "
                + "where account_id = @id", new { id = _liam.Value });
        noted.Count.ShouldBe(3);
        noted.Distinct().Count().ShouldBe(1);
        Here.Clock.Pass(TimeSpan.FromMinutes(30));
        (await Ask(program)).ShouldBe(200);
        (await Here.Scalar<DateTime>("select last_active_at from sites.site_member")).ShouldBe(noted[0], "not again within the hour");
        Here.Clock.Pass(TimeSpan.FromMinutes(31));
        (await Ask(program)).ShouldBe(200);
        (await Here.Scalar<DateTime>("select last_active_at from sites.site_member")).ShouldBeGreaterThan(noted[0]);
    }

    [Fact]
    public async Task Site_and_app_come_by_query_or_header_and_unknown_ones_are_closed()
    {
        using var visitor = new SiteVisitor(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false },
            address: _platform.Address);
        await visitor.SignIn(Email, Password);
        async Task<(int, string?)> Check(string query, string? site = null, string? app = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/access/check{query}");
            if (site is not null) request.Headers.Add("X-Access-Site", site);
            if (app is not null) request.Headers.Add("X-Access-App", app);
            using var answer = await visitor.Client.SendAsync(request);
            return ((int)answer.StatusCode, answer.Headers.TryGetValues("X-Access-Refusal", out var why)
                ? why.Single()
                : answer.Headers.TryGetValues("X-Access-Role", out var role) ? role.Single() : null);
        }
        (await Check($"?site={Site}&app=jira")).ShouldBe((200, "user"));
        (await Check("", "team.example", "JIRA")).ShouldBe((200, "user"));
        (await Check($"?site={Site}&app=trello")).ShouldBe((403, "noAccessToApp"));
        (await Check($"?site={Site}&app=nonsense")).ShouldBe((403, "appNotOnSite"));
        (await Check($"?site={Guid.NewGuid()}&app=jira")).ShouldBe((403, "notOnThisSite"));
        (await Check("")).ShouldBe((403, "notOnThisSite"));
        (await Check($"?site={new string('x', 3_000)}&app=jira")).ShouldBe((403, "notOnThisSite"));
    }
}
