using DirectoryPlatform.Kernel.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>A node whose background work stands still serves as before, and says so (SPEC R6): taking it out would help nobody.</summary>
sealed class WorkGoesOn(StalledWork work) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) => Task.FromResult(
        work.Reasons is { Count: > 0 } reasons ? HealthCheckResult.Degraded(string.Join('\n', reasons)) : HealthCheckResult.Healthy());
}
