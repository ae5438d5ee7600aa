using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory.Audit;

sealed class ReadAuditLogHandler(NpgsqlDataSource database) : IRequestHandler<ReadAuditLog, AuditPage>, IRequestHandler<ReadAuditActions, IReadOnlyList<string>>
{
    const int MaxSize = 1_000;

    public async Task<AuditPage> Handle(ReadAuditLog query, CancellationToken ct)
    {
        var size = Math.Clamp(query.Size, 1, MaxSize);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand { Connection = connection };
        var where = await AuditConditions.Where(connection, query.Organization, query.Filter ?? AuditFilter.Everything, command.Parameters, ct);
        var cursor = AuditCursor.Read(query.Cursor);
        if (cursor is not null) where += $" and (e.at, e.id) {(cursor.Newer ? '>' : '<')} ({command.Parameters.Place(cursor.At)}, {command.Parameters.Place(cursor.Id)})";
        var order = cursor is { Newer: true } ? "asc" : "desc";
        command.CommandText = $"""
            select e.id, e.at, e.action, w.name, e.means, e.before::text, e.after::text, e.personal::text, e.actor_id, e.subject_id, e.address, e.request_id, e.job_id
            from (select * from kernel.audit_entry e where {where} order by e.at {order}, e.id {order} limit {size + 1}) e left join accounts.v_account w on w.id = e.actor_id order by e.at {order}, e.id {order}
            """;
        var lines = new List<AuditLine>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
                lines.Add(new(
                    rows.GetGuid(0), HistoryLines.Of(rows.GetDateTime(1), rows.GetString(2), Text(3), rows.GetString(4), Text(5), Text(6), Text(7)), Id(8), rows.GetGuid(9), AuditSubject.Other, null, Text(10), Text(11), Id(12)));

            string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
            Guid? Id(int column) => rows.IsDBNull(column) ? null : rows.GetGuid(column);
        }
        var more = lines.Count > size;
        if (more) lines.RemoveAt(size);
        if (cursor is { Newer: true }) lines.Reverse();
        return new(
            await Named(connection, query.Organization, lines),
            lines.Count > 0 && (more || cursor is { Newer: true }) ? At(lines[^1], newer: false) : null,
            lines.Count > 0 && cursor is not null && (more || !cursor.Newer) ? At(lines[0], newer: true) : null);

        static string At(AuditLine line, bool newer) => new AuditCursor(line.History.At.UtcDateTime, line.Id, newer).ToString();
    }

    /// <summary>One look into the index for each kind there is, however many entries.</summary>
    public async Task<IReadOnlyList<string>> Handle(ReadAuditActions query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>("""
            with recursive kind(action) as (
              select min(action) from kernel.audit_entry where organization_id = @id
              union all
              select (select min(e.action) from kernel.audit_entry e where e.organization_id = @id and e.action > k.action) from kind k where k.action is not null)
            select action from kind where action is not null
            """, new { id = query.Organization.Value })).AsList();
    }

    /// <summary>What the entries are about, by the names of today.</summary>
    static async Task<IReadOnlyList<AuditLine>> Named(NpgsqlConnection connection, OrganizationId organization, List<AuditLine> lines)
    {
        var names = (await connection.QueryAsync<(Guid Id, int Kind, string Name)>("""
            select id, 0, name from accounts.v_account where id = any(@ids)
            union all select id, 1, name from domains.v_domain where id = any(@ids) and organization_id = @organization
            union all select id, 2, name from sites.v_site where id = any(@ids) and organization_id = @organization
            union all select id, 3, name from sites.v_group where id = any(@ids) and organization_id = @organization
            union all select id, 4, name from security.v_policy where id = any(@ids) and organization_id = @organization
            union all select i.id, 7, i.email from sites.v_invitation i join sites.v_site s on s.id = i.site_id where i.id = any(@ids) and s.organization_id = @organization
            union all select id, 7, url from directory.webhook where id = any(@ids) and organization_id = @organization
            union all select id, 5, title from kernel.job where id = any(@ids) and organization_id = @organization
            """, new { ids = lines.Select(l => l.Subject).Distinct().ToArray(), organization = organization.Value })).ToLookup(n => n.Id);
        return [.. lines.Select(l => names[l.Subject].Select(n => l with { Kind = (AuditSubject)n.Kind, SubjectName = n.Name }).FirstOrDefault() ?? (l.Subject == organization.Value ? l with { Kind = AuditSubject.Organization } : l))];
    }
}
