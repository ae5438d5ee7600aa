using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Bench;

/// <summary>What an identity provider asks in its daily work (create, read, patch, match by filter) over keep-alive connections, against an
/// endpoint of the same host that answers with nothing.</summary>
static class ScimBench
{
    const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    static readonly Origin Origin = new(null, "bench");

    /// <summary>Of a hundred requests: a provider looks and matches much more than it makes.</summary>
    static readonly (string What, int Share)[] Mix = [("create", 15), ("read", 35), ("patch", 20), ("list", 30)];

    public static async Task Run(int callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        await using var site = await Serve(await server.Fresh("scim"));
        var mediator = site.Services.GetRequiredService<IMediator>();
        var organization = Expect(await mediator.Send(new CreateOrganization(new(Guid.CreateVersion7()), "acme", "Acme", Origin))).Id;
        var domain = Expect(await mediator.Send(new AddDomain(organization, "acme.example", Origin)));
        var view = Expect(await mediator.Send(new ReadDomain(organization, domain)));
        Expect(await mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue)));
        Expect(await mediator.Send(new VerifyDomain(organization, domain, ProofMethod.Dns, Origin)));
        var made = Expect(
            await mediator.Send(new CreateIdentityDirectory(organization, new AccountId(Guid.CreateVersion7()), "Entra ID", Origin)));
        using var client =
            new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers }) { BaseAddress = new Uri(site.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", made.Token);
        var work = new Work(client, $"/scim/directory/{made.Directory.Id}/Users");
        for (var i = 0; i < 200; i++) await work.Ask("create");
        await Measure(callers, 2, (_, _) => work.Empty());
        var (empty, mixed) = (new List<double>(), new List<double>());
        var taken = new System.Collections.Concurrent.ConcurrentDictionary<string, System.Collections.Concurrent.ConcurrentBag<double>>();
        for (var round = 0; round < rounds; round++)
        {
            empty.Add(await Measure(callers, seconds, (_, _) => work.Empty()));
            mixed.Add(await Measure(callers, seconds, async (caller, turn) =>
            {
                var what = Of(new Random(HashCode.Combine(caller, turn)).Next(100));
                var began = Stopwatch.GetTimestamp();
                await work.Ask(what);
                taken.GetOrAdd(what, _ => []).Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }));
        }
        foreach (var (what, share) in Mix)
            if (taken.TryGetValue(what, out var each))
                Figures.Row($"{what} ({share} of 100)", ("ms, median", Figures.Median(each)), ("ms, p95", Figures.Percentile(each, 0.95)),
                    ("requests", each.Count));
        Figures.Row("an empty endpoint", ("a second", Figures.Median(empty)));
        Figures.Row("the mix", ("a second", Figures.Median(mixed)));
        await site.StopAsync();
        Figures.Ratio(mixed.Zip(empty, (ours, nothing) => ours / nothing));
    }

    static string Of(int roll)
    {
        foreach (var (what, share) in Mix)
            if ((roll -= share) < 0) return what;
        return Mix[^1].What;
    }

    static async Task<double> Measure(int callers, int seconds, Func<int, int, Task> ask)
    {
        var (watch, done) = (Stopwatch.StartNew(), 0L);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var turn = 0; watch.Elapsed.TotalSeconds < seconds; turn++)
            {
                await ask(caller, turn);
                Interlocked.Increment(ref done);
            }
        })));
        return done / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The whole product on a real port, without a limit for programs.</summary>
    static async Task<WebApplication> Serve(string connectionString)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "DirectoryPlatform.Host",
            ContentRootPath = AppContext.BaseDirectory
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new ApiSettings { RequestsPerSecond = 1_000_000, Burst = 1_000_000 });
        builder.Services.AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo: true,
            new("http://localhost"));
        builder.Services.AddWeb(new WebSettings(new Uri("http://localhost"), true));
        var app = builder.Build();
        app.UseWeb();
        app.MapGet("/empty", (HttpContext http) => Task.CompletedTask).Requires(Permission.Anyone, bearer: true);
        await app.StartAsync();
        return app;
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);

    sealed class Work(HttpClient client, string users)
    {
        readonly List<(string Id, int No)> _all = [];
        int _next;

        public Task Empty() => Send(HttpMethod.Get, "/empty", null, HttpStatusCode.OK);

        public async Task Ask(string what)
        {
            if (what == "create")
            {
                var no = Interlocked.Increment(ref _next);
                var body = await Send(HttpMethod.Post, users, $$"""
                    {"userName":"person{{no}}@acme.example","externalId":"{{no}}","active":true,
                    "displayName":"Person {{no}}","title":"Engineer","name":{"givenName":"Person","familyName":"Number {{no}}"},
                    "emails":[{"value":"person{{no}}@acme.example","type":"work","primary":true}],
                    "{{Enterprise}}":{"department":"Research"} }
                    """, HttpStatusCode.Created);
                using var document = JsonDocument.Parse(body);
                lock (_all) _all.Add((document.RootElement.GetProperty("id").GetString()!, no));
                return;
            }
            (string Id, int No) one;
            lock (_all) one = _all[Random.Shared.Next(_all.Count)];
            _ = what switch
            {
                "read" => await Send(HttpMethod.Get, $"{users}/{one.Id}", null, HttpStatusCode.OK),
                "patch" => await Send(HttpMethod.Patch, $"{users}/{one.Id}", $$"""
                    {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations":[{"op":"replace","path":"title","value":"Title {{Random.Shared.Next()}}"} ] }
                    """, HttpStatusCode.OK),
                _ => await Send(HttpMethod.Get, $"{users}?filter={Uri.EscapeDataString($"userName eq \"person{one.No}@acme.example\"")}",
                    null, HttpStatusCode.OK),
            };
        }

        async Task<string> Send(HttpMethod method, string path, string? body, HttpStatusCode expected)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/scim+json");
            using var answer = await client.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            return answer.StatusCode == expected
                ? said
                : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {said}");
        }
    }
}
