using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Host.Demo;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static System.Net.HttpStatusCode;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// The inputs of <see cref="TryTheFindings"/> that need the program itself, started as whoever runs it does, and with a real nginx.
/// </summary>
[Collection(Programs.Name)]
public sealed class TryTheFindingsOnTheProgram : IAsyncLifetime
{
    const string Password = "violet lantern orbit";

    static readonly TimeSpan AtMost = TimeSpan.FromMinutes(1);

    readonly Uri _address = new($"http://127.0.0.1:{Ports.Free()}");

    string _database = null!;

    string Url => _address.GetLeftPart(UriPartial.Authority);

    public async Task InitializeAsync() =>
        _database = await TestDatabase.Fresh(nameof(TryTheFindingsOnTheProgram), TestInstallation.Migrate);

    public async Task DisposeAsync() => await TestDatabase.Drop(_database);

    SiteVisitor Browser(string? comesFrom = null)
    {
        var browser = new SiteVisitor(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, address: _address);
        if (comesFrom is not null) browser.Client.DefaultRequestHeaders.Add("X-Forwarded-For", comesFrom);
        return browser;
    }

    async Task<bool> Answers()
    {
        using var browser = Browser();
        try { return (await browser.Get("/sign-in")).StatusCode == OK; }
        catch (HttpRequestException) { return false; }
    }

    [Fact, Trait("Finding", "A5"), Trait("Rule", "S10")]
    public async Task Behind_a_proxy_wrong_guesses_of_one_client_lock_no_other_out()
    {
        await using var here = TestInstallation.On(_database);
        await here.Grant(new GivePassword([await here.Account("liam@acme.example")], Password));
        using var node = HostProcess.StartNode(_database, Url, ("TrustedProxies", "127.0.0.1"), ("Doors__Times", "1"));
        await TestInstallation.Others(Answers, AtMost, "the program does not answer");
        using var stranger = Browser("203.0.113.50");
        var token = await stranger.Token("/sign-in");
        for (var i = 0; i < 53; i++)
            (await stranger.Send("/sign-in", token, ("Input.Email", $"nobody{i}@acme.example"), ("Input.Password", "wrong"))).Dispose();
        using var liam = Browser("203.0.113.51");
        using var answer = await liam.Post("/sign-in", ("Input.Email", "liam@acme.example"), ("Input.Password", Password));
        answer.StatusCode.ShouldBe(Redirect, "liam's right password, through the same proxy as 53 wrong ones");
        (await here.Scalar<string>("select address from security.session")).ShouldBe("203.0.113.51");
    }

    [Fact, Trait("Finding", "A10"), Trait("Rule", "R13")]
    public async Task Data_that_began_as_a_demo_is_not_served_without_it()
    {
        var parts = new ServiceCollection().AddLogging().AddSingleton(new PasswordSettings { Iterations = 10 });
        parts.AddModules(new ConfigurationBuilder().Build(), _database, ownsDatabase: false, demo: true, _address);
        await using (var services = parts.BuildServiceProvider()) await DemoData.Ensure(services);
        var product = Path.Combine(AppContext.BaseDirectory, "DirectoryPlatform.Host.dll");
        var start = new ProcessStartInfo("dotnet", [product, "--no-demo", "--urls", Url])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__Directory"] = _database;
        using var program = Process.Start(start)!;
        try
        {
            program.BeginOutputReadLine();
            program.BeginErrorReadLine();
            await TestInstallation.Others(async () => program.HasExited || await Answers(), AtMost, "the program neither ends nor answers");
            (program.HasExited ? "it ends" : await SignedIn()).ShouldBe("it ends");
            program.ExitCode.ShouldNotBe(0);
        }
        finally
        {
            if (!program.HasExited) program.Kill();
        }

        async Task<string> SignedIn()
        {
            using var browser = Browser();
            using var answer = await browser.Post("/sign-in", ("Input.Email", "ada@acme.example"), ("Input.Password", "demo-password"));
            return $"it serves; ada with demo-password: {answer.StatusCode} {answer.Headers.Location}";
        }
    }

    [Fact, Trait("Finding", "A11"), Trait("Rule", "S10")]
    public async Task An_app_behind_the_door_sees_no_session_of_its_visitors()
    {
        // Both the platform, which lets everybody in, and the app, which tells what it got.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var both = builder.Build();
        both.Run(http => http.Response.WriteAsync($"{http.Request.Headers.Cookie}"));
        await both.StartAsync();
        var behind = new Uri(both.Urls.Single()).Authority;

        var folder = Directory.CreateTempSubdirectory("directory-platform-nginx-");
        var file = Path.Combine(folder.FullName, "nginx.conf");
        var example = await File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "docs", "nginx.conf"));
        await File.WriteAllTextAsync(file, example.Replace("listen 443 ssl;", $"listen {_address.Authority};", StringComparison.Ordinal)
            .Replace("127.0.0.1:5080", behind, StringComparison.Ordinal).Replace("127.0.0.1:8080", behind, StringComparison.Ordinal)
            // An older example named a folder, and said beside it what an app needs.
            .Replace("      alias /srv/jira/;", $"      proxy_pass http://{behind};", StringComparison.Ordinal)
            .Replace("/var/lib/directory-platform-door", folder.FullName, StringComparison.Ordinal));
        var user = Environment.UserName == "root" ? " user root;" : "";
        var settings = $"daemon off; pid {folder.FullName}/nginx.pid;{user}";
        string[] arguments = ["-p", folder.FullName, "-e", "stderr", "-c", file, "-g", settings];
        using var nginx = Process.Start(new ProcessStartInfo("nginx", arguments))!;
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _address };
            client.DefaultRequestHeaders.Add("Cookie", "directory-session=secret; theme=dark; __Host-session=secret");
            var got = "";
            await TestInstallation.Others(async () =>
            {
                try { got = await client.GetStringAsync("/jira/index.html"); }
                catch (HttpRequestException) when (!nginx.HasExited) { return false; }
                return true;
            }, AtMost, "nginx does not answer");
            got.ShouldBe("theme=dark");
        }
        finally
        {
            if (!nginx.HasExited) nginx.Kill(entireProcessTree: true);
            await nginx.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }
}
