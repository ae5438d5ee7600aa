namespace DirectoryPlatform.Sites.Internal.Invitations;

/// <summary>Writes people into a site, with roles and groups: the same for whoever is in at once and for whoever followed a link.</summary>
static class NewMembers
{
    /// <param name="roles">Apps that do not run there any more are left out.</param>
    /// <param name="groups">Those of other organizations are left out.</param>
    public static async Task Add(Change change, OrganizationId organization, SiteId site, IReadOnlyList<AccountView> people,
        IReadOnlyDictionary<string, AppRole> roles, IReadOnlyList<GroupId> groups, Guid? by)
    {
        if (people.Count == 0) return;
        var values = new
        {
            site = site.Value,
            organization = organization.Value,
            ids = people.Select(p => p.Id.Value).ToArray(),
            keys = people.Select(p => SearchKey.Of(p.Name)).ToArray(),
            emails = people.Select(p => p.Email).ToArray(),
            apps = roles.Keys.ToArray(),
            roles = roles.Values.Select(r => (short)r).ToArray(),
            groups = groups.Select(g => g.Value).ToArray(),
            by,
            now = change.Now.UtcDateTime,
        };
        await change.Write("""
            insert into sites.person (account_id, name_key, email) select id, key, email
              from unnest(@ids, @keys, @emails) as p(id, key, email)
            on conflict (account_id) do update set name_key = excluded.name_key, email = excluded.email
            """, values);
        await change.Write(
            "insert into sites.site_member (site_id, account_id, added_at, added_by) select @site, id, @now, @by "
            + "from unnest(@ids) as p(id) on conflict do nothing", values);
        await change.Write("""
            insert into sites.app_grant (site_id, account_id, app_id, role) select @site, id, app, role from unnest(@ids) as p(id) cross
              join unnest(@apps, @roles) as r(app, role)
            where exists (select from sites.site_app a where a.site_id = @site and a.app_id = app) on conflict do nothing
            """, values);
        await change.Write("""
            insert into sites.group_member (group_id, account_id, added_at) select g.id, p.id, @now from unnest(@ids) as p(id) cross
              join sites.grp g
            where g.id = any(@groups) and g.organization_id = @organization and g.provided_by is null on conflict do nothing
            """, values);
        await change.Relist(organization, values.ids);
    }
}
