namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>In one round trip, whatever is wanted of however many.</summary>
sealed class UserDetailsHandler(NpgsqlDataSource database)
    : IRequestHandler<ReadUserDetails, IReadOnlyDictionary<AccountId, UserDetails>>
{
    const string Own = """
        select a.id, a.email_verified, f.public_name, coalesce(a.managed_by = @organization, false),
          exists (select from security.v_two_step t where t.account_id = a.id)
        from accounts.v_account a left join accounts.v_profile f on f.account_id = a.id
        where a.id = any(@ids) and (a.managed_by = @organization or a.admin_of @> array[@organization]
          or exists (select from sites.v_listed l where l.scope_id = @organization and l.id = a.id))
        """;

    /// <summary>1 for the organization, 2 for a whole site, 3 for an app.</summary>
    const string Roles = """
        select id, 1 from accounts.v_account where id = any(@ids) and admin_of @> array[@organization]
        union select d.account_id, case when d.app_id = '' then 2 else 3 end from sites.v_admin d join sites.v_site s on s.id = d.site_id
          where d.account_id = any(@ids) and s.organization_id = @organization
        """;

    const string Apps = """
        select distinct o.account_id, o.app_id, o.site_id, u.last_used_at from sites.v_open_app o join sites.v_site s on s.id = o.site_id
          left join sites.v_app_use u on u.account_id = o.account_id and u.site_id = o.site_id and u.app_id = o.app_id
        where o.account_id = any(@ids) and s.organization_id = @organization order by o.app_id, o.site_id
        """;

    const string Groups = """
        select gm.account_id, g.id, g.name, g.description from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id
        where gm.account_id = any(@ids) and g.organization_id = @organization order by g.name_key, g.id
        """;

    public async Task<IReadOnlyDictionary<AccountId, UserDetails>> Handle(ReadUserDetails query, CancellationToken ct)
    {
        if (query.Accounts.Count == 0) return new Dictionary<AccountId, UserDetails>();
        var (roles, apps, groups) = (query.Parts.HasFlag(UserParts.Roles), query.Parts.HasFlag(UserParts.Apps),
            query.Parts.HasFlag(UserParts.Groups));
        (string Text, bool Wanted)[] texts = [(Own, true), (Roles, roles), (Apps, apps), (Groups, groups)];
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(string.Join("; ", texts.Where(t => t.Wanted).Select(t => t.Text)),
            new { ids = query.Accounts.Select(a => a.Value).Distinct().ToArray(), organization = query.Organization.Value });
        var own = (await all.ReadAsync<(Guid Id, bool Verified, string? PublicName, bool Managed, bool TwoStep)>()).AsList();
        var held = roles ? (await all.ReadAsync<(Guid Id, int Role)>()).ToLookup(r => r.Id, r => RoleOf(r.Role)) : null;
        var open = apps
            ? (await all.ReadAsync<(Guid Id, string App, Guid Site, DateTime? Used)>()).ToLookup(r => r.Id,
                r => new UsedApp(r.App, new(r.Site), r.Used))
            : null;
        var members = groups
            ? (await all.ReadAsync<(Guid Id, Guid Group, string Name, string? Description)>()).ToLookup(r => r.Id,
                r => new DescribedGroup(new(r.Group), r.Name, r.Description))
            : null;
        return own.ToDictionary(o => new AccountId(o.Id), o => new UserDetails(o.Verified, o.Managed ? o.TwoStep : null, o.PublicName,
            held is null ? [] : [.. held[o.Id].Order()], open is null ? [] : [.. open[o.Id]],
            members is null ? [] : [.. members[o.Id]]));
    }

    static UserRole RoleOf(int place) => place switch
    {
        1 => UserRole.OrganizationAdmin,
        2 => UserRole.SiteAdmin,
        _ => UserRole.AccessAdmin,
    };
}
