using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Ready means that the database answers, and is the product's (SPEC R6); the rest of the product has no other need.</summary>
sealed class DatabaseAnswers(OwnTables tables) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default)
    {
        try
        {
            return await tables.AreThere(ct) ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database is empty, or not this installation's.");
        }
        catch (NpgsqlException gone) { return HealthCheckResult.Unhealthy("The database does not answer.", gone); }
    }
}
