namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>What is asked about one user, or about one who waits to be one.</summary>
sealed class UserReading(NpgsqlDataSource database, TimeProvider clock) :
    IRequestHandler<ReadUser, Outcome<UserProfile>>, IRequestHandler<IsUser, bool>, IRequestHandler<ReadAppAccess, AppAccess>,
    IRequestHandler<ReadWaitingInvitation, Outcome<WaitingInvitation>>
{
    const string Text = $"""
        {UserSitesSql.Here};
        select name, email, state, coalesce(managed_by = @organization, false) from accounts.v_account where id = @account;
        select picture, job_title, department, location, time_zone from accounts.v_profile where account_id = @account;
        {GroupsText}
        """;

    const string GroupsText = """
        select g.id, g.name, g.provider from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id
          where @site::uuid is null and gm.account_id = @account and g.organization_id = @organization order by g.name_key limit 500
        """;

    public async Task<Outcome<UserProfile>> Handle(ReadUser query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(Text, UserSitesSql.Values(query.Scope, query.Account));
        var sites = await UserSitesSql.Read(all);
        if (sites.Count == 0 && !query.ManagedToo) return new NotFound("user");
        var (name, email, state, managed) = await all.ReadSingleOrDefaultAsync<(string, string?, short, bool)>();
        if (sites.Count == 0 && !managed) return new NotFound("user");
        var (picture, job, department, location,
            zone) = await all.ReadSingleOrDefaultAsync<(Guid?, string?, string?, string?, string?)>();
        return new UserProfile(query.Account, name, email ?? "", (AccountState)state, managed, picture, job, department, location, zone,
            sites, await Groups(all));
    }

    static async Task<IReadOnlyList<UserGroup>> Groups(SqlMapper.GridReader all) =>
        [.. (await all.ReadAsync<(Guid Id, string Name, string? Provider)>()).Select(g => new UserGroup(new(g.Id), g.Name, g.Provider))];

    public Task<bool> Handle(IsUser query, CancellationToken ct) => database.Value<bool>(
        "select exists (select from sites.v_listed where scope_id = @scope and id = @account and account_id is not null "
        + "and organization_id = @organization)",
        new { scope = query.Scope.Id, account = query.Account.Value, organization = query.Scope.Organization.Value }, ct);

    const string AccessText = $"""
        {UserSitesSql.Here};
        {UserSitesSql.Elsewhere};
        {GroupsText};
        select g.name from sites.v_group g where @site::uuid is null and g.organization_id = @organization and g.provided_by is null
          and not exists (select from sites.v_group_member gm where gm.group_id = g.id and gm.account_id = @account)
          order by g.name_key limit @MostOffered
        """;

    public async Task<AppAccess> Handle(ReadAppAccess query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(AccessText, UserSitesSql.Values(query.Scope, query.Account));
        return new(
            await UserSitesSql.Read(all), await UserSitesSql.Read(all, elsewhere: true),
            await Groups(all), [.. await all.ReadAsync<string>()]);
    }

    public async Task<Outcome<WaitingInvitation>> Handle(ReadWaitingInvitation query, CancellationToken ct)
    {
        var rows = await database.Rows<(string Email, string Site, string? By, DateTime Invited, DateTime? Sent, DateTime Expires,
            string? Note, string Roles, string[] Groups)>("""
            select i.email, s.name, w.name, i.invited_at, i.sent_at, i.expires_at, i.note,
              (select coalesce(jsonb_object_agg(p.name, r.value), '{}')::text from jsonb_each(i.roles) r
                join sites.v_app p on p.id = r.key),
              array(select g.name from sites.v_group g where g.id = any(i.groups) and g.organization_id = s.organization_id
                and (not @OfSiteAlone or exists (select from sites.v_group_grant x where x.group_id = g.id and x.site_id = s.id))
                order by g.name_key)
            from sites.v_invitation i join sites.v_site s on s.id = i.site_id left join accounts.v_account w on w.id = i.invited_by
            where i.id = @invitation and i.site_id = @site and i.accepted_at is null and i.revoked_at is null
            """, new { invitation = query.Invitation.Value, site = query.Site.Value, query.OfSiteAlone }, ct);
        return rows is [var r]
            ? new WaitingInvitation(r.Email, r.Site, r.By, r.Invited, r.Sent, r.Expires, r.Expires <= clock.GetUtcNow().UtcDateTime, r.Note,
                KernelJson.Read<Dictionary<string, AppRole>>(r.Roles), r.Groups)
            : new NotFound("invitation");
    }
}

/// <summary>Sites and apps of a person, for <c>@account</c> and <c>@organization</c>, and a <c>@site</c> or null, in a text with
/// others.</summary>
static class UserSitesSql
{
    const string Of = """
        from sites.v_member m join sites.v_site s on s.id = m.site_id join sites.v_organization o on o.id = s.organization_id
          left join accounts.v_account w on w.id = m.added_by where m.account_id = @account and
        """;

    const string Sites = $"select s.id, s.name, m.status, m.added_at, w.name, m.last_active_at, o.name {Of}";

    const string Apps = """
        select s.id, p.id, p.name, o.own, o.grouped, o.names, u.last_used_at from sites.v_site s
          join sites.v_site_app a on a.site_id = s.id join sites.v_app p on p.id = a.app_id
          left join sites.v_app_use u on u.site_id = s.id and u.account_id = @account and u.app_id = a.app_id cross join lateral (
            select max(x.role) filter (where x.group_id is null) as own, max(x.role) filter (where x.group_id is not null) as grouped,
              array_agg(n.name order by n.name_key) filter (where x.group_id is not null) as names
            from sites.open_apps(@account, s.id) x left join sites.v_group n on n.id = x.group_id where x.app_id = a.app_id) o where
        """;

    const string IsHere = "s.organization_id = @organization and (@site::uuid is null or s.id = @site)";

    /// <summary>Of a managed account alone, and for whoever administers all of the organization.</summary>
    const string IsElsewhere = """
        s.organization_id <> @organization and @site::uuid is null and exists (
          select from accounts.v_account n where n.id = @account and n.managed_by = @organization)
          and exists (select from sites.v_member v where v.site_id = s.id and v.account_id = @account)
        """;

    public const string Here = $"{Sites} {IsHere} order by s.name_key, s.id; {Apps} {IsHere} order by p.name, p.id";
    public const string Elsewhere = $"{Sites} {IsElsewhere} order by s.name_key, s.id; {Apps} {IsElsewhere} order by p.name, p.id";

    public static object Values(UserScope scope, AccountId account) => new
    {
        account = account.Value,
        organization = scope.Organization.Value,
        site = scope.Site?.Value,
        AppAccess.MostOffered,
    };

    /// <param name="elsewhere">Of other organizations: who added the person, and what their groups are called, is theirs.</param>
    public static async Task<IReadOnlyList<UserSite>> Read(SqlMapper.GridReader all, bool elsewhere = false)
    {
        var sites = (await all.ReadAsync<(Guid Id, string Name, short Status, DateTime Added, string? By, DateTime Active,
            string Organization)>()).AsList();
        var apps = (await all.ReadAsync<(Guid Site, string Id, string Name, short? Direct, short? Grouped, string[]? Groups,
            DateTime? Used)>())
            .ToLookup(r => r.Site, r => new UserApp(r.Id, r.Name, (AppRole?)r.Direct,
                (AppRole?)(r.Direct is null || r.Grouped > r.Direct ? r.Grouped : r.Direct), elsewhere ? [] : r.Groups ?? [], r.Used));
        return [.. sites.Select(s => new UserSite(new(s.Id), s.Name, (UserStatus)s.Status, s.Added, elsewhere ? null : s.By,
            s.Active == DateTime.MinValue ? null : s.Active, [.. apps[s.Id]]) { Organization = elsewhere ? s.Organization : null })];
    }
}
