namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>Which apps open for people on an organization's sites: for the rows of a page, and for each row of a file.</summary>
static class OpenApps
{
    /// <summary>Rows of an account, and the names and ids of its apps in one order; none for who is on no site.</summary>
    /// <param name="people">Place of the accounts' ids.</param>
    /// <param name="organization">Place of the organization's id.</param>
    public static string Of(string people, string organization) => $"""
        select d.account_id, array_agg(d.name order by d.name, d.id) as names, array_agg(d.id order by d.name, d.id) as ids from (
          select distinct o.account_id, p.name, p.id from sites.v_open_app o
            join sites.v_site s on s.id = o.site_id join sites.v_app p on p.id = o.app_id
          where o.account_id = any({people}) and s.organization_id = {organization}) d group by d.account_id
        """;

    /// <summary>A row <c>apps</c> beside each account <c>a</c>, whose <c>sites</c> names the sites by app; most accounts are on none, which
    /// costs one look into an index. Of managed accounts also sites of other organizations, which it names, too (SPEC M9).</summary>
    /// <param name="lastUse">Whether <c>uses</c> beside it tells the day of the last use by app.</param>
    public static string Join(OrganizationId organization, bool lastUse, Func<object, string> value)
    {
        var id = value(organization.Value);
        var here = $"(s.organization_id = {id} or a.managed_by = {id})";
        return $"""
            left join lateral (select jsonb_object_agg(o.app_id, o.names) as sites from (
              select r.app_id, string_agg(distinct case when s.organization_id = {id} then s.name else s.name || ' (' || w.name || ')' end,
                '; ' order by case when s.organization_id = {id} then s.name else s.name || ' (' || w.name || ')' end) as names
              from sites.v_open_app r join sites.v_site s on s.id = r.site_id join sites.v_organization w on w.id = s.organization_id
              where r.account_id = a.id and {here} group by r.app_id) o) apps on true
            {(lastUse ? $"""
                left join lateral (select jsonb_object_agg(o.app_id, o.used) as uses from (
                  select u.app_id, to_char(max(u.last_used_at) at time zone 'utc', 'YYYY-MM-DD') as used from sites.v_app_use u
                    join sites.v_site s on s.id = u.site_id
                  where u.account_id = a.id and {here} group by u.app_id) o) uses on true
                """ : "")}
            """;
    }

    /// <param name="number">Of the app among <c>asked.apps</c>, counted from 1.</param>
    public static string Column(int number) => $"coalesce(apps.sites->>asked.apps[{number}], '')";

    /// <summary>As "2026-11-30"; empty for never.</summary>
    public static string LastUse(int number) => $"coalesce(uses.uses->>asked.apps[{number}], '')";
}
