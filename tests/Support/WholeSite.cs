using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// One node of the product with pages and modules, asked over HTTP without a network between; on the database and by the clock of a test.
/// Making one takes two seconds of a core, so those that nobody has changed belong to the lane. It does nothing by itself: what its
/// background would do is done by the test's own node.
/// </summary>
sealed class WholeSite : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Lane? _lane;
    bool _isStopped;

    WholeSite(WebApplication app, Lane? lane) => (_app, _lane) = (app, lane);

    public static Task<WholeSite> On(TestInstallation installation, Action<IServiceCollection>? more = null) =>
        more is null && installation.Lane is { } lane
            ? lane.Node()
            : Start(installation.ConnectionString, installation.Clock, null, more, listens: false);

    /// <summary>On a real port of loopback, for programs that ask over the network.</summary>
    public static Task<WholeSite> Listening(TestInstallation installation, IReadOnlyList<IPNetwork>? trusted = null,
        Action<IServiceCollection>? more = null) =>
        trusted is null && more is null && installation.Lane is { } lane
            ? lane.Node(listens: true)
            : Start(installation.ConnectionString, installation.Clock, null, more, listens: true, trusted);

    /// <summary>For lanes alone: lent by them.</summary>
    public static Task<WholeSite> Start(Lane lane, bool listens) => Start(lane.ConnectionString, lane.Clock, lane, null, listens);

    /// <summary>On a port, which <see cref="Address"/> tells.</summary>
    public bool Listens { get; private init; }

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    /// <summary>No lane lends it again.</summary>
    public Task Stop()
    {
        _isStopped = true;
        return _app.StopAsync();
    }

    static async Task<WholeSite> Start(string connectionString, TestClock clock, Lane? lane, Action<IServiceCollection>? more, bool listens,
        IReadOnlyList<IPNetwork>? trusted = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "DirectoryPlatform.Host",
            ContentRootPath = AppContext.BaseDirectory
        });
        if (listens) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(new PasswordSettings { Iterations = 10 });
        builder.Services.AddSingleton(new DoorSettings { Times = 100_000, Patience = TimeSpan.FromSeconds(30) });
        builder.Services.AddModules(new ConfigurationBuilder().Build(), connectionString, ownsDatabase: false, demo: true,
            new("http://localhost"));
        if (lane is not null) builder.Services.AddSingleton(lane.Silo);
        BackgroundByHand.TakeOut(builder.Services);
        builder.Services.AddWeb(new WebSettings(new Uri("http://localhost"), true) { TrustedProxies = trusted ?? [] });
        builder.Services.AddTransient(typeof(MediatR.IPipelineBehavior<,>), typeof(AuditWatch<,>));
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseWeb();
        await app.StartAsync();
        return new(app, lane) { Listens = listens };
    }

    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints)
        .OfType<RouteEndpoint>();

    /// <summary>Somebody with cookies of their own; follows no redirect.</summary>
    public SiteVisitor Somebody() => new(_app.GetTestServer().CreateHandler());

    public async ValueTask DisposeAsync()
    {
        // Between two tests nobody looks at the lane's database.
        await Services.GetRequiredService<Revocations>().Rest();
        if (_lane is not null && !_isStopped) _lane.GiveBack(this);
        else await End();
    }

    public async Task End()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Speaks HTTP by hand, with real cookies and real form tokens.</summary>
sealed partial class SiteVisitor : IDisposable
{
    readonly CookieContainer _cookies;

    public SiteVisitor(HttpMessageHandler server, CookieContainer? cookies = null, Uri? address = null) =>
        (_cookies, Client) = (cookies ?? new(),
            new HttpClient(new WithCookies(this, server)) { BaseAddress = address ?? new("http://localhost") });

    public HttpClient Client { get; }

    public string? Session => _cookies.GetCookies(Client.BaseAddress!)["directory-session"]?.Value;

    /// <summary>The same browser at another node.</summary>
    public SiteVisitor At(WholeSite node)
    {
        var there = node.Somebody();
        there._cookies.Add(_cookies.GetAllCookies());
        return there;
    }

    public async Task SignIn(string email, string password) =>
        (await Post("/sign-in", ("Input.Email", email), ("Input.Password", password))).StatusCode.ShouldBe(HttpStatusCode.Redirect,
            $"{email} signs in");

    public Task<HttpResponseMessage> Get(string path) => Client.GetAsync(path);

    /// <summary>The token of the first form on a page; empty when it has none.</summary>
    public async Task<string> Token(string path) => TokenOf(await (await Get(path)).Content.ReadAsStringAsync());

    public static string TokenOf(string page) => FormToken().Match(page) is { Success: true } found ? found.Groups[1].Value : "";

    public async Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] fields) =>
        await Send(path, await Token(path), fields);

    public Task<HttpResponseMessage> Send(string path, string token, params (string Name, string Value)[] fields) =>
        Client.PostAsync(path,
            new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)),
                new("__RequestVerificationToken", token)]));

    public void Dispose() => Client.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="([^"]+)""")]
    private static partial Regex FormToken();

    sealed class WithCookies(SiteVisitor visitor, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            if (visitor._cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } cookies) request.Headers.Add("Cookie", cookies);
            var answer = await base.SendAsync(request, ct);
            if (answer.Headers.TryGetValues("Set-Cookie", out var given))
                foreach (var cookie in given) visitor._cookies.SetCookies(request.RequestUri!, cookie);
            return answer;
        }
    }
}
