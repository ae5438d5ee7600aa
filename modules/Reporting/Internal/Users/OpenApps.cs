namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>Which apps open for people on an organization's sites: for the rows of a page, and for each row of a file.</summary>
static class OpenApps
{
    /// <summary>Rows of an account and the names of its apps; none for who is on no site.</summary>
    /// <param name="people">Place of the accounts' ids.</param>
    /// <param name="organization">Place of the organization's id.</param>
    public static string Of(string people, string organization) => $"""
        select o.account_id, array_agg(distinct p.name order by p.name) as names from sites.v_open_app o join sites.v_site s on s.id = o.site_id
          join sites.v_app p on p.id = o.app_id
        where o.account_id = any({people}) and s.organization_id = {organization} group by o.account_id
        """;

    /// <summary>A row <c>apps</c> beside each account <c>a</c>, whose <c>sites</c> names the sites by app; most accounts are on none, which
    /// costs one look into an index.</summary>
    public static string Join(OrganizationId organization, Func<object, string> value) => $"""
        left join lateral (select jsonb_object_agg(o.app_id, o.names) as sites from (
          select r.app_id, string_agg(distinct s.name, '; ' order by s.name) as names from sites.v_open_app r
            join sites.v_site s on s.id = r.site_id
          where r.account_id = a.id and s.organization_id = {value(organization.Value)} group by r.app_id) o) apps on true
        """;

    /// <param name="app">Of the installation's list, whose ids are short names without quotes.</param>
    public static string Column(AppView app) => $"coalesce(apps.sites->>'{app.Id}', '')";
}
