using DirectoryPlatform.Kernel.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>A node waits for its silo before it says that it is ready, but not for long: turns go without it, too.</summary>
sealed class SiloAnswers(LocalSilo silo) : IHealthCheck
{
    /// <summary>It takes one to two seconds; a node that joins while another one's death is not noticed yet takes longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly long _since = System.Diagnostics.Stopwatch.GetTimestamp();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) => Task.FromResult(
        silo.Now is not null ? HealthCheckResult.Healthy()
        : System.Diagnostics.Stopwatch.GetElapsedTime(_since) < Patience ? HealthCheckResult.Unhealthy("The silo starts.")
        : HealthCheckResult.Degraded("There is no silo now; turns go straight to the database."));
}
