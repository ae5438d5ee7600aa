namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>One look into the index for each kind, however many entries there are of others.</summary>
sealed class ReadSensitiveEventsHandler(NpgsqlDataSource database) : IRequestHandler<ReadSensitiveEvents, IReadOnlyList<AuditLine>>
{
    const int MaxSize = 50;

    public async Task<IReadOnlyList<AuditLine>> Handle(ReadSensitiveEvents query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand($"""
            select {AuditLines.Columns} from unnest($2::text[]) kind cross join lateral (
              select * from kernel.v_audit_entry x where x.organization_id = $1 and x.action = kind
                order by x.at desc, x.id desc limit $3) e
              {AuditLines.Names}
            order by e.at desc, e.id desc limit $3
            """, connection)
        {
            Parameters =
            {
                new() { Value = query.Organization.Value }, new() { Value = ReadSensitiveEvents.Actions.ToArray() },
                new() { Value = Math.Clamp(query.Size, 1, MaxSize) },
            },
        };
        return await AuditLines.Named(connection, query.Organization, await AuditLines.Read(command, ct));
    }
}
