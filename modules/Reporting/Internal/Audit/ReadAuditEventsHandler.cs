using System.Text.Json;

namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>The audit log as its page shows it.</summary>
sealed class ReadAuditEventsHandler(NpgsqlDataSource database, IMediator mediator)
    : IRequestHandler<ReadAuditEvents, Outcome<ListPage<AuditEvent>>>,
    IRequestHandler<ReadAuditEvent, Outcome<AuditDetail>>, IRequestHandler<CountAuditEvents, AuditCounts>
{
    /// <summary>More rows are not counted: some 30 ms.</summary>
    const int Counted = 20_000;

    static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly KeysetList<AuditLine> List = new()
    {
        Name = "auditEvents",
        Alias = "e",
        Columns = AuditLines.Columns,
        Beside = AuditLines.Names,
        Row = AuditLines.Line,
        Orders = [new(ListSort.Added, KeysetColumn.Time("e.at"))],
    };

    public async Task<Outcome<ListPage<AuditEvent>>> Handle(ReadAuditEvents query, CancellationToken ct)
    {
        var page = await List.Page(database, new(ListSort.Added, Descending: true, query.Cursor, query.Size),
            values => AuditConditions.Rows(database, query.Organization, query.Filter, values, ct, folded: true), ct);
        return page.Granted ? page.Value.With(await Rows(query.Organization, page.Value.Rows)) : page.Refusal;
    }

    public async Task<Outcome<AuditDetail>> Handle(ReadAuditEvent query, CancellationToken ct)
    {
        // Of the pool for as long as it reads: the names take a connection of their own.
        await using var command = database.CreateCommand($"""
            select {AuditLines.Columns},
              ((to_jsonb(e) - 'xid') #- array['fact', 'owner'])::text from kernel.v_audit_entry e {AuditLines.Names}
            where e.id = $1 and e.organization_id = $2
            """);
        foreach (var value in (object[])[query.Entry, query.Organization.Value]) command.Parameters.Add(new() { Value = value });
        string? json = null;
        AuditLine? line = null;
        await using (var rows = await command.ExecuteReaderAsync(ct))
            if (await rows.ReadAsync(ct)) (line, json) = (AuditLines.Line(rows), rows.GetString(rows.FieldCount - 1));
        if (line is null) return new NotFound("event");
        using var parsed = JsonDocument.Parse(json!);
        return new AuditDetail((await Rows(query.Organization, [line]))[0], JsonSerializer.Serialize(parsed.RootElement, Readable));
    }

    public async Task<AuditCounts> Handle(CountAuditEvents query, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        var command = CustomPlanQuery.Query(batch);
        var meant = await AuditConditions.Rows(database, query.Organization, query.Filter, command.Parameters, ct, folded: true);
        command.CommandText = $"""
            select date_trunc('hour', x.at, 'UTC'), count(*) from (
              select e.at from {meant.From} where {meant.Where} order by e.at desc limit {command.Parameters.Place(Counted)}) x
            group by 1 order by 1
            """;
        var hours = new List<(DateTimeOffset, long)>();
        await using var rows = await CustomPlanQuery.Rows(batch, ct);
        while (await rows.ReadAsync(ct)) hours.Add((rows.GetDateTime(0), rows.GetInt64(1)));
        return new(hours, hours.Sum(h => h.Item2) < Counted);
    }

    /// <summary>Where a job began, with what has become of it.</summary>
    async Task<IReadOnlyList<AuditEvent>> Rows(OrganizationId organization, IReadOnlyList<AuditLine> lines)
    {
        var rows = await AuditEvents.Of(database, organization, lines);
        var begun = lines.Where(l => l.History.Action == KernelActions.JobBegun).Select(l => l.Subject).ToList();
        if (begun.Count == 0) return rows;
        var jobs = (await mediator.Send(new ReadJobs(organization.Value, begun))).ToDictionary(j => j.Id.Value);
        return [.. rows.Select(r => r.Line.History.Action == KernelActions.JobBegun && jobs.TryGetValue(r.Line.Subject, out var job)
            ? r with { Job = new(job.Id.Value, job.Title, job.State, job.Deed) }
            : r)];
    }
}
