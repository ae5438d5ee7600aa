using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A program behind a proxy: says the same to everybody and remembers the headers of what it was asked.</summary>
public sealed class AppServer : IAsyncDisposable
{
    readonly WebApplication _app;

    AppServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The headers of each request, in order.</summary>
    public ConcurrentQueue<IHeaderDictionary> Got { get; } = [];

    public static async Task<AppServer> Start(string page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new AppServer(builder.Build());
        server._app.Run(context =>
        {
            server.Got.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)));
            context.Response.Headers.SetCookie = "basket=7; Path=/jira/";
            return context.Response.WriteAsync(page);
        });
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
