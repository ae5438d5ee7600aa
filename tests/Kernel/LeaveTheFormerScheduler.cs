using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Tables that only nodes of before need go when no such node is left.</summary>
[Trait("Rule", "R2")]
public sealed class LeaveTheFormerScheduler
{
    [Fact]
    public async Task Its_tables_stay_while_a_node_of_before_lives_and_go_a_day_later()
    {
        var database = await TestDatabase.Fresh(nameof(LeaveTheFormerScheduler), TestInstallation.Migrate);
        try
        {
            await using var here = TestInstallation.On(database);
            var work = here.Services.GetServices<IRecurring>().OfType<FormerScheduler>().Single();
            await work.Run(default);
            await here.Rows<int>("""
                create table kernel.qrtz_job_details (name text primary key);
                create table kernel.qrtz_triggers (name text references kernel.qrtz_job_details);
                create table kernel.qrtz_scheduler_state (instance_name text, last_checkin_time bigint);
                insert into kernel.qrtz_scheduler_state values ('node', 0)
                """);
            await CheckedIn(TimeSpan.FromMinutes(1));
            await work.Run(default);
            (await Tables()).ShouldBe(3);
            await CheckedIn(TimeSpan.FromHours(25));
            await work.Run(default);
            (await Tables()).ShouldBe(0);
            await work.Run(default);
            (await here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0, "others' tables are there");

            Task<long> Tables() => here.Scalar<long>("select count(*) from pg_class where relname like 'qrtz%' and relkind = 'r'")!;

            Task CheckedIn(TimeSpan ago) => here.Rows<int>("update kernel.qrtz_scheduler_state set last_checkin_time = @ticks",
                new { ticks = (DateTime.UtcNow - ago).Ticks });
        }
        finally { await TestDatabase.Drop(database); }
    }
}
