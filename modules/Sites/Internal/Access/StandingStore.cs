namespace DirectoryPlatform.Sites.Internal.Access;

/// <summary>Reads a standing in one round trip.</summary>
sealed class StandingStore(NpgsqlDataSource database)
{
    /// <param name="site">Its id, or the host of its address.</param>
    /// <param name="state">Of the account, which another room knows.</param>
    /// <returns>Null for an unknown site.</returns>
    public async Task<(SiteId Site, Standing Standing)?> Of(string site, string app, AccountId account, AccountState? state,
        CancellationToken ct)
    {
        var byId = Guid.TryParse(site, out var id);
        var rows = await database.Rows<(Guid Id, Guid Organization, bool AppOnSite, short? Status, DateTime? LastUsedAt, short? Direct,
            Guid[]? Ids, string[]? Names, short[]? Roles)>($"""
            select s.id, s.organization_id as organization, exists (select from sites.site_app a where a.site_id = s.id
              and a.app_id = @app) as appOnSite,
              m.status, u.last_used_at as lastUsedAt, (select role from sites.app_grant g where g.site_id = s.id
                and g.account_id = @account and g.app_id = @app) as direct,
              g.ids, g.names, g.roles
            from sites.site s left join sites.site_member m on m.site_id = s.id and m.account_id = @account
              left join sites.app_use u on u.site_id = s.id and u.account_id = @account and u.app_id = @app cross join lateral (
              select array_agg(g.id order by g.name_key) as ids, array_agg(g.name order by g.name_key) as names, array_agg(r.role
                order by g.name_key) as roles
              from sites.group_role r join sites.grp g on g.id = r.group_id
              where r.account_id = @account and r.site_id = s.id and r.app_id = @app and g.organization_id = s.organization_id) g
            where {(byId ? "s.id = @id" : "s.url = any(@urls)")}
            """, new { id, urls = byId ? [] : (string[])[$"https://{site}", $"http://{site}"], app, account = account.Value }, ct);
        if (rows is not [var row]) return null;
        return (new(row.Id), new(new(row.Organization), state, row.AppOnSite, (UserStatus?)row.Status, (AppRole?)row.Direct,
            row.Ids is null ? [] : [.. row.Ids.Select((g, i) => new GroupRole(new(g), row.Names![i], (AppRole)row.Roles![i]))],
            row.LastUsedAt));
    }
}

sealed class ReadStandingHandler(StandingStore standings, NpgsqlDataSource database, IMediator mediator)
    : IRequestHandler<ReadStanding, Outcome<Standing>>, IRequestHandler<ReadOwnSites, IReadOnlyList<OwnSite>>
{
    public async Task<Outcome<Standing>> Handle(ReadStanding query, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(query.Account), ct);
        return await standings.Of(query.Site.ToString(), query.App, query.Account, account.Granted ? account.Value.State : null, ct)
            is var (_, standing) ? standing : new NotFound("site");
    }

    public async Task<IReadOnlyList<OwnSite>> Handle(ReadOwnSites query, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Id, Guid Organization, string OrganizationName, string Name, string Url, short Status,
            string[] Open)>("""
            select s.id, s.organization_id, o.name, s.name, s.url, m.status, array(
              select p.name from sites.app p where p.id in (select o.app_id from sites.open_apps(m.account_id, s.id) o) order by p.name)
            from sites.site_member m join sites.site s on s.id = m.site_id join sites.organization o on o.id = s.organization_id
            where m.account_id = @account order by s.name_key, s.id
            """, new { account = query.Account.Value }, ct);
        return [.. rows.Select(r =>
            new OwnSite(r.OrganizationName, new(new(r.Id), new(r.Organization), r.Name, r.Url, []), (UserStatus)r.Status, r.Open))];
    }
}
