namespace DirectoryPlatform.Sites.Internal.Access;

sealed class GiveRoleHandler(UnitOfWork work) : IRequestHandler<GiveRole, Outcome<Done>>, IRequestHandler<GiveRoles, Outcome<Done>>,
    IRequestHandler<GiveRolesOnSites, Outcome<Done>>
{
    public Task<Outcome<Done>> Handle(GiveRole command, CancellationToken ct) => Handle(
        new GiveRoles(command.Site, command.Account, new Dictionary<string, AppRole?> { [command.App] = command.Role }, command.OnlyApps,
            command.Origin), ct);

    public Task<Outcome<Done>> Handle(GiveRoles command, CancellationToken ct) => Give(null, [command], command.Origin, ct);

    public Task<Outcome<Done>> Handle(GiveRolesOnSites command, CancellationToken ct) =>
        Give(command.Organization, command.Sites, command.Origin, ct);

    /// <param name="of">Whose the sites must be; null for anybody's.</param>
    Task<Outcome<Done>> Give(OrganizationId? of, IEnumerable<GiveRoles> sites, Origin origin, CancellationToken ct) =>
        work.Run<Done>(origin, async change =>
        {
            var changed = false;
            foreach (var roles in sites.OrderBy(s => s.Site.Value))
            {
                if (await change.OrganizationOf(roles.Site) is not { } organization || (of is not null && organization != of))
                    return Gone(roles, "site");
                if (await change.Value<short?>(
                    "select status from sites.site_member where site_id = @site and account_id = @account for update",
                    new { site = roles.Site.Value, account = roles.Account.Value }) is null) return Gone(roles, "user");
                foreach (var (app, role) in roles.Roles.OrderBy(r => r.Key, StringComparer.Ordinal))
                {
                    var given = await Give(change, roles, organization, app, role);
                    if (!given.Granted) return given.Refusal;
                    changed |= given.Value;
                }
            }
            return changed ? Done.It : change.Unchanged();
        }, ct);

    /// <summary>A form that showed it is out of date: whoever sent it sees it anew, and is not told that there is no such page.</summary>
    static Refusal Gone(GiveRoles command, string what) => command.Seen is null ? new NotFound(what) : new ChangedMeanwhile();

    /// <returns>Whether it changed anything.</returns>
    static async Task<Outcome<bool>> Give(Change change, GiveRoles command, OrganizationId organization, string app, AppRole? role)
    {
        var values = new { site = command.Site.Value, account = command.Account.Value, app, role = (short?)role };
        if (await change.Value<string>("select app_id from sites.site_app where site_id = @site and app_id = @app for key share",
            values) is null) return Gone(command, "app");
        if (command.OnlyApps is { } only && !only.Contains(app)) return new NotYourApp();
        if (role is { } given && !Enum.IsDefined(given)) return new InvalidValue("role", "Choose a role.");
        var was = (AppRole?)await change
            .Value<short?>("select role from sites.app_grant where site_id = @site and account_id = @account and app_id = @app", values);
        if (was == role) return false;
        if (command.Seen is { } seen && seen.TryGetValue(app, out var shown) && shown != was) return new ChangedMeanwhile();
        await change.Write(role is null
            ? "delete from sites.app_grant where site_id = @site and account_id = @account and app_id = @app"
            : "insert into sites.app_grant (site_id, account_id, app_id, role) values (@site, @account, @app, @role) on conflict (site_id, "
            + "account_id, app_id) do update set role = excluded.role", values);
        change.WriteAudit(organization, command.Account.Value, role is null ? SiteActions.AppRoleTaken : SiteActions.AppRoleGiven,
            new { site = command.Site, app, role = was }, new { site = command.Site, app, role });
        return true;
    }
}
