using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The web room alone, behind an in-memory server: no module answers, so it serves what needs no answer,
/// which is where its own rules show.</summary>
sealed class WebUnderTest : IAsyncDisposable
{
    readonly WebApplication _app;

    WebUnderTest(WebApplication app) => _app = app;

    public static async Task<WebUnderTest> Start(bool demo = true, string publicUrl = "http://localhost",
        Action<WebApplication>? more = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "DirectoryPlatform.Host",
            ContentRootPath = AppContext.BaseDirectory
        });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMediator>(new Mediator(type => type.IsAssignableTo(typeof(System.Collections.IEnumerable))
            ? Array.CreateInstance(type.GenericTypeArguments[0], 0)
            : null!));
        builder.Services.AddSingleton<ILimiter, OpenDoors>().AddSingleton<LocalSilo>().AddSingleton<SharedCounts>()
            .AddSingleton(new DoorSettings()).AddSingleton<Admissions>().AddSingleton(new FairShares(10, 2, TimeProvider.System))
            .AddSingleton<Outage>().AddSingleton(new OwnTables(NpgsqlDataSource.Create("Host=localhost;Port=1"))); // nobody asks there
        builder.Services.AddWeb(new WebSettings(new Uri(publicUrl), demo));
        var app = builder.Build();
        app.UseWeb();
        more?.Invoke(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new WebUnderTest(app);
    }

    public IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Endpoints =>
        ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints);

    /// <summary>Follows no redirect; keeps cookies by hand, so that tests can leave them out.</summary>
    public HttpClient Client() => _app.GetTestClient();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Nobody is counted here.</summary>
    sealed class OpenDoors : ILimiter
    {
        public Task<TooManyRequests?> Enter(Door door, Origin origin, string? target, CancellationToken ct) =>
            Task.FromResult<TooManyRequests?>(null);
    }
}

/// <summary>One for all tests of a class: it keeps nothing from one request to the next.</summary>
public sealed class OneWeb : IAsyncLifetime
{
    internal WebUnderTest Web { get; private set; } = null!;

    public async Task InitializeAsync() => Web = await WebUnderTest.Start();

    public async Task DisposeAsync() => await Web.DisposeAsync();
}
