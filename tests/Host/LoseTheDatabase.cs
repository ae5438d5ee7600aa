using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Host;

/// <summary>What people and programs see while the database is away, full or out of connections: that it is so, and when to come again;
/// never an empty answer, and never a loss of what was acknowledged (SPEC R6).</summary>
[Trait("Rule", "R6")]
[UnsupportedOSPlatform("windows")]
[Collection(Programs.Name)]
public sealed class LoseTheDatabase(MadeCluster made) : OnServerFolder, IClassFixture<MadeCluster>, IAsyncLifetime
{
    const string Password = "violet lantern orbit";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly ConcurrentQueue<Exception> _broke = [];

    OrganizationId _acme;
    AccountId _liam, _jane;
    string _key = "", _provider = "";

    public Task InitializeAsync() => made.CopyTo(Data);

    public Task DisposeAsync() => Task.CompletedTask;

    async Task Furnish(string connectionString)
    {
        await TestInstallation.Migrate(connectionString);
        await using var here = TestInstallation.On(connectionString);
        _acme = await here.Organization("acme");
        var ada = await here.Admin(_acme, "ada@acme.example");
        _liam = await here.Account("liam@acme.example", managedBy: _acme);
        _jane = await here.Account("jane@acme.example", managedBy: _acme);
        var by = new Origin(ada.Value, "test", RequestId: "furnish");
        await here.Grant(new GivePassword([ada], Password));
        _key = (await here.Grant(new CreateApiKey(_acme, ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7, by))).Secret;
        var made = await here.Grant(new CreateIdentityDirectory(_acme, ada, "Entra ID", by));
        _provider = $"/scim/directory/{made.Directory.Id}/Users?{made.Token}";
    }

    /// <summary>All who ask, until they are told to stop; each answer is held against what may be said.</summary>
    sealed class Askers(LoseTheDatabase about, Uri address, Func<HttpMessageHandler> network) : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly List<Task> _loops = [];
        readonly Dictionary<string, int> _seen = [];
        SiteVisitor? _ada;

        /// <summary>What was acknowledged last, how many were, and what was tried last.</summary>
        public int Acknowledged { get; private set; }
        public int Acknowledgements { get; private set; }
        public int Tried { get; private set; }

        public string Seen
        {
            get
            {
                lock (_seen) return string.Join(", ", _seen.OrderBy(s => s.Key).Select(s => $"{s.Value} × {s.Key}"));
            }
        }

        public async Task Begin()
        {
            _ada = new(network(), address: address);
            await _ada.SignIn("ada@acme.example", Password);
            var (key, provider) = (about._key, about._provider.Split('?'));
            _loops.Add(Ask("page", () => _ada.Get($"/o/{about._acme}/members")));
            _loops.Add(Ask("own page", () => _ada.Get("/account")));
            _loops.Add(Ask("door", () => _ada.Get($"/access/check?site={Guid.NewGuid()}&app=jira"), also: HttpStatusCode.Forbidden));
            _loops.Add(Ask("sign-in", () => _ada.Get("/sign-in"), also: HttpStatusCode.Redirect));
            _loops.Add(Ask("program", Program(HttpMethod.Get, $"/users/{about._liam}/manage/profile", key)));
            _loops.Add(Ask("provider", Program(HttpMethod.Get, provider[0], provider[1])));
            _loops.Add(Ask("command", async () =>
            {
                var answer = await Program(HttpMethod.Patch, $"/users/{about._liam}/manage/profile", key, ++Tried)();
                if (answer.IsSuccessStatusCode) (Acknowledged, Acknowledgements) = (Tried, Acknowledgements + 1);
                return answer;
            }));
            _loops.Add(Ask("once", Once(key), also: HttpStatusCode.NoContent));
        }

        /// <summary>Whether the process lives, asked with the cookie of somebody who is signed in.</summary>
        public void Probe() => _loops.Add(Ask("probe", () => _ada!.Get("/health/live")));

        /// <summary>Repeats each request until it is carried out. Nobody goes on with what broke, so it may be said only for seconds that
        /// it is still being carried out.</summary>
        Func<Task<HttpResponseMessage>> Once(string secret)
        {
            var (client, done) = (new HttpClient(network()) { BaseAddress = address }, 0);
            return async () =>
            {
                for (var watch = Stopwatch.StartNew(); ; await Task.Delay(200))
                {
                    var verb = done % 2 == 0 ? "disable" : "enable";
                    var request = new HttpRequestMessage(HttpMethod.Post, $"/users/{about._jane}/manage/lifecycle/{verb}");
                    request.Headers.Authorization = new("Bearer", secret);
                    request.Headers.Add("Idempotency-Key", $"{verb}-{done}");
                    var answer = await client.SendAsync(request);
                    if (answer.IsSuccessStatusCode) done++;
                    if (answer.StatusCode != HttpStatusCode.Conflict || watch.Elapsed > TimeSpan.FromSeconds(10)) return answer;
                    answer.Dispose();
                }
            };
        }

        Func<Task<HttpResponseMessage>> Program(HttpMethod method, string path, string secret, int? number = null)
        {
            var client = new HttpClient(network()) { BaseAddress = address };
            return () =>
            {
                var request = new HttpRequestMessage(method, path);
                request.Headers.Authorization = new("Bearer", secret);
                if (number is { } n) request.Content = JsonContent.Create(new { extended_profile = new { job_title = $"Job {n}" } });
                return client.SendAsync(request);
            };
        }

        async Task Ask(string who, Func<Task<HttpResponseMessage>> ask, HttpStatusCode also = HttpStatusCode.OK)
        {
            for (; !_stop.IsCancellationRequested; await Task.Delay(100))
            {
                using var answer = await ask();
                var said = await answer.Content.ReadAsStringAsync();
                lock (_seen) _seen[$"{who} {(int)answer.StatusCode}"] = _seen.GetValueOrDefault($"{who} {(int)answer.StatusCode}") + 1;
                if (answer.StatusCode == HttpStatusCode.OK || answer.StatusCode == also) continue;
                var kind = answer.Content.Headers.ContentType?.MediaType;
                var found = $"{who}: {(int)answer.StatusCode} {kind} {about._broke.LastOrDefault()} {said}";
                who.ShouldNotBe("probe", found);
                answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, found);
                answer.Headers.RetryAfter.ShouldNotBeNull(found).Delta.ShouldBe(TimeSpan.FromSeconds(5));
                kind.ShouldBe(who switch
                {
                    "program" or "command" or "once" => "application/json",
                    "provider" => "application/scim+json",
                    _ => "text/html",
                }, found);
                said.ShouldContain(kind == "text/html" ? "Temporarily unavailable" : "database does not answer");
            }
        }

        public async Task Until(Func<string, bool> holds, string what)
        {
            for (var watch = Stopwatch.StartNew(); !holds(Seen); await Task.Delay(50))
            {
                if (_loops.Find(l => l.IsFaulted) is { } failed) await failed;
                if (watch.Elapsed > Patience) throw new TimeoutException($"{what}: {Seen}");
            }
        }

        /// <summary>Each of them is answered well, beginning from now.</summary>
        public async Task AllWell()
        {
            lock (_seen) _seen.Clear();
            string[] well = ["page 200", "own page 200", "program 200", "provider 200", "command 200", "once 204"];
            await Until(seen => well.All(w => seen.Contains($"× {w}", StringComparison.Ordinal)), "not all is well");
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            try { await Task.WhenAll(_loops); }
            finally
            {
                _loops.Clear();
                _ada?.Dispose();
            }
        }
    }

    /// <summary>Nothing acknowledged is lost, nothing is done twice.</summary>
    async Task Count(string connectionString, Askers askers)
    {
        var last = (string)(await Scalar(connectionString, "select job_title from accounts.profile where job_title is not null"))!;
        int.Parse(last.Split(' ')[1], CultureInfo.InvariantCulture).ShouldBeInRange(askers.Acknowledged, askers.Tried);
        const string entries = "select count(*)::int from kernel.audit_entry where action = 'DetailChanged'";
        ((int)(await Scalar(connectionString, entries))!).ShouldBeInRange(askers.Acknowledgements, askers.Tried);
    }

    /// <summary>Keeps what was no outage, which the page does not say.</summary>
    sealed class Heard(ConcurrentQueue<Exception> broke) : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
        {
            if (!Database.IsAway(exception)) broke.Enqueue(exception);
            return ValueTask.FromResult(false);
        }
    }

    /// <summary>A node of this process on a server of the test's own.</summary>
    async Task<(TestInstallation Here, WholeSite Site, Askers Askers)> Serve(string connectionString)
    {
        await Furnish(connectionString);
        var here = TestInstallation.On(connectionString);
        var site = await WholeSite.Listening(here, more: services => services.AddSingleton<IExceptionHandler>(new Heard(_broke)));
        var askers = new Askers(this, site.Address, () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        await askers.Begin();
        await askers.AllWell();
        return (here, site, askers);
    }

    [Fact]
    public async Task When_all_connections_are_taken_by_others_everybody_is_told_and_when_they_are_given_back_all_goes_on()
    {
        var few = EmbeddedPostgresOptions.ForTests with { Settings = new Dictionary<string, string> { ["max_connections"] = "30" } };
        await using var server = await EmbeddedPostgres.Start(Data, few);
        var patience = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Timeout = 2 };
        var (here, site, askers) = await Serve(patience.ConnectionString);
        await using var _ = here;
        await using var __ = site;
        await using var ___ = askers;
        var others = new List<NpgsqlConnection>();
        var (strangers, told) = (new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString, false);
        // The product's own are ended, as after a pause, and taken by others before it has them again.
        for (var watch = Stopwatch.StartNew(); !told; told = askers.Seen.Contains("command 503", StringComparison.Ordinal)
            && askers.Seen.Contains("page 503", StringComparison.Ordinal))
        {
            if (watch.Elapsed > Patience) throw new TimeoutException(askers.Seen);
            var one = new NpgsqlConnection(strangers);
            try
            {
                await one.OpenAsync();
                others.Add(one);
                if (others.Count > 1) continue;
            }
            catch (NpgsqlException) { await one.DisposeAsync(); }
            await using var end = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity "
                + "where application_name = 'directory-platform'", others[0]);
            await end.ExecuteNonQueryAsync();
        }
        foreach (var one in others) await one.DisposeAsync();
        await askers.AllWell();
        await askers.DisposeAsync();
        await Count($"{server.ConnectionString};Pooling=false", askers);
    }

    [Fact]
    public async Task When_the_disk_is_full_everybody_is_told_and_when_there_is_room_again_all_goes_on()
    {
        var disk = Directory.CreateDirectory(Path.Combine(Data.FullName, "disk"));
        // A small disk of its own: where none can be had, nothing is shown.
        if (await Run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", disk.FullName) != 0) return;
        try
        {
            await made.CopyTo(disk);
            await using var server = await EmbeddedPostgres.Start(disk, EmbeddedPostgresOptions.ForTests with
            {
                Settings = new Dictionary<string, string> { ["max_wal_size"] = "48MB", ["min_wal_size"] = "32MB" },
            });
            var (here, site, askers) = await Serve(server.ConnectionString);
            await using var _ = here;
            await using var __ = site;
            await using var ___ = askers;
            var filler = Path.Combine(disk.FullName, "filler");
            await Run("dd", "if=/dev/zero", $"of={filler}", "bs=64k");
            await askers.Until(seen => seen.Contains("command 503", StringComparison.Ordinal), "nobody was told");
            await Task.Delay(TimeSpan.FromSeconds(3));
            File.Delete(filler);
            await askers.AllWell();
            await askers.DisposeAsync();
            await Count($"{server.ConnectionString};Pooling=false", askers);
        }
        finally { await Run("umount", "-l", disk.FullName); }
    }

    static async Task<int> Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [Fact]
    public async Task An_embedded_server_that_is_killed_is_there_again_within_seconds()
    {
        await using (var server = await EmbeddedPostgres.Start(Data, new())) await Furnish(server.ConnectionString);
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        using var product = HostProcess.StartHeard(["--no-demo", "--data", Data.FullName, "--urls", address.OriginalString],
            ("Doors__Times", "100000"), ("Api__RequestsPerSecond", "10000"));
        await TestInstallation.Others(async () =>
        {
            using var client = new HttpClient();
            try { return (await client.GetAsync(new Uri(address, "/health/ready"))).IsSuccessStatusCode; }
            catch (HttpRequestException) { return false; }
        }, Patience, "it is not ready");
        var connection = $"{Connections.To(Cluster, "directory")};Pooling=false";
        await using var askers = new Askers(this, address, () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        await askers.Begin();
        askers.Probe();
        for (var i = 1; i <= Proof.Size(1, 2); i++)
        {
            await askers.AllWell();
            var postmaster = File.ReadLines(Path.Combine(Cluster.FullName, "postmaster.pid")).First();
            Process.GetProcessById(int.Parse(postmaster, CultureInfo.InvariantCulture)).Kill();
            await askers.Until(seen => seen.Contains(" 503", StringComparison.Ordinal), "nobody was told");
            var watch = Stopwatch.StartNew();
            await askers.AllWell();
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            product.Said.Split("PostgreSQL runs again.").Length.ShouldBe(i + 1, product.Said);
        }
        await TestInstallation.Others(() => Task.FromResult(Told("The database answers again") > 0), Patience, product.Said);
        Told("The database cannot be used now").ShouldBeGreaterThan(0);
        // Dozens of requests and of looks for work have met it; what broke in another way may have been told of.
        Told("An unhandled exception has occurred").ShouldBeLessThan(5, product.Said);
        Told("was interrupted and begins again").ShouldBeLessThan(5, product.Said);
        await askers.Until(_ => askers.Acknowledgements > 5, "too little was acknowledged");
        await askers.DisposeAsync();
        await Count(connection, askers);
        product.Terminate();
        (await product.Ends(Patience)).ShouldBe(0);
        ProcessesOf(Cluster).ShouldBeEmpty();

        int Told(string words) => product.Said.Split(words).Length - 1;
    }
}
