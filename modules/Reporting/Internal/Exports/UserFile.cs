using DirectoryPlatform.Reporting.Internal.Users;

namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>The users of a site as an export keeps them in its arguments.</summary>
/// <param name="Groups">Names of the groups that have a column each; null for one column with a list.</param>
sealed record UserFile(SiteId Site, string SiteName, UserFilter Filter, IReadOnlyList<string>? Groups);

/// <summary>Rows and columns of a file of users (SPEC U8), at once or part by part.</summary>
static class UserRows
{
    static readonly string[] Head = ["Name", "Email", "Account id", "Status", "Account type", "Added", "Last active"];

    public static IEnumerable<string> Columns(ExportArguments of) =>
        [.. Head, .. of.Apps!.Select(a => a.Name), .. of.Users!.Groups ?? ["Groups"]];

    /// <summary>Conditions and source, whose values stand in the parameters.</summary>
    public static async Task<string> Source(SiteUserRows users, OrganizationId organization, ExportArguments of,
        NpgsqlParameterCollection values, CancellationToken ct)
    {
        var (scope, filter) = (new UserScope(organization, of.Users!.Site), of.Users.Filter);
        // Who was never invited is no user of a site.
        if (filter.Type is UserType.NeverInvited) filter = filter with { Type = null };
        var meant = await users.Of(scope, filter, of.AskedAt, values, ct);
        return $"{meant.From} left join accounts.v_account n on n.id = a.account_id where {meant.Where}";
    }

    /// <summary>The row's id, whom it is about, the file's first columns, roles and groups.</summary>
    public static string Select(OrganizationId organization, ExportArguments of, Func<object, string> value)
    {
        var (org, here) = (value(organization.Value), value(of.Users!.Site.Value));
        return $"""
            select a.id, coalesce(a.account_id, (select w.id from accounts.v_account w where w.email = a.email)),
              coalesce(n.name, ''), a.email, coalesce(a.account_id::text, ''), case when a.state = 1
                and n.state <> 1 then 'Dormant' when a.state = 1 then 'Active' when a.state = 2 then 'Invited' else 'Suspended' end,
              case when a.account_id is null then '' when n.managed_by = {org} then 'managed' else 'external' end, to_char(a.claimed_at at
                time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"'),
              case when a.last_active_at > '-infinity' then to_char(a.last_active_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"') else
                '' end,
              array(select r.app_id || '=' || max(r.role) from sites.open_apps(a.account_id, {here}) r group by r.app_id),
              array(select g.name from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id
                where gm.account_id = a.account_id and g.organization_id = {org} order by g.name_key)
            """;
    }

    /// <summary>One line of the file, from a row of <see cref="Select"/>.</summary>
    public static IEnumerable<string> Line(NpgsqlDataReader row, ExportArguments of)
    {
        var (roles, member) = (row.GetFieldValue<string[]>(Head.Length + 2), row.GetFieldValue<string[]>(Head.Length + 3));
        return [
            .. Enumerable.Range(2, Head.Length).Select(row.GetString), .. of.Apps!
            .Select(a => roles.Contains($"{a.Id}=2") ? "admin" : roles.Contains($"{a.Id}=1") ? "user" : ""),
            .. of.Users!.Groups is { } groups ? groups.Select(g => member.Contains(g) ? "yes" : "") : [string.Join("; ", member)]];
    }

    /// <summary>Of the groups that open something on the site, by name.</summary>
    public static async Task<IReadOnlyList<string>> Groups(NpgsqlDataSource database, SiteId site, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select name from sites.v_group where id in (select group_id from sites.v_group_grant where site_id = $1) order by name_key
              limit {UsersExport.MostGroupColumns}
            """);
        command.Parameters.Add(new() { Value = site.Value });
        var names = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) names.Add(rows.GetString(0));
        return names;
    }
}
