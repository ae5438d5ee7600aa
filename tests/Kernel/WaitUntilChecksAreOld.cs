using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What waits for a row that somebody holds, until the check that it rests on is old (SPEC A9).</summary>
[Trait("Rule", "A9")]
public sealed class WaitUntilChecksAreOld : OnInstallation
{
    NpgsqlDataSource Database => Here.Services.GetRequiredService<NpgsqlDataSource>();

    static readonly TimeSpan Long = Revocations.Oldest + TimeSpan.FromMilliseconds(100);

    /// <summary>Whoever may still, and whose direct turn waits longer than a check may be old each time, is told to try again.</summary>
    [Fact]
    public async Task A_turn_that_is_always_too_late_is_no_fault()
    {
        await using var other = Here.AnotherNode();
        var acme = await Here.Organization("acme");
        var id = await Here.Account("liam@acme.example", managedBy: acme);
        var held = new List<Task>();
        // Before each try somebody takes the row, until the check is old.
        async Task<bool> Again()
        {
            var holder = await Database.OpenConnectionAsync();
            await holder.ExecuteAsync("begin; select from accounts.account where id = @Value for update", new { id.Value });
            held.Add(LetGo(holder));
            return true;
        }
        await Again();
        other.Services.GetRequiredService<Admissions>().Begin().LetIn(Again);
        await Should.ThrowAsync<TimeoutException>(() => other.Send(new DeactivateAccount(id, acme, null, null, false, ByNobody)));
        held.Count.ShouldBeGreaterThan(1, "it was tried again");
        await Task.WhenAll(held);
        (await Here.Scalar<short>("select state from accounts.account where id = @Value", new { id.Value }))
            .ShouldBe((short)AccountState.Active);

        static async Task LetGo(NpgsqlConnection holder)
        {
            await using var _ = holder;
            await Task.Delay(Long);
            await holder.ExecuteAsync("rollback");
        }
    }

    [Fact]
    public async Task No_job_is_cancelled_on_an_old_check()
    {
        var acme = await Here.Organization("acme");
        var (jobs, id) = (Here.Services.GetRequiredService<JobStore>(), new JobId(Guid.CreateVersion7()));
        await jobs.Insert(new NewJob(id, "claim", acme.Value, "Claim accounts", "{}", ByNobody, 0, []), default);
        var admissions = Here.Services.GetRequiredService<Admissions>();
        Task<bool> Cancel() => jobs.Move(acme.Value, id, [JobState.Queued], JobState.Cancelled, KernelActions.JobCancelled, ByNobody);
        admissions.Begin().LetIn(() => Task.FromResult(false));
        await using var holder = await Database.OpenConnectionAsync();
        await holder.ExecuteAsync("begin; select from kernel.job where id = @Value for update", new { id.Value });
        var cancelled = Cancel();
        await Task.Delay(Long);
        await holder.ExecuteAsync("rollback");
        await Should.ThrowAsync<NoLongerAdmittedException>(() => cancelled);
        (await Here.Scalar<short>("select state from kernel.job where id = @Value", new { id.Value })).ShouldBe((short)JobState.Queued);
        admissions.Now!.End();
        (await Cancel()).ShouldBeTrue("nobody asks any more: it is the product's own work");
    }
}
