using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace DirectoryPlatform.Kernel;

/// <summary>
/// Hands unfinished ranges to Quartz. Rows say what there is to do; Quartz says which node does it now. A range without a Quartz job,
/// because a process died between the two writes, is found and handed over again.
/// </summary>
public sealed class JobScheduling(NpgsqlDataSource database, ISchedulerFactory schedulers, ILogger<JobScheduling> log)
{
    /// <summary>Starts the workers of a job whose row is written. A scheduler that cannot do it now does no harm:
    /// the range is found again within seconds.</summary>
    public async Task TryStart(JobId job, CancellationToken ct)
    {
        try { await Ensure(job.Value, ct); }
        catch (Exception later) when (!ct.IsCancellationRequested) { log.JobStartsLater(later, job.Value); }
    }

    /// <summary>Starts workers for all unfinished ranges of one job, or of all jobs.</summary>
    internal async Task Ensure(Guid? job, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var open = await connection.QueryAsync<(Guid Job, int No)>("""
            select r.job_id, r.no from kernel.job j join kernel.job_range r on r.job_id = j.id
            where j.state in (0, 1) and not r.finished and (@job::uuid is null or j.id = @job)
            """, new { job });
        var scheduler = await schedulers.GetScheduler(ct);
        foreach (var (id, no) in open)
        {
            var key = new JobKey($"{id}/{no}", "ranges");
            if (await scheduler.Exists(key, ct)) continue;
            try
            {
                await scheduler.ScheduleJob(
                    JobBuilder.Create<RunJobRange>().WithIdentity(key).RequestRecovery(true).UsingJobData("job", id.ToString())
                        .UsingJobData("range", no.ToString()).Build(),
                    TriggerBuilder.Create().WithIdentity(key.Name, key.Group).StartNow().Build(), cancellationToken: ct);
            }
            catch (ObjectAlreadyExistsException) { } // Another node was faster.
        }
    }
}

[DisallowConcurrentExecution]
sealed class RunJobRange(JobWorker worker) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken ct) =>
        await worker.Run(Guid.Parse(context.MergedJobDataMap.GetString("job")!), int.Parse(context.MergedJobDataMap.GetString("range")!),
            ct);
}

[DisallowConcurrentExecution]
sealed class RunRecurring(IServiceProvider services, ILogger<RunRecurring> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken ct)
    {
        var name = context.MergedJobDataMap.GetString("name");
        try
        {
            // A name that is not known here is of another version's node, which has it.
            if (services.GetServices<IRecurring>().SingleOrDefault(r => r.Name == name) is { } work) await work.Run(ct);
        }
        catch (Exception failed) when (!ct.IsCancellationRequested) { log.RecurringFailed(failed, name!); }
    }
}

/// <summary>Finds ranges that lost their worker.</summary>
sealed class KeepJobsRunning(JobScheduling scheduling, BackgroundSettings settings) : IRecurring
{
    public string Name => "keep jobs running";
    public TimeSpan Every => settings.LostRanges;
    public Task Run(CancellationToken ct) => scheduling.Ensure(null, ct);
}
