using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Reporting.Exports;

/// <summary>Files are for taking away, not for keeping.</summary>
sealed class DeleteExpiredExports(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    public string Name => "delete expired exports";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    /// <summary>Where a job's arguments hold the text that was searched for.</summary>
    internal static readonly string[][] Searched = [["filter", "search"], ["users", "filter", "search"]];

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var gone = await connection.QueryAsync<Guid>("delete from directory.export where expires_at <= @now returning job_id",
            new { now = clock.GetUtcNow().UtcDateTime });
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in JobArguments.Without([.. gone], Searched)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>An erased person's data stay in no file (SPEC A6): every export that names the person is deleted,
/// one that is still being written included. Nor may anybody take away a deleted organization's.</summary>
sealed class ForgetExports : IErasePersonalData, IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("directory.export", organization)];

    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        // A part that is being written is waited for, and then seen.
        new("select from directory.export where finished_at is null order by job_id for update"),
        new("delete from directory.export where job_id in (select job_id from directory.export_part where accounts && $1)") {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = accounts } } },
    ];
}
