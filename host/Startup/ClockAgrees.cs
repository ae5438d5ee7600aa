using System.Globalization;
using DirectoryPlatform.Kernel.Clocks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>A machine whose clock is wrong serves nobody (SPEC R6): it is put right first.</summary>
sealed class ClockAgrees(InstallationClock clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) => Task.FromResult(
        clock.Off is { } off && off.Duration() > InstallationClock.MostOff
            ? HealthCheckResult.Unhealthy(string.Create(CultureInfo.InvariantCulture,
                $"This machine's clock is {off.Duration().TotalSeconds:0.0} s {(off < TimeSpan.Zero ? Behind : Ahead)} the database's."))
            : HealthCheckResult.Healthy());

    const string Behind = "behind", Ahead = "ahead of";
}
