using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace DirectoryPlatform.Host.Startup;

/// <summary>
/// The first page of a process takes a second, because its code is compiled then: asked here, before anybody else is let in. The node
/// listens meanwhile, and says that it is not ready.
/// </summary>
sealed class WarmUp(
    IServiceScopeFactory scopes, NpgsqlDataSource database, ProductUrl url, IHostApplicationLifetime lifetime, ILogger<WarmUp> log)
    : BackgroundService, IHealthCheck
{
    /// <summary>Then it is ready as it is: somebody may be waiting.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What people and programs ask first; nobody is signed in, so that nothing is counted and nothing changed.</summary>
    static readonly string[] Asked = ["/sign-in", "/api/me", "/"];

    const int Connections = 4;

    volatile bool _isDone;

    /// <summary>All that stands between the server and the pages.</summary>
    public RequestDelegate? Pipeline { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            await Task.WhenAll([.. Enumerable.Range(0, Connections).Select(_ => Connect(stoppingToken)), AskAll(stoppingToken)])
                .WaitAsync(Patience, stoppingToken);
        }
        catch (Exception failed) when (!stoppingToken.IsCancellationRequested) { log.NotWarm(failed); }
        catch (OperationCanceledException) { }
        finally { _isDone = true; }
    }

    async Task Connect(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select pg_sleep(0.02)", connection); // held until all are there
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task AskAll(CancellationToken ct)
    {
        foreach (var path in Asked)
        {
            await using var scope = scopes.CreateAsyncScope();
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = ct };
            (http.Request.Method, http.Request.Scheme, http.Request.Path) = (HttpMethods.Get, url.Base.Scheme, path);
            (http.Request.Host, http.Request.Protocol, http.Response.Body) = (new(url.Base.Authority), "HTTP/1.1", Stream.Null);
            await (Pipeline?.Invoke(http) ?? Task.CompletedTask);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) => Task.FromResult(
        _isDone ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The node warms up."));
}
