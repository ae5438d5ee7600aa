using DirectoryPlatform.Domains;
using DirectoryPlatform.Sites;

namespace DirectoryPlatform.Reporting.Users;

/// <summary>Which apps open for people on an organization's sites: for the rows of a page, and for each row of a file.</summary>
static class OpenApps
{
    /// <summary>Apps with a role, directly or by a group, of the member <c>m</c>.</summary>
    const string OfMember = """
        (select g.app_id from sites.v_grant g where g.site_id = m.site_id and g.account_id = m.account_id
         union select x.app_id from sites.v_group_member gm join sites.v_group_grant x on x.group_id = gm.group_id
           where gm.account_id = m.account_id and x.site_id = m.site_id)
        """;

    /// <summary>Rows of an account and the names of its apps; none for who is on no site.</summary>
    /// <param name="people">Place of the accounts' ids.</param>
    /// <param name="organization">Place of the organization's id.</param>
    public static string Of(string people, string organization) => $"""
        select m.account_id, array_agg(distinct p.name order by p.name) from sites.v_member m join sites.v_site s on s.id = m.site_id cross
          join lateral {OfMember} o join sites.v_app p on p.id = o.app_id
        where m.account_id = any({people}) and s.organization_id = {organization} group by m.account_id
        """;

    /// <summary>A row <c>apps</c> beside each account <c>a</c>, whose <c>sites</c> names the sites by app; most accounts are on none, which
    /// costs one look into an index.</summary>
    public static string Join(OrganizationId organization, Func<object, string> value) => $"""
        left join lateral (select jsonb_object_agg(o.app_id, o.names) as sites from (
          select r.app_id, string_agg(distinct s.name, '; ' order by s.name) as names from sites.v_member m
            join sites.v_site s on s.id = m.site_id cross join lateral {OfMember} r
          where m.account_id = a.id and s.organization_id = {value(organization.Value)} group by r.app_id) o) apps on true
        """;

    /// <param name="app">Of the installation's list, whose ids are short names without quotes.</param>
    public static string Column(AppView app) => $"coalesce(apps.sites->>'{app.Id}', '')";
}
