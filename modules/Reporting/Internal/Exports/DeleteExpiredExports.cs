namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>Files are for taking away, not for keeping.</summary>
sealed class DeleteExpiredExports(UnitOfWork work) : IRecurring
{
    public string Name => "delete expired exports";
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    /// <summary>Where a job's arguments hold the text that was searched for.</summary>
    internal static readonly string[][] Searched = [["filter", "search"], ["users", "filter", "search"]];

    public Task Run(CancellationToken ct) => work.Run(Origin.Schedule, async change =>
    {
        var gone = await change.Rows<Guid>("delete from directory.export where expires_at <= @now returning job_id",
            new { now = change.Now.UtcDateTime });
        await change.Run(JobArguments.Without([.. gone], Searched), ct);
        change.Quiet("a file that was there to be taken away for a while");
    }, ct);
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
