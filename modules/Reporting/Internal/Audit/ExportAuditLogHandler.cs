namespace DirectoryPlatform.Reporting.Internal.Audit;

sealed class ExportAuditLogHandler(NpgsqlDataSource database, UnitOfWork work, SealedLog log)
    : IRequestHandler<ExportAuditLog, Outcome<Done>>, IRequestHandler<ExportSealedLog, Outcome<Done>>
{
    /// <summary>With the SQL of each; no cell is null.</summary>
    static readonly (string Header, string Sql)[] Columns =
    [
        ("Time", "to_char(e.at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US\"Z\"')"), ("Actor", "coalesce(w.name, '')"),
        ("Actor id", "coalesce(e.actor_id::text, '')"), ("Action", "e.action"),
        ("Subject", "coalesce(s.name, '')"), ("Subject id", "e.subject_id::text"), ("Means", "e.means"),
        ("IP address", "coalesce(e.address, '')"), ("Request id", "coalesce(e.request_id, '')"),
        ("Job id", "coalesce(e.job_id::text, '')"),
        // Not whose a contested domain is: that is another organization.
        ("Details", "coalesce((e.fact - 'owner')::text, '')"), ("Before", "coalesce(e.before::text, '')"),
        ("After", "coalesce(e.after::text, '')"),
        ("Personal", "coalesce(e.personal::text, '')"), ("Entry id", "e.id::text"),
    ];

    public async Task<Outcome<Done>> Handle(ExportAuditLog query, CancellationToken ct)
    {
        await WriteAudit(query.Organization, query.Origin, ReportingActions.AuditLogExported, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand { Connection = connection, CommandTimeout = 0 };
        var meant = await AuditConditions.Rows(database, query.Organization, query.Filter, command.Parameters, ct);
        command.CommandText = $"""
            select {string.Join(", ", Columns.Select(c => c.Sql))} from {meant.From} left
              join accounts.v_account w on w.id = e.actor_id left join accounts.v_account s on s.id = e.subject_id
            where {meant.Where} order by e.at desc, e.id desc
            """;
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync([.. Columns.Select(c => c.Header)], ct);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var fields = new string[Columns.Length];
        while (await rows.ReadAsync(ct))
        {
            for (var i = 0; i < fields.Length; i++) fields[i] = rows.GetString(i);
            await csv.WriteRecordAsync(fields, ct);
        }
        return Done.It;
    }

    public async Task<Outcome<Done>> Handle(ExportSealedLog query, CancellationToken ct)
    {
        await WriteAudit(query.Organization, query.Origin, ReportingActions.SealedLogExported, ct);
        await AuditFile.Write(query.Output, log.Seals(query.Organization.Value, ct), ct);
        return Done.It;
    }

    /// <summary>Personal data leaves the house: the log says who took it.</summary>
    Task WriteAudit(OrganizationId organization, Origin origin, string action, CancellationToken ct) => work.Run(origin, change =>
    {
        change.WriteAudit(organization, organization.Value, action);
        return Task.CompletedTask;
    }, ct);
}
