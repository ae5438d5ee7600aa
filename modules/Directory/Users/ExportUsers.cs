using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory;

/// <summary>
/// Streams the users of a site as CSV (SPEC U8): name, email, account id, status, managed or external, added, last active, one column per app with the role, and groups as a list or as
/// columns. Refuses a scope without a site.
/// </summary>
/// <param name="GroupColumns">A column for each group that opens something on the site, up to <see cref="MostGroupColumns"/>; otherwise one column with a list of all.</param>
public sealed record ExportUsers(UserScope Scope, UserFilter Filter, bool GroupColumns, Origin Origin, Stream Output) : IRequest<Outcome<Done>>
{
    /// <summary>A spreadsheet ends somewhere (own choice).</summary>
    public const int MostGroupColumns = 200;
}

sealed class ExportUsersHandler(NpgsqlDataSource database, IMediator mediator, TimeProvider clock) : IRequestHandler<ExportUsers, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ExportUsers query, CancellationToken ct)
    {
        if (query.Scope.Site is not { } site || await mediator.Send(new ReadSite(site), ct) is not { Granted: true, Value: var place } || place.Organization != query.Scope.Organization) return new NotFound("site");
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var groups = query.GroupColumns ? await Groups(connection, site, ct) : [];
        await using var command = new NpgsqlCommand { Connection = connection, CommandTimeout = 0 };
        var filter = query.Filter with { Type = query.Filter.Type is UserType.NeverInvited ? null : query.Filter.Type };
        var source = Users.UserConditions.Source(query.Scope, filter, command.Parameters);
        List<string> where = ["true", .. Users.UserConditions.Where(query.Scope, filter, now, command.Parameters)];
        if (await Users.UserConditions.Narrow(database, filter, command.Parameters, ct) is { } narrowed) where.Add(narrowed);
        command.Parameters.Add(new() { Value = query.Scope.Organization.Value });
        command.Parameters.Add(new() { Value = site.Value });
        var (organization, here) = ($"${command.Parameters.Count - 1}", $"${command.Parameters.Count}");
        command.CommandText = $"""
            select coalesce(n.name, ''), a.email, coalesce(a.account_id::text, ''), case a.state when 1 then 'Active' when 2 then 'Invited' else 'Suspended' end,
              case when a.account_id is null then '' when n.managed_by = {organization} then 'managed' else 'external' end, to_char(a.claimed_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"'),
              case when a.last_active_at > '-infinity' then to_char(a.last_active_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"') else '' end,
              array(select r.app_id || '=' || max(r.role) from (
                select app_id, role from sites.v_grant g where g.site_id = {here} and g.account_id = a.account_id
                union all
                select x.app_id, x.role from sites.v_group_member gm join sites.v_group_grant x on x.group_id = gm.group_id where gm.account_id = a.account_id and x.site_id = {here}) r group by r.app_id),
              array(select g.name from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id where gm.account_id = a.account_id and g.organization_id = {organization} order by g.name_key)
            from {source} left join accounts.v_account n on n.id = a.account_id where {string.Join(" and ", where)} order by a.name_key, a.id
            """;
        await using (var tell = new NpgsqlBatch(connection) { BatchCommands = { AuditLog.Insert([new(Guid.CreateVersion7(now), now, query.Scope.Organization.Value, query.Origin, site.Value, "UsersExported", null, null, null, null, null)]) } })
            await tell.ExecuteNonQueryAsync(ct);
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync([.. (string[])["Name", "Email", "Account id", "Status", "Account type", "Added", "Last active"], .. place.Apps.Select(a => a.Name), .. query.GroupColumns ? groups : ["Groups"]], ct);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var (roles, member) = (rows.GetFieldValue<string[]>(7), rows.GetFieldValue<string[]>(8));
            await csv.WriteRecordAsync([
                .. Enumerable.Range(0, 7).Select(rows.GetString), .. place.Apps.Select(a => roles.Contains($"{a.Id}=2") ? "admin" : roles.Contains($"{a.Id}=1") ? "user" : ""),
                .. query.GroupColumns ? groups.Select(g => member.Contains(g) ? "yes" : "") : [string.Join("; ", member)]], ct);
        }
        return Done.It;
    }

    static async Task<IReadOnlyList<string>> Groups(NpgsqlConnection connection, SiteId site, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select name from sites.v_group where id in (select group_id from sites.v_group_grant where site_id = $1) order by name_key limit {ExportUsers.MostGroupColumns}
            """, connection) { Parameters = { new() { Value = site.Value } } };
        var names = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) names.Add(rows.GetString(0));
        return names;
    }
}
