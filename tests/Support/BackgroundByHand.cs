using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>What a node does by itself, done to its end while a test waits:
/// a test that is not about waiting need not wait for it.</summary>
static class BackgroundByHand
{
    /// <summary>Nothing begins by itself: to be called between the modules and the web, whose own services begin with it.</summary>
    public static void TakeOut(IServiceCollection services)
    {
        foreach (var service in services.Where(s => s.ServiceType == typeof(IHostedService)).ToList()) services.Remove(service);
    }

    /// <summary>Facts, the jobs that they begin, the facts that those leave, and so on; then the mails. Nothing where another node's
    /// background is at it.</summary>
    public static async Task Run(IServiceProvider services)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@LockKey)", new { OutboxDelivery.LockKey })) return;
        try
        {
            await Run(services, connection);
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { OutboxDelivery.LockKey });
        }
    }

    static async Task Run(IServiceProvider services, NpgsqlConnection connection)
    {
        var facts = ActivatorUtilities.CreateInstance<OutboxDelivery>(services);
        bool some;
        do
        {
            some = false;
            while (await facts.DeliverSome(connection, CancellationToken.None) > 0) some = true;
            foreach (var (job, range) in await Open(connection))
            {
                await services.GetRequiredService<JobWorker>().Run(job, range, CancellationToken.None);
                some = true;
            }
        }
        while (some);
        var mails = ActivatorUtilities.CreateInstance<MailSending>(services);
        while (await mails.SendSome(CancellationToken.None)) { }
    }

    static async Task<IReadOnlyList<(Guid Job, int Range)>> Open(NpgsqlConnection connection) => (await connection.QueryAsync<(Guid, int)>(
        "select r.job_id, r.no from kernel.job j join kernel.job_range r on r.job_id = j.id where j.state in (0, 1) and not r.finished"))
            .AsList();
}
