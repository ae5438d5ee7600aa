using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>A node whose database is away lets nobody in for longer than 750 ms, however well it knows them (SPEC A9), and says that it is
/// away.</summary>
[Trait("Rule", "A9")]
[Collection(Alone.Name)]
public sealed class CutTheDatabase : IAsyncLifetime
{
    const string Password = "correct horse";

    string _database = null!;
    TestInstallation _here = null!, _there = null!;
    Wire _wire = null!;
    WholeSite _site = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Fresh(nameof(CutTheDatabase), TestInstallation.Migrate);
        _here = TestInstallation.On(_database);
        _wire = new(new(_database));
        _there = TestInstallation.On(_wire.ConnectionString);
        _site = await WholeSite.On(_there);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _there.DisposeAsync();
        await _here.DisposeAsync();
        _wire.Dispose();
        await TestDatabase.Drop(_database);
    }

    [Fact]
    public async Task Who_is_known_is_let_in_no_longer_and_again_when_it_is_back()
    {
        var acme = await _here.Organization("acme");
        var liam = await _here.Account("liam@acme.example", managedBy: acme);
        await _here.Grant(new GivePassword([liam], Password));
        await _here.Send(new OfferApps([new("jira", "Jira")]));
        var team = await _here.Grant(new CreateSite(acme, "Team", "https://team.example", TestInstallation.Console));
        await _here.Grant(new PutAppOnSite(team, "jira", TestInstallation.Console));
        await _here.Grant(new InviteUsers(team, ["liam@acme.example"], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [],
            null, TestInstallation.Console));
        using var browser = _site.Somebody();
        await browser.SignIn("liam@acme.example", Password);
        var door = $"/access/check?site={team}&app=jira";
        for (var i = 0; i < 5; i++)
            foreach (var path in (string[])["/account", door]) (await browser.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);

        _wire.Cut();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(2); await Task.Delay(20))
        {
            var began = watch.Elapsed;
            var status = (await browser.Get(door)).StatusCode;
            status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
            if (began > Revocations.Oldest) status.ShouldBe(HttpStatusCode.ServiceUnavailable, $"after {began}");
        }
        using (var answer = await browser.Get("/account"))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("Temporarily unavailable");
        }
        // Meanwhile somebody takes the session away.
        await _here.Grant(new LogOutEverywhere(liam, null, null, TestInstallation.Console));
        _wire.Mend();
        foreach (var path in (string[])[door, "/account"])
            (await browser.Get(path)).StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Redirect);
        await browser.SignIn("liam@acme.example", Password);
        (await browser.Get(door)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>As when a new server stands there, and nobody has restored the backup yet.</summary>
    [Fact, Trait("Rule", "R6")]
    public async Task An_empty_database_is_told_as_one_that_is_away_until_it_is_the_products_again()
    {
        var acme = await _here.Organization("acme");
        var ada = await _here.Admin(acme, "ada@acme.example");
        var liam = await _here.Account("liam@acme.example", managedBy: acme);
        await _here.Grant(new GivePassword([ada], Password));
        var key = await _here.Grant(new CreateApiKey(acme, ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7,
            new(ada.Value, "test", RequestId: "furnish")));
        using SiteVisitor browser = _site.Somebody(), program = _site.Somebody();
        await browser.SignIn("ada@acme.example", Password);
        program.Client.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
        (SiteVisitor Who, string Path)[] all = [(browser, "/account"), (program, $"/users/{liam}/manage/profile")];
        foreach (var (who, path) in all) (await who.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        var ready = new DatabaseAnswers(_site.Services.GetRequiredService<OwnTables>());
        (await ready.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);

        await TestDatabase.Empty(_database);
        await TestInstallation.Others(async () => (await ready.CheckHealthAsync(new())).Description
            == "The database is empty, or not this installation's.", what: "readiness does not say so");
        // The first to ask meets a connection that was ended.
        foreach (var (who, path) in ((SiteVisitor, string)[])[.. all, .. all, .. all])
        {
            using var answer = await who.Get(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            answer.Headers.RetryAfter.ShouldNotBeNull(path).Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }
        await TestInstallation.Migrate(_database);
        (await ready.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);
    }

    /// <summary>Passes on to the real server until it is cut.</summary>
    sealed class Wire : IDisposable
    {
        readonly NpgsqlConnectionStringBuilder _to;
        readonly int _port;
        readonly List<Socket> _open = [];
        Socket? _listens;

        public Wire(NpgsqlConnectionStringBuilder to)
        {
            _to = to;
            Mend();
            _port = ((IPEndPoint)_listens!.LocalEndPoint!).Port;
        }

        public string ConnectionString =>
            new NpgsqlConnectionStringBuilder(_to.ConnectionString) { Host = "127.0.0.1", Port = _port }.ConnectionString;

        public void Mend()
        {
            var listens = _listens = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listens.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listens.Bind(new IPEndPoint(IPAddress.Loopback, _port));
            listens.Listen();
            _ = Task.Run(() => Accept(listens));
        }

        public void Cut()
        {
            lock (_open)
            {
                _listens!.Dispose();
                foreach (var socket in _open) socket.Dispose();
                _open.Clear();
            }
        }

        async Task Accept(Socket listens)
        {
            try
            {
                while (true)
                {
                    var client = await listens.AcceptAsync();
                    Socket server;
                    if (_to.Host!.StartsWith('/'))
                    {
                        server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                        await server.ConnectAsync(new UnixDomainSocketEndPoint($"{_to.Host}/.s.PGSQL.{_to.Port}"));
                    }
                    else
                    {
                        server = new(SocketType.Stream, ProtocolType.Tcp);
                        await server.ConnectAsync(_to.Host, _to.Port);
                    }
                    lock (_open) _open.AddRange([client, server]);
                    _ = Pass(client, server);
                    _ = Pass(server, client);
                }
            }
            catch (Exception cut) when (cut is SocketException or ObjectDisposedException) { }
        }

        static async Task Pass(Socket from, Socket to)
        {
            try
            {
                var buffer = new byte[65_536];
                while (await from.ReceiveAsync(buffer) is > 0 and var length) await to.SendAsync(buffer.AsMemory(0, length));
            }
            catch (Exception cut) when (cut is SocketException or ObjectDisposedException) { }
            from.Dispose();
            to.Dispose();
        }

        public void Dispose() => Cut();
    }
}
