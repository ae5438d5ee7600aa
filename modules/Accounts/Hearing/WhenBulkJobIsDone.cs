using Dapper;
using DirectoryPlatform.Accounts.Bulk;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>
/// A reason or a message may name people, and erasure (SPEC A6) finds them on their accounts and in the audit log: a job that is done needs
/// its own copy no more. One that failed or was cancelled can be resumed and keeps it until then.
/// </summary>
sealed class WhenBulkJobIsDone(NpgsqlDataSource database) : INotificationHandler<JobEnded>
{
    public async Task Handle(JobEnded fact, CancellationToken ct)
    {
        if (fact is not { Kind: BulkJob.JobKind, State: JobState.Done }) return;
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("update kernel.job set arguments = arguments #- '{order,reason}' #- '{order,message}' where id = @id",
            new { id = fact.Job.Value });
    }
}
