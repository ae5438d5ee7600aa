namespace DirectoryPlatform.Reporting.Internal.Audit;

sealed class ReadAuditLogHandler(NpgsqlDataSource database)
    : IRequestHandler<ReadAuditLog, Outcome<ListPage<AuditLine>>>, IRequestHandler<ReadAuditEntry, Outcome<AuditLine>>,
    IRequestHandler<ReadSealedLog, Outcome<AuditStretch>>, IRequestHandler<ReadAuditActions, IReadOnlyList<string>>
{
    const int MaxSize = 1_000;

    static readonly KeysetList<AuditLine> List = new()
    {
        Name = "auditLog",
        Alias = "e",
        Columns = AuditLines.Columns,
        Beside = AuditLines.Names,
        Row = AuditLines.Line,
        Orders = [new(ListSort.Added, KeysetColumn.Time("e.at"))],
    };

    public async Task<Outcome<ListPage<AuditLine>>> Handle(ReadAuditLog query, CancellationToken ct)
    {
        var page = await List.Page(database, new(ListSort.Added, Descending: true, query.Cursor, query.Size),
            values => AuditConditions.Rows(database, query.Organization, query.Filter ?? AuditFilter.Everything, values, ct), ct);
        if (!page.Granted) return page.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        return page.Value.With(await AuditLines.Named(connection, query.Organization, page.Value.Rows));
    }

    public async Task<Outcome<AuditLine>> Handle(ReadAuditEntry query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"select {AuditLines.Columns} from kernel.v_audit_entry e {AuditLines.Names} where e.id = $1 and e.organization_id = $2",
            connection)
        {
            Parameters = { new() { Value = query.Entry }, new() { Value = query.Organization.Value } },
        };
        return await AuditLines.Named(connection, query.Organization, await AuditLines.Read(command, ct)) is [var line]
            ? line
            : new NotFound("event");
    }

    public async Task<Outcome<AuditStretch>> Handle(ReadSealedLog query, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(query.Cursor) && SealedStretch.Place(query.Cursor) is null) return new BrokenCursor();
        await using var connection = await database.OpenConnectionAsync(ct);
        var (no, position) = SealedStretch.Place(query.Cursor)
            ?? (await SealedStretch.First(connection, query.Organization.Value, query.From), 0);
        if (await SealedStretch.After(connection, query.Organization.Value, no, position, Math.Clamp(query.Size, 1, MaxSize)) is not
            {
            } stretch) return new AuditStretch([], $"{no}-{position}");
        await using var command = new NpgsqlCommand($"""
            select {AuditLines.Columns} from {SealedStretch.Entries("$1", "$2", "$3", "$4", "$5")}
              join kernel.v_audit_entry e on e.id = x.id {AuditLines.Names}
            where ($6::timestamptz is null or e.at >= $6) and ($7::timestamptz is null or e.at < $7) order by s.no, x.n
            """, connection)
        {
            Parameters =
            {
                new() { Value = query.Organization.Value }, new() { Value = stretch.No }, new() { Value = stretch.Position },
                new() { Value = stretch.UptoNo }, new() { Value = stretch.UptoPosition },
                Moment(query.From), Moment(query.To),
            },
        };
        return new AuditStretch(await AuditLines.Named(connection, query.Organization, await AuditLines.Read(command, ct)),
            $"{stretch.UptoNo}-{stretch.UptoPosition}");

        static NpgsqlParameter Moment(DateTimeOffset? at) =>
            new() { Value = (object?)at?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz };
    }

    /// <summary>One look into the index for each kind there is, however many entries.</summary>
    public async Task<IReadOnlyList<string>> Handle(ReadAuditActions query, CancellationToken ct) =>
        await database.Rows<string>("""
            with recursive kind(action) as (
              select min(action) from kernel.v_audit_entry where organization_id = @id
              union all
              select (select min(e.action) from kernel.v_audit_entry e where e.organization_id = @id and e.action > k.action) from kind k
                where k.action is not null)
            select action from kind where action is not null
            """, new { id = query.Organization.Value }, ct);
}
