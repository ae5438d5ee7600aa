using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ReadUserHandler(NpgsqlDataSource database) : IRequestHandler<ReadUser, Outcome<UserProfile>>
{
    const int MaxHistory = 50;

    static readonly string[] AboutUser = [SiteActions.UserAdded, SiteActions.InvitationAccepted, SiteActions.UserSuspended,
        SiteActions.UserRestored, SiteActions.UserRemoved, SiteActions.AppRoleGiven, SiteActions.AppRoleTaken, SiteActions.AddedToGroup,
        SiteActions.RemovedFromGroup];

    /// <summary>The last is what was done about the person on the sites that are asked for. What else the organization did with the account
    /// stands in the managed account's history.</summary>
    const string Text = $"""
        {UserSitesSql.Text};
        select name, email, state, coalesce(managed_by = @organization, false) from accounts.v_account where id = @account;
        select picture, job_title, department, location, time_zone from accounts.v_profile where account_id = @account;
        select g.id, g.name from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id
          where @site::uuid is null and gm.account_id = @account and g.organization_id = @organization order by g.name_key limit 500;
        select e.at, e.action, w.name, e.means from kernel.v_audit_entry e left join accounts.v_account w on w.id = e.actor_id
        where e.subject_id = @account and e.organization_id = @organization
          and e.action = any(@AboutUser)
          and (@site::uuid is null or e.before->>'site' = @site::text or e.after->>'site' = @site::text) order by e.at desc, e.id desc
            limit @MaxHistory
        """;

    public async Task<Outcome<UserProfile>> Handle(ReadUser query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(Text, new
        {
            account = query.Account.Value,
            organization = query.Scope.Organization.Value,
            site = query.Scope.Site?.Value,
            MaxHistory,
            AboutUser,
        });
        var sites = await UserSitesSql.Read(all);
        if (sites.Count == 0) return new NotFound("user");
        var (name, email, state, managed) = await all.ReadSingleAsync<(string, string?, short, bool)>();
        var (picture, job, department, location,
            zone) = await all.ReadSingleOrDefaultAsync<(Guid?, string?, string?, string?, string?)>();
        var groups = await all.ReadAsync<(Guid Id, string Name)>();
        var history = await all.ReadAsync<(DateTime At, string Action, string? Actor, string Means)>();
        return new UserProfile(query.Account, name, email ?? "", (AccountState)state, managed, picture, job, department, location, zone,
            sites, [.. groups.Select(g => new UserGroup(new(g.Id), g.Name))],
            [.. history.Select(r => new HistoryLine(r.At, r.Action, r.Actor, r.Means, null, []))]);
    }
}

/// <summary>Sites and apps of a person, for <c>@account</c> and <c>@organization</c>, and a <c>@site</c> or null, in a text with
/// others.</summary>
static class UserSitesSql
{
    public const string Text = """
        select s.id, s.name, m.status, m.added_at, w.name, m.last_active_at from sites.v_member m
          join sites.v_site s on s.id = m.site_id left join accounts.v_account w on w.id = m.added_by
        where m.account_id = @account and s.organization_id = @organization and (@site::uuid is null or s.id = @site)
          order by s.name_key, s.id;
        select s.id, p.id, p.name, o.own, o.grouped, o.names from sites.v_site s join sites.v_site_app a on a.site_id = s.id
          join sites.v_app p on p.id = a.app_id cross join lateral (
            select max(x.role) filter (where x.group_id is null) as own, max(x.role) filter (where x.group_id is not null) as grouped,
              array_agg(n.name order by n.name_key) filter (where x.group_id is not null) as names
            from sites.open_apps(@account, s.id) x left join sites.v_group n on n.id = x.group_id where x.app_id = a.app_id) o
        where s.organization_id = @organization and (@site::uuid is null or s.id = @site) order by p.name, p.id
        """;

    public static async Task<IReadOnlyList<UserSite>> Read(SqlMapper.GridReader all)
    {
        var sites = (await all.ReadAsync<(Guid Id, string Name, short Status, DateTime Added, string? By, DateTime Active)>()).AsList();
        var apps = (await all.ReadAsync<(Guid Site, string Id, string Name, short? Direct, short? Grouped, string[]? Groups)>())
            .ToLookup(r => r.Site, r => new UserApp(r.Id, r.Name, (AppRole?)r.Direct,
                (AppRole?)(r.Direct is null || r.Grouped > r.Direct ? r.Grouped : r.Direct), r.Groups ?? []));
        return [.. sites.Select(s => new UserSite(new(s.Id), s.Name, (UserStatus)s.Status, s.Added, s.By,
            s.Active == DateTime.MinValue ? null : s.Active, [.. apps[s.Id]]))];
    }
}
