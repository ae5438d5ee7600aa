using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>How long a node that was told to stop waits for balancers to notice (<c>Stop:DrainSeconds</c>).</summary>
sealed record StopSettings(TimeSpan Drain)
{
    /// <summary>What is in flight after this is cut off; longer than any page or answer takes.</summary>
    public static readonly TimeSpan MostInFlight = TimeSpan.FromSeconds(30);

    const double Most = 600;

    /// <summary>A process with a database of its own has no other node beside it, and nobody to tell.</summary>
    /// <exception cref="StartRefused"/>
    public static StopSettings From(IConfiguration configuration, bool isEmbedded) => configuration["Stop:DrainSeconds"] switch
    {
        null or "" => new(TimeSpan.FromSeconds(isEmbedded ? 0 : 2)),
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= Most => new(TimeSpan.FromSeconds(seconds)),
        var text => throw new StartRefused($"Stop:DrainSeconds is \"{text}\", which is no number between 0 and {Most}."),
    };
}

/// <summary>
/// Goes without cutting anybody off: the node says that it is not ready, asks whoever still comes to close the connection behind the
/// answer, lets the moment pass in which balancers notice, and then sends new connections elsewhere. Only then the server stops; it waits
/// for what is in flight.
/// </summary>
sealed class Leaving(StopSettings settings, ListeningSockets sockets) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>A connection that was made already has its request with it, or it is on the wire.</summary>
    static readonly TimeSpan LastRequests = TimeSpan.FromMilliseconds(200);

    volatile bool _hasBegun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        try
        {
            await Task.Delay(settings.Drain, cancellationToken);
            if (sockets.TurnAway()) await Task.Delay(LastRequests, cancellationToken);
        }
        catch (OperationCanceledException) { } // Whoever stops the process waits no longer.
    }

    /// <summary>For each request: "Connection: close", or GOAWAY.</summary>
    public Task Ask(HttpContext http, RequestDelegate next)
    {
        if (_hasBegun) http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        return next(http);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) => Task.FromResult(
        _hasBegun ? HealthCheckResult.Unhealthy("The node stops.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
