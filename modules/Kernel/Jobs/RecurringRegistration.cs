using Microsoft.Extensions.Hosting;
using Quartz;

namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>Puts every <see cref="IRecurring"/> into the cluster's schedule; all nodes try, one succeeds.</summary>
sealed class RecurringRegistration(ISchedulerFactory schedulers, IEnumerable<IRecurring> recurring) : IHostedService
{
    public async Task StartAsync(CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        foreach (var work in recurring)
        {
            var key = new JobKey(work.Name, "recurring");
            if (await scheduler.Exists(key, ct)) continue;
            try
            {
                await scheduler.ScheduleJob(
                    JobBuilder.Create<RunRecurring>().WithIdentity(key).UsingJobData("name", work.Name).Build(),
                    TriggerBuilder.Create().WithIdentity(key.Name, key.Group).StartNow().WithSimpleSchedule(s =>
                        s.WithInterval(work.Every).RepeatForever()
                            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)).Build(),
                    cancellationToken: ct);
            }
            catch (ObjectAlreadyExistsException) { }
        }
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
}
