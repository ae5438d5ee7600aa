using DirectoryPlatform.Reporting.Internal.Audit;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ReadHistoryHandler(NpgsqlDataSource database) : IRequestHandler<ReadHistory, Outcome<ListPage<AuditEvent>>>
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
