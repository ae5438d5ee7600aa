using DirectoryPlatform.Reporting.Internal.Audit;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ReadHistoryHandler(NpgsqlDataSource database)
    : IRequestHandler<ReadHistory, Outcome<ListPage<AuditEvent>>>, IRequestHandler<ReadOwnHistory, IReadOnlyList<AuditEvent>>
{
    static readonly string[] AboutUser = [SiteActions.UserAdded, SiteActions.InvitationAccepted, SiteActions.UserSuspended,
        SiteActions.UserRestored, SiteActions.UserRemoved, SiteActions.AppRoleGiven, SiteActions.AppRoleTaken, SiteActions.AddedToGroup,
        SiteActions.RemovedFromGroup];

    static readonly KeysetList<AuditLine> List = new()
    {
        Name = "history",
        Alias = "e",
        Columns = AuditLines.Columns,
        Beside = AuditLines.Names,
        Row = AuditLines.Line,
        Orders = [new(ListSort.Added, KeysetColumn.Time("e.at"))],
    };

    public async Task<Outcome<ListPage<AuditEvent>>> Handle(ReadHistory query, CancellationToken ct)
    {
        var page = await List.Page(database, new(ListSort.Added, Descending: true, query.Cursor, query.Size),
            values => Task.FromResult(new ListRows("kernel.v_audit_entry e", Where(query, values))), ct);
        return page.Granted
            ? page.Value.With(await AuditEvents.Of(database, query.Scope.Organization, page.Value.Rows))
            : page.Refusal;
    }

    public async Task<IReadOnlyList<AuditEvent>> Handle(ReadOwnHistory query, CancellationToken ct)
    {
        await using var command = database.CreateCommand();
        var account = command.Parameters.Place(query.Account.Value);
        command.CommandText = $"""
            select {AuditLines.Columns} from kernel.v_audit_entry e {AuditLines.Names}
            where e.subject_id = {account} and e.actor_id = {account} order by e.at desc, e.id desc
            limit {command.Parameters.Place(Math.Clamp(query.Size, 1, 50))}
            """;
        var lines = await AuditLines.Read(command, ct);
        var owners = (await database.Rows<(Guid Id, Guid? Organization)>(
            "select id, organization_id from kernel.v_audit_entry where id = any(@ids)", new { ids = lines.Select(l => l.Id).ToArray() },
            ct)).ToDictionary(o => o.Id, o => o.Organization ?? Guid.Empty);
        // Each with the names that its organization knows; those of today only where the person still is.
        var named = new List<AuditEvent>();
        foreach (var own in lines.GroupBy(l => owners[l.Id]))
            named.AddRange(await AuditEvents.Of(database, new(own.Key), [.. own], query.Account));
        return [.. named.OrderByDescending(e => e.Line.History.At).ThenByDescending(e => e.Line.Id)];
    }

    /// <summary>Another organization's time with the account stays that organization's.</summary>
    static string Where(ReadHistory query, NpgsqlParameterCollection values)
    {
        var (account, organization) = (values.Place(query.Account.Value), values.Place(query.Scope.Organization.Value));
        if (query.Scope.Site is not { } here)
            return $"e.subject_id = {account} and (e.organization_id = {organization} or e.organization_id is null and exists (select from "
                + $"accounts.v_account m where m.id = {account} and m.managed_by = {organization}))";
        var site = values.Place(here.ToString());
        return $"e.subject_id = {account} and e.organization_id = {organization} and e.action = any({values.Place(AboutUser)}) "
            + $"and (e.before->>'site' = {site} or e.after->>'site' = {site})";
    }
}
