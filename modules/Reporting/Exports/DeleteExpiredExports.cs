using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Reporting.Exports;

/// <summary>Files are for taking away, not for keeping.</summary>
sealed class DeleteExpiredExports(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    public string Name => "delete expired exports";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    /// <summary>A job's arguments without the text that was searched for.</summary>
    internal const string WithoutSearch = "arguments #- '{filter,search}' #- '{users,filter,search}'";

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"""
            with gone as (delete from directory.export where expires_at <= @now returning job_id)
            update kernel.job set arguments = {WithoutSearch} where id in (select job_id from gone)
            """, new { now = clock.GetUtcNow().UtcDateTime });
    }
}

/// <summary>An erased person's data stay in no file (SPEC A6): every export that names the person is deleted,
/// one that is still being written included.</summary>
sealed class ForgetExports : IErasePersonalData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        // A part that is being written is waited for, and then seen.
        new("select from directory.export where finished_at is null order by job_id for update"),
        new("delete from directory.export where job_id in (select job_id from directory.export_part where accounts && $1)") {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = accounts } } },
    ];
}
