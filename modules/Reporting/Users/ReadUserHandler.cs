using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Users;

sealed class ReadUserHandler(NpgsqlDataSource database) : IRequestHandler<ReadUser, Outcome<UserProfile>>
{
    const int MaxHistory = 50;

    static readonly string[] AboutUser = [SiteActions.UserAdded, SiteActions.InvitationAccepted, SiteActions.UserSuspended,
        SiteActions.UserRestored, SiteActions.UserRemoved, SiteActions.AppRoleGiven, SiteActions.AppRoleTaken, SiteActions.AddedToGroup,
        SiteActions.RemovedFromGroup];

    public async Task<Outcome<UserProfile>> Handle(ReadUser query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var values = new
        {
            account = query.Account.Value,
            organization = query.Scope.Organization.Value,
            site = query.Scope.Site?.Value,
            MaxHistory,
            AboutUser
        };
        var sites = (await connection.QueryAsync<(Guid Id, string Name, short Status, DateTime Added, string? By, DateTime Active)>("""
            select s.id, s.name, m.status, m.added_at, w.name, m.last_active_at from sites.v_member m
              join sites.v_site s on s.id = m.site_id left join accounts.v_account w on w.id = m.added_by
            where m.account_id = @account and s.organization_id = @organization and (@site::uuid is null or s.id = @site)
              order by s.name_key, s.id
            """, values)).AsList();
        if (sites.Count == 0) return new NotFound("user");
        var (name, email, state, managed) = await connection.QuerySingleAsync<(string, string?, short, bool)>(
            "select name, email, state, coalesce(managed_by = @organization, false) from accounts.v_account where id = @account", values);
        var (picture, job, department, location,
            zone) = await connection.QuerySingleOrDefaultAsync<(Guid?, string?, string?, string?, string?)>(
            "select picture, job_title, department, location, time_zone from accounts.v_profile where account_id = @account", values);
        var apps = await Apps(connection, values);
        var groups = query.Scope.Site is not null ? [] : (await connection.QueryAsync<(Guid Id, string Name)>("""
            select g.id, g.name from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id where gm.account_id = @account
              and g.organization_id = @organization order by g.name_key limit 500
            """, values)).AsList();
        return new UserProfile(
            query.Account, name, email ?? "", (AccountState)state, managed, picture, job, department, location, zone,
            [.. sites.Select(s => new UserSite(new(s.Id), s.Name, (UserStatus)s.Status, s.Added, s.By, s.Active == DateTime.MinValue
                ? null
                : s.Active, [.. apps[s.Id]]))],
            [.. groups.Select(g => new UserGroup(new(g.Id), g.Name))], await History(connection, values));
    }

    static async Task<ILookup<Guid, UserApp>> Apps(NpgsqlConnection connection, object values) =>
        (await connection.QueryAsync<(Guid Site, string Id, string Name, short? Direct, short? Grouped, string[]? Groups)>("""
            select s.id, p.id, p.name, d.role, g.role, g.names from sites.v_site s join sites.v_site_app a on a.site_id = s.id
              join sites.v_app p on p.id = a.app_id
              left join sites.v_grant d on d.site_id = s.id and d.app_id = a.app_id and d.account_id = @account
              cross join lateral (select max(x.role) as role, array_agg(n.name order by n.name_key) as names from sites.v_group_member gm
                join sites.v_group_grant x on x.group_id = gm.group_id
                join sites.v_group n on n.id = gm.group_id where gm.account_id = @account and x.site_id = s.id and x.app_id = a.app_id) g
            where s.organization_id = @organization and (@site::uuid is null or s.id = @site) order by p.name, p.id
            """, values))
                .ToLookup(r => r.Site,
                    r => new UserApp(r.Id, r.Name, (AppRole?)r.Direct,
                        (AppRole?)(r.Direct is null || r.Grouped > r.Direct ? r.Grouped : r.Direct), r.Groups ?? []));

    /// <summary>What was done about the person on the sites that are asked for. What else the organization did with the account stands in
    /// the managed account's history.</summary>
    static async Task<IReadOnlyList<HistoryLine>> History(NpgsqlConnection connection, object values) =>
        [.. (await connection.QueryAsync<(DateTime At, string Action, string? Actor, string Means)>("""
            select e.at, e.action, w.name, e.means from kernel.audit_entry e left join accounts.v_account w on w.id = e.actor_id
            where e.subject_id = @account and e.organization_id = @organization
              and e.action = any(@AboutUser)
              and (@site::uuid is null or e.before->>'site' = @site::text or e.after->>'site' = @site::text) order by e.at desc, e.id desc
                limit @MaxHistory
            """, values)).Select(r => new HistoryLine(r.At, r.Action, r.Actor, r.Means, null, []))];
}
