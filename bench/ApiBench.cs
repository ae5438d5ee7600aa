using System.Diagnostics;
using System.Net.Http.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>Requests a second of an organization's program (list, read, patch, deactivate and reactivate in turns) over keep-alive
/// connections, against an endpoint of the same host that answers with nothing.</summary>
static class ApiBench
{
    static readonly Origin Origin = new(null, "bench");

    public static async Task Run(int accounts, int callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        var (database, organization, admin) = (await server.Fresh("api"), new OrganizationId(Guid.CreateVersion7()),
            new AccountId(Guid.CreateVersion7()));
        await using var source = NpgsqlDataSource.Create(database + ";Max Auto Prepare=20;Auto Prepare Min Usages=2");
        await using var site = await GateBench.Serve(database, unchecked_: false, app =>
        {
            app.MapGet("/empty", (HttpContext http) => Task.CompletedTask).Requires(Permission.Anyone, bearer: true);
            app.MapGet("/bare", (HttpContext http) => BareList.Write(http, source, organization))
                .Requires(Permission.Anyone, bearer: true);
        });
        var mediator = site.Services.GetRequiredService<IMediator>();
        Expect(await mediator.Send(new CreateOrganization(organization, "acme", "Acme", Origin)));
        Expect(await mediator.Send(new SignUpAccount(admin, EmailAddress.Trusted("ada@mail.example"), "Ada", true, null, Origin)));
        Expect(await mediator.Send(new AppointOrganizationAdmin(admin, organization, Origin)));
        var ids = new AccountId[accounts];
        for (var i = 0; i < accounts; i++)
        {
            ids[i] = new(Guid.CreateVersion7());
            Expect(await mediator.Send(new SignUpAccount(ids[i], EmailAddress.Trusted($"p{i}@acme.example"), $"Person {i}", true, null,
                Origin)));
            Expect(await mediator.Send(new ClaimAccount(ids[i], organization, "acme.example", true, Origin)));
        }
        var key = Expect(
            await mediator
            .Send(new CreateApiKey(organization, admin, "bench", ["accounts:manage"], 1, new Origin(admin.Value, "web")))).Secret;
        (string What, Func<HttpClient, int, int, Task<HttpResponseMessage>> Ask)[] kinds =
        [
            ("an empty endpoint", (http, _, _) => http.GetAsync("/empty")),
            ("list 50", (http, _, _) => http.GetAsync($"/admin/v1/orgs/{organization}/users?limit=50")),
            ("read a profile", (http, caller, n) => http.GetAsync($"/users/{Of(caller, n)}/manage/profile")),
            ("patch a profile", (http, caller, n) =>
                http.PatchAsJsonAsync($"/users/{Of(caller, n)}/manage/profile", new { extended_profile = new { job_title = $"Job {n}" } })),
            ("deactivate and reactivate in turns", (http, caller, n) =>
                http.PostAsync($"/users/{Of(caller, n / 2)}/manage/lifecycle/{(n % 2 == 0 ? "disable" : "enable")}", null)),
        ];
        var four = kinds;
        kinds = [.. kinds, ("all four in turns", (http, caller, n) => four[1 + (n % 4)].Ask(http, caller, n / 4)),
            (BareList.Name, (http, _, _) => http.GetAsync("/bare"))];
        var taken = kinds.ToDictionary(k => k.What, _ => new List<double>());
        foreach (var (_, ask) in kinds) await Measure(site, key, ask, callers, 1);
        for (var round = 0; round < rounds; round++)
            foreach (var (what, ask) in kinds) taken[what].Add(await Measure(site, key, ask, callers, seconds));
        foreach (var (what, each) in taken)
            Figures.Row(what, ("a second", Figures.Median(each)), ("per core", Figures.Median(each) / Environment.ProcessorCount),
                ("ratio", Figures.Median(each) / Figures.Median(taken[kinds[0].What])));
        Figures.Row("times as long as its query and its JSON: list 50",
            ("ratio", Figures.Median(taken[BareList.Name].Zip(taken["list 50"], (bare, ours) => bare / ours))));
        await site.StopAsync();
        Figures.Ratio(taken["all four in turns"].Zip(taken[kinds[0].What], (ours, empty) => ours / empty));

        // Each caller has accounts of its own, so that nobody waits for a row.
        AccountId Of(int caller, int n) => ids[(caller * (accounts / callers)) + (n % (accounts / callers))];
    }

    static async Task<double> Measure(WebApplication site, string key, Func<HttpClient, int, int, Task<HttpResponseMessage>> ask,
        int callers, int seconds)
    {
        using var http =
            new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = callers })
            {
                BaseAddress = new(site.Urls.First()),
                DefaultRequestHeaders = { { "Authorization", $"Bearer {key}" } }
            };
        var (answered, watch) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var n = 0; watch.Elapsed.TotalSeconds < seconds; n++)
            {
                using var answer = await ask(http, caller, n);
                if (!answer.IsSuccessStatusCode)
                    throw new InvalidOperationException(
                        $"{answer.RequestMessage?.RequestUri} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                await answer.Content.ReadAsByteArrayAsync();
                Interlocked.Increment(ref answered);
            }
        }));
        return answered / watch.Elapsed.TotalSeconds;
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);
}
