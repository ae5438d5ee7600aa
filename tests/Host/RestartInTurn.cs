using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Host;

/// <summary>docs/operate/cluster.md as it is written: three real processes behind a real nginx, which are restarted one after the other
/// while people read pages and programs send commands.</summary>
[Trait("Rule", "R2"), Trait("Rule", "R11")]
[Collection(Programs.Name)]
public sealed partial class RestartInTurn(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly int Rounds = Proof.Size(1, 4), Readers = Proof.Size(3, 6), Callers = Proof.Size(3, 6);

    /// <summary>Of each between two requests, in milliseconds; small, other tests need the cores, too.</summary>
    static readonly int Pause = Proof.Size(120, 60);

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Addresses of loopback that no other run of this test has: three machines on one.</summary>
    static readonly string[] Nodes = [.. Enumerable.Range(1, 3).Select(n =>
        $"127.{100 + Environment.ProcessId % 100}.{Environment.ProcessId / 100 % 250}.{n}")];

    const string Password = "correct horse battery staple";

    readonly Checkout _here = new("run", "build/unchanged");
    readonly Dictionary<string, Process> _running = [];

    /// <summary>Whatever was begun, nodes of before included: none outlives the test.</summary>
    readonly ConcurrentBag<Process> _begun = [];

    string _database = null!, _etc = null!, _site = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Fresh(nameof(RestartInTurn), TestInstallation.Migrate);
        _etc = _here.At("etc");
        _site = $"http://127.0.0.1:{Ports.Free()}";
        _here.RunsWhatIsBuilt();
        // systemd of another machine.
        _here.Program("path/ssh", """touch "restart-$1"; while [[ -e restart-$1 ]]; do sleep 0.05; done""");
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _begun)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _here.Dispose();
        await TestDatabase.Drop(_database);
    }

    [Fact]
    public async Task No_request_fails_while_each_of_three_nodes_is_restarted()
    {
        using var alone = await Proof.Alone();
        var guide = await File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "docs", "operate", "cluster.md"));
        var commands = Checkout.CommandsOf("docs/operate/cluster.md");
        var (keys, settings, start, look, restart) = commands switch
        {
            [var a, var b, var c, var d, var e] => (a, b, c, d, e),
            _ => throw new Xunit.Sdk.XunitException($"The guide has {commands.Count} blocks of commands; this test runs five."),
        };
        await Run(keys);
        foreach (var node in Nodes)
        {
            await Run(settings, node);
            _running[node] = Begin(start, node);
        }
        _begun.Add(await Proxy());
        await TestInstallation.Others(async () => await Ready() == 3, Patience, "not all nodes are ready");
        (await Run(look)).ShouldBe("HealthyHealthyHealthy");
        await using var here = TestInstallation.On(_database);
        var silos = Query().Match(guide).Groups[1].Value;
        await TestInstallation.Others(async () => (await here.Rows<object>(silos)).Count == 3, Patience, "the silos did not join");
        (await here.Rows<string>("select address from orleans.silo where status = 3")).ShouldBe(Nodes, ignoreOrder: true);

        await UnknownAsset();

        var acme = await here.Organization("acme");
        await here.VerifiedDomain(acme, "acme.example");
        var ada = await here.Admin(acme, "ada@acme.example");
        await here.Grant(new GivePassword([ada], Password));
        var by = new Origin(ada.Value, "test", RequestId: "key");
        var key = await here.Grant(new CreateApiKey(acme, ada, "Program", [.. ApiScopes.All.Select(s => s.Name())], 7, by));
        var people = new List<AccountId>();
        for (var i = 0; i < Callers; i++) people.Add(await here.Account($"p{i}@acme.example", managedBy: acme));
        var versions = await here.Scalar<long>("select sum(version) from accounts.account");

        var (ended, commanded, read) = (false, 0, 0);
        var failures = new ConcurrentBag<string>();
        var slowest = TimeSpan.Zero;
        using var browser = new SiteVisitor(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, address: new(_site));
        await browser.SignIn("ada@acme.example", Password);
        var load = Task.WhenAll([.. Enumerable.Range(0, Readers).Select(Read), .. people.Select(Command)]);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var restarting = Run(restart);
                foreach (var node in Nodes) await Again(start, node);
                await restarting;
            }
        }
        finally
        {
            Volatile.Write(ref ended, true);
            await load;
        }
        output.WriteLine($"{read} pages and {commanded} commands while {3 * Rounds} nodes were restarted; the slowest took "
            + $"{slowest.TotalSeconds:N1} s.");
        failures.ShouldBeEmpty();
        read.ShouldBeGreaterThan(20);
        commanded.ShouldBeGreaterThan(20);
        (await here.Scalar<long>("select sum(version) from accounts.account")).ShouldBe(versions + commanded, "each was done once");

        Task Read(int no) => Steadily(async client =>
        {
            using var answer = await (no % 2 == 0 ? browser.Get("/account") : client.GetAsync("/sign-in"));
            Interlocked.Increment(ref read);
            return answer.StatusCode is HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync()).Contains("</html>") ? null
                : $"page: {answer.StatusCode} {answer.Headers.Location}";
        });

        Task Command(AccountId id)
        {
            var isActive = true;
            return Steadily(async client =>
            {
                client.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
                var deed = isActive ? "disable" : "enable";
                using var answer = await client.PostAsync($"/users/{id}/manage/lifecycle/{deed}", null);
                if (answer.StatusCode is not HttpStatusCode.NoContent)
                    return $"{deed}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
                isActive = !isActive;
                Interlocked.Increment(ref commanded);
                return null;
            });
        }

        async Task Steadily(Func<HttpClient, Task<string?>> ask)
        {
            using var client = new HttpClient { BaseAddress = new(_site) };
            for (; !Volatile.Read(ref ended); await Task.Delay(Pause))
            {
                var watch = Stopwatch.StartNew();
                try
                {
                    if (await ask(client) is { } failed) failures.Add(failed);
                }
                catch (Exception cut) when (cut is HttpRequestException or TaskCanceledException) { failures.Add(cut.Message); }
                lock (failures) slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            }
        }
    }

    /// <summary>What the service of a node does when it is told to restart: ends the program and starts it.</summary>
    async Task Again(string start, string node)
    {
        var asked = _here.At($"restart-{node}");
        await TestInstallation.Others(() => Task.FromResult(File.Exists(asked)), Patience, "the guide restarts no further node");
        var before = _running[node];
        using (var kill = Process.Start("kill", ["-TERM", $"{before.Id}"])) await kill.WaitForExitAsync();
        await before.WaitForExitAsync().WaitAsync(Patience);
        before.ExitCode.ShouldBe(0, $"{node} did not end in good order");
        _running[node] = Begin(start, node);
        File.Delete(asked);
    }

    async Task<int> Ready()
    {
        using var client = new HttpClient();
        var ready = 0;
        foreach (var node in Nodes)
            try { if (await client.GetStringAsync($"http://{node}:5080/health/ready") == "Healthy") ready++; }
            catch (HttpRequestException) { }
        return ready;
    }

    /// <summary>A style sheet of another release: each node is asked before it is not found. For a page one is.</summary>
    async Task UnknownAsset()
    {
        using var client = new HttpClient { BaseAddress = new(_site) };
        using var unknown = await client.GetAsync("/site.0000000000.css");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var page = await client.GetAsync("/sign-in");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        string[] asked = [];
        await TestInstallation.Others(async () => (asked = await File.ReadAllLinesAsync(_here.At("nginx/asked"))).Length >= 2, Patience,
            "nginx does not say whom it asked");
        IEnumerable<string> For(string path) => asked.Single(a => a.StartsWith($"{path}: ", StringComparison.Ordinal))
            .Split(": ")[1].Split(", ");
        For("/site.0000000000.css").ShouldBe(Nodes.Select(node => $"{node}:5080"), ignoreOrder: true);
        For("/sign-in").Count().ShouldBe(1);
    }

    async Task<Process> Proxy()
    {
        var conf = await File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "docs", "operate", "cluster.conf"));
        for (var n = 1; n <= 3; n++) conf = conf.Replace($"10.0.0.1{n}:", $"{Nodes[n - 1]}:", StringComparison.Ordinal);
        _here.Write("nginx/platform.conf", conf.Replace("/var/lib/directory-platform-nginx", _here.At("nginx"), StringComparison.Ordinal)
            .Replace("listen 443 ssl;", $"listen {new Uri(_site).Authority};", StringComparison.Ordinal)
            .Replace("access_log off;", $"log_format asked \"$request_uri: $upstream_addr\"; access_log {_here.At("nginx/asked")} asked;",
                StringComparison.Ordinal));
        return Process.Start(new ProcessStartInfo("nginx",
            ["-p", _here.At("nginx"), "-e", _here.At("nginx/error.log"), "-c", _here.At("nginx/platform.conf"), "-g",
                $"daemon off;{(Environment.UserName == "root" ? " user root;" : "")}"]))!;
    }

    /// <summary>What it printed.</summary>
    async Task<string> Run(string commands, string node = "")
    {
        var process = Begin(commands, node, printed: true);
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(10));
        process.ExitCode.ShouldBe(0, $"{commands}\n{await said}\n{await errors}");
        return await said;
    }

    Process Begin(string commands, string node, bool printed = false)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands])
        {
            WorkingDirectory = _here.Folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in ((string, string)[])[
            ("PATH", $"{_here.At("path")}:{Environment.GetEnvironmentVariable("PATH")}"), ("DATABASE", _database), ("SITE", _site),
            ("PROXY", "127.0.0.1"), ("NODES", string.Join(' ', Nodes)), ("NODE", node), ("ETC", _etc),
            ("Stop__DrainSeconds", Proof.Size("0.5", "")),
            ("Logging__LogLevel__Default", "Warning"), ("Doors__Times", "100000")]) start.Environment[name] = value;
        var process = Process.Start(start)!;
        _begun.Add(process);
        if (printed) return process;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    [GeneratedRegex("```sql\n(select .*?);\n```", RegexOptions.Singleline)]
    private static partial Regex Query();
}
