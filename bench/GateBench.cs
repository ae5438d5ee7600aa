using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web;
using DirectoryPlatform.Web.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Bench;

/// <summary>
/// Authorised requests a second against the same requests with the check switched off: the whole site on a loopback socket, asked by
/// clients of the same process. Switched off means that the gate's question is answered from memory by whoever was recognised first;
/// routing, form tokens and pages are the same.
/// </summary>
static class GateBench
{
    const string Password = "correct horse";

    public static async Task Run(int callers, int seconds, int rounds)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("gate");
        await using var checkedSite = await Serve(database, unchecked_: false);
        await using var openSite = await Serve(database, unchecked_: true);
        var mediator = checkedSite.Services.GetRequiredService<IMediator>();
        var account = new AccountId(Guid.CreateVersion7());
        Expect(await mediator.Send(new SignUpAccount(
            account, EmailAddress.Trusted("ada@acme.example"), "Ada Admin", true, null, new Origin(null, "bench"))));
        Expect(await mediator.Send(new GivePassword([account], Password)));
        var session = Expect(await mediator.Send(new SignIn("ada@acme.example", Password, "Firefox", new Origin(null, "web")))).Token;
        var token = Expect(await mediator.Send(new CreateApiToken(account, "bench", 1, new Origin(account.Value, "web")))).Secret;
        var ratios = new List<(string What, double[] Each)>();
        foreach (var (what, path, header, value) in ((string, string, string, string)[])[
            ("a page by a session (/account/sessions)", "/account/sessions", "Cookie", $"directory-session={session}"),
            ("/api/me by an API token", "/api/me", "Authorization", $"Bearer {token}")])
        {
            foreach (var site in (WebApplication[])[checkedSite, openSite]) await Measure(site, path, header, value, callers, seconds);
            var (with, without) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                // Who comes second finds code that is better compiled, so they take turns in that, too.
                foreach (var site in round % 2 == 0 ? (WebApplication[])[checkedSite, openSite] : [openSite, checkedSite])
                    (site == checkedSite ? with : without).Add(await Measure(site, path, header, value, callers, seconds));
                Figures.Row($"{what}, round {round + 1}", ("checked", with[^1]), ("unchecked", without[^1]));
            }
            Figures.Row($"{what}, checked", ("a second", Figures.Median(with)));
            Figures.Row($"{what}, unchecked", ("a second", Figures.Median(without)));
            ratios.Add((what, [.. with.Zip(without, (ours, open) => ours / open)]));
        }
        foreach (var (what, each) in ratios)
            Figures.Row(what, ("ratio", Figures.Median(each)), ("lowest", each.Min()), ("highest", each.Max()));
        foreach (var site in (WebApplication[])[checkedSite, openSite]) await site.StopAsync();
        // A page is what people ask for; the API answer is next to nothing but the check itself.
        Figures.Ratio(ratios[0].Each);
    }

    /// <param name="more">Routes of the bench's own.</param>
    internal static async Task<WebApplication> Serve(string connectionString, bool unchecked_, Action<WebApplication>? more = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "DirectoryPlatform.Host",
            ContentRootPath = AppContext.BaseDirectory
        });
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        builder.WebHost.UseUrls(address.ToString());
        builder.Logging.ClearProviders();
        builder.Services.AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo: false, address);
        // What the limits refuse is not measured.
        builder.Services.AddSingleton(new ApiSettings { RequestsPerSecond = 1_000_000, Burst = 1_000_000 });
        builder.Services.AddWeb(new WebSettings(address, false));
        if (unchecked_)
        {
            var remembered = new Remembers();
            Replace<AuthenticateSession>(builder.Services, (query, ask) => remembered.Of(query.Token, ask));
            Replace<AuthenticateBearer>(builder.Services, (query, ask) => remembered.Of(query.Token, ask));
        }
        var app = builder.Build();
        app.UseWeb();
        more?.Invoke(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>Puts the answer from memory in front of the handler that the modules have registered.</summary>
    static void Replace<TQuery>(IServiceCollection services, Func<TQuery, Func<Task<Visitor?>>, Task<Visitor?>> answer)
        where TQuery : IRequest<Visitor?>
    {
        var registered = services.Single(s => s.ServiceType == typeof(IRequestHandler<TQuery, Visitor?>));
        services.Remove(registered);
        services.AddTransient<IRequestHandler<TQuery, Visitor?>>(p => new Answers<TQuery>(query =>
            answer(query, () => ((IRequestHandler<TQuery, Visitor?>)ActivatorUtilities.CreateInstance(p, registered.ImplementationType!))
                .Handle(query, CancellationToken.None))));
    }

    sealed class Answers<TQuery>(Func<TQuery, Task<Visitor?>> answer) : IRequestHandler<TQuery, Visitor?> where TQuery : IRequest<Visitor?>
    {
        public Task<Visitor?> Handle(TQuery query, CancellationToken ct) => answer(query);
    }

    sealed class Remembers
    {
        readonly System.Collections.Concurrent.ConcurrentDictionary<string, Visitor> _known = new();

        public async Task<Visitor?> Of(string token, Func<Task<Visitor?>> ask) => _known.TryGetValue(token, out var known)
            ? known
            : await ask() is { } visitor ? _known.GetOrAdd(token, visitor) : null;
    }

    /// <returns>Requests answered a second; each must be a 200.</returns>
    internal static async Task<double> Measure(WebApplication site, string path, string header, string value, int callers, int seconds)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = callers
        })
        { BaseAddress = new(site.Urls.First()) };
        var (answered, watch) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation(header, value);
                using var answer = await client.SendAsync(request);
                if (answer.StatusCode is not HttpStatusCode.OK) throw new InvalidOperationException($"{path} answered {answer.StatusCode}");
                await answer.Content.ReadAsByteArrayAsync();
                Interlocked.Increment(ref answered);
            }
        }));
        return answered / watch.Elapsed.TotalSeconds;
    }

    static int FreePort()
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)tcp.LocalEndPoint!).Port;
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Sentence);
}
