using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Ready means that the database answers (SPEC R6); the rest of the product has no other need.</summary>
sealed class DatabaseAnswers(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(ct);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException gone) { return HealthCheckResult.Unhealthy("The database does not answer.", gone); }
    }
}
