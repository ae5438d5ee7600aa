using System.Text.Json;

namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>The audit log as its page shows it.</summary>
sealed class ReadAuditEventsHandler(NpgsqlDataSource database) : IRequestHandler<ReadAuditEvents, Outcome<ListPage<AuditEvent>>>,
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
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand($"""
            select {AuditLines.Columns},
              ((to_jsonb(e) - 'xid') #- array['fact', 'owner'])::text from kernel.v_audit_entry e {AuditLines.Names}
            where e.id = $1 and e.organization_id = $2
            """, connection)
        {
            Parameters = { new() { Value = query.Entry }, new() { Value = query.Organization.Value } },
        };
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

    async Task<IReadOnlyList<AuditEvent>> Rows(OrganizationId organization, IReadOnlyList<AuditLine> lines)
    {
        await using var connection = await database.OpenConnectionAsync();
        var named = await AuditLines.Named(connection, organization, lines);
        var sitesNamed = Values(named, "site").Select(v => Guid.TryParse(v, out var id) ? id : Guid.Empty).ToArray();
        await using var all = await connection.QueryMultipleAsync($"""
            select a.id, case when a.state = {(int)AccountState.Deleted} then 0 when a.managed_by = @organization then 1
              when exists (select from sites.v_member m join sites.v_site s on s.id = m.site_id
                where m.account_id = a.id and s.organization_id = @organization) then 2 else 0 end
              from accounts.v_account a where a.id = any(@people);
            select id::text, name from sites.v_site where id = any(@sites) and organization_id = @organization;
            select id, name from sites.v_app where id = any(@apps);
            select subject_id::text, max(before->>'name') from kernel.v_audit_entry
              where subject_id = any(@gone) and organization_id = @organization and before->>'name' is not null group by subject_id;
            select id, title, state from kernel.v_job where id = any(@jobs) and organization_id = @organization
            """, new
        {
            organization = organization.Value,
            people = named.Select(l => l.Subject).Concat(named.Select(l => l.Actor).OfType<Guid>()).Distinct().ToArray(),
            sites = sitesNamed,
            apps = Values(named, "app").ToArray(),
            gone = sitesNamed.Concat(named.Where(l => l.SubjectName is null && l.Kind is AuditSubject.Other).Select(l => l.Subject))
                .Distinct().ToArray(),
            jobs = named.Where(l => l.History.Action == KernelActions.JobBegun).Select(l => l.Subject).ToArray(),
        });
        var people = (await all.ReadAsync<(Guid Id, int Place)>()).ToDictionary(p => p.Id, p => (PersonPlace)p.Place);
        var sites = (await all.ReadAsync<(string Id, string Name)>()).AsList();
        var apps = await all.ReadAsync<(string Id, string Name)>();
        var gone = await all.ReadAsync<(string Id, string Name)>();
        var jobs = (await all.ReadAsync<(Guid Id, string Title, short State)>())
            .ToDictionary(j => j.Id, j => new AuditedJob(j.Id, j.Title, (JobState)j.State));
        var names = gone.Concat(apps).Concat(sites).GroupBy(n => n.Id).ToDictionary(g => g.Key, g => g.Last().Name);
        var there = sites.Select(s => s.Id).ToHashSet();
        return [.. named.Select(l => new AuditEvent(l, names, people, jobs.GetValueOrDefault(l.Subject)) { Sites = there })];
    }

    static IEnumerable<string> Values(IEnumerable<AuditLine> lines, string field) =>
        lines.SelectMany(l => l.History.Changes).Where(c => c.Field == field).SelectMany(c => new[] { c.Before, c.After })
            .OfType<string>().Distinct();
}
