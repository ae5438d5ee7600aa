using DirectoryPlatform.Reporting.Internal.Users;

namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>The users of a site, or of all sites of the organization, as an export keeps them in its arguments.</summary>
/// <param name="Site">Null for all. So, too, its name.</param>
/// <param name="Groups">Names of the groups that have a column each; null for one column with a list.</param>
sealed record UserFile(SiteId? Site, string? SiteName, UserFilter Filter, IReadOnlyList<string>? Groups);

/// <summary>Rows and columns of a file of users (SPEC U8, U15), at once or part by part.</summary>
static class UserRows
{
    static readonly string[] Head = ["Name", "Email", "Account id", "Status", "Account type", "Added", "Last active"];

    /// <summary>Before what is so on this site alone.</summary>
    static readonly string[] HeadOfAll = [.. Head[..3], "Site", .. Head[3..]];

    static string[] HeadOf(ExportArguments of) => of.Users!.Site is null ? HeadOfAll : Head;

    public static IEnumerable<string> Columns(ExportArguments of) =>
        [.. HeadOf(of), .. of.Apps!.Select(a => a.Name), .. of.Users!.Groups ?? ["Groups"]];

    /// <summary>The rows that are meant, whose values stand in the parameters. Under the alias <c>a</c> it is who is listed; in a file of
    /// all sites each of them is there once for each site, which stands under <c>h</c> as <c>a</c> does in the file of one.</summary>
    /// <param name="after">Ids greater than this one only.</param>
    /// <param name="take">So many of who is listed, with all of their rows; null for all.</param>
    public static async Task<string> Source(SiteUserRows users, OrganizationId organization, ExportArguments of, Guid? after, int? take,
        NpgsqlParameterCollection values, CancellationToken ct)
    {
        var listed = await Listed(users, organization, of, after, take, values, ct);
        var sites = of.Users!.Site is null ? EachSite(values.Place(organization.Value)) : "";
        return $"{listed} left join accounts.v_account n on n.id = a.account_id {sites}";
    }

    /// <summary>Who is listed alone, each once, under the alias <c>a</c>.</summary>
    public static async Task<string> Listed(SiteUserRows users, OrganizationId organization, ExportArguments of, Guid? after, int? take,
        NpgsqlParameterCollection values, CancellationToken ct)
    {
        var (site, filter) = (of.Users!.Site, of.Users.Filter);
        var meant = await users.Of(new(organization, site), filter, of.AskedAt, values, ct);
        // Who was never invited is no user of a site.
        var none = site is not null && filter.Type is UserType.NeverInvited ? " and false" : "";
        var behind = after is { } last ? $" and a.id > {values.Place(last)}" : "";
        var first = take is null ? "" : $" order by a.id limit {take}";
        return $"(select a.* from {meant.From} where {meant.Where}{none}{behind}{first}) a";
    }

    /// <summary>The sites' own rows: of an account, or of all invitations of an address, of which the organization lists one. Nobody is
    /// lost by it: who is on no site is there without one.</summary>
    static string EachSite(string organization) => $"""
        left join lateral (
          select s.id as site_id, s.name as site_name, s.name_key, u.status as state, u.added_at as claimed_at, u.last_active_at
          from sites.v_listed u join sites.v_site s on s.id = u.scope_id
          where s.organization_id = {organization} and u.id = any(case when a.account_id is not null then array[a.id]
            else array(select i.id from sites.v_invitation i where i.email = a.email) end)) h on true
        """;

    /// <summary>The same in each part as in the whole.</summary>
    public static string Order(ExportArguments of) => of.Users!.Site is null ? "a.id, h.name_key, h.site_id" : "a.id";

    /// <summary>The row's id, whom it is about, the file's first columns, roles and groups.</summary>
    public static string Select(OrganizationId organization, ExportArguments of, Func<object, string> value)
    {
        var org = value(organization.Value);
        var (row, here, site) = of.Users!.Site is { } one
            ? ("a", value(one.Value), "")
            : ("h", "h.site_id", "coalesce(h.site_name, ''),");
        // The file of a site is its own admins', who learn nothing of groups that open nothing there (SPEC U9).
        var ofSite = of.Users!.Site is null ? ""
            : $"and exists (select from sites.v_group_grant x where x.group_id = g.id and x.site_id = {here})";
        return $"""
            select a.id, coalesce(a.account_id, (select w.id from accounts.v_account w where w.email = a.email)),
              coalesce(n.name, ''), a.email, coalesce(a.account_id::text, ''), {site} case when {row}.state = 1
                and n.state <> 1 then 'Dormant' when {row}.state = 1 then 'Active' when {row}.state = 2 then 'Invited'
                when {row}.state = 3 then 'Suspended' else 'Not on a site' end,
              case when a.account_id is null then '' when n.managed_by = {org} then 'managed' else 'external' end,
              coalesce(to_char({row}.claimed_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"'), ''),
              case when {row}.last_active_at > '-infinity' then to_char({row}.last_active_at at time zone 'utc',
                'YYYY-MM-DD HH24:MI:SS"Z"') else '' end,
              array(select r.app_id || '=' || max(r.role) from sites.open_apps(a.account_id, {here}) r group by r.app_id),
              array(select g.name from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id
                where gm.account_id = a.account_id and g.organization_id = {org} {ofSite} order by g.name_key)
            """;
    }

    /// <summary>One line of the file, from a row of <see cref="Select"/>.</summary>
    public static IEnumerable<string> Line(NpgsqlDataReader row, ExportArguments of)
    {
        var head = HeadOf(of).Length;
        var (roles, member) = (row.GetFieldValue<string[]>(head + 2), row.GetFieldValue<string[]>(head + 3));
        return [
            .. Enumerable.Range(2, head).Select(row.GetString), .. of.Apps!
            .Select(a => roles.Contains($"{a.Id}=2") ? "admin" : roles.Contains($"{a.Id}=1") ? "user" : ""),
            .. of.Users!.Groups is { } groups ? groups.Select(g => member.Contains(g) ? "yes" : "") : [string.Join("; ", member)]];
    }

    /// <summary>Of the groups that open something on the site, or on any of the organization's, by name.</summary>
    public static async Task<IReadOnlyList<string>> Groups(NpgsqlDataSource database, OrganizationId organization, SiteId? site,
        CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select name from sites.v_group where id in (select group_id from sites.v_group_grant where site_id
              {(site is null ? "in (select id from sites.v_site where organization_id = $1)" : "= $1")}) order by name_key
              limit {UsersExport.MostGroupColumns}
            """);
        command.Parameters.Add(new() { Value = site?.Value ?? organization.Value });
        var names = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) names.Add(rows.GetString(0));
        return names;
    }
}
