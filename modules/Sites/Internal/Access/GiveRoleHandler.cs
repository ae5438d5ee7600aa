namespace DirectoryPlatform.Sites.Internal.Access;

sealed class GiveRoleHandler(UnitOfWork work) : IRequestHandler<GiveRole, Outcome<Done>>
{
    public Task<Outcome<Done>> Handle(GiveRole command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        var values = new { site = command.Site.Value, account = command.Account.Value, app = command.App, role = (short?)command.Role };
        if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
        if (await change.Value<short?>("select status from sites.site_member where site_id = @site and account_id = @account for update",
            values) is null) return new NotFound("user");
        if (await change.Value<string>("select app_id from sites.site_app where site_id = @site and app_id = @app for key share",
            values) is null) return new NotFound("app");
        if (command.OnlyApps is { } only && !only.Contains(command.App)) return new NotYourApp();
        if (command.Role is { } role && !Enum.IsDefined(role)) return new InvalidValue("role", "Choose a role.");
        var was = (AppRole?)await change
            .Value<short?>("select role from sites.app_grant where site_id = @site and account_id = @account and app_id = @app", values);
        if (was == command.Role) return change.Unchanged();
        await change.Write(command.Role is null
            ? "delete from sites.app_grant where site_id = @site and account_id = @account and app_id = @app"
            : "insert into sites.app_grant (site_id, account_id, app_id, role) values (@site, @account, @app, @role) on conflict (site_id, "
            + "account_id, app_id) do update set role = excluded.role", values);
        change.WriteAudit(organization, command.Account.Value, command.Role is null ? SiteActions.AppRoleTaken : SiteActions.AppRoleGiven,
            new { site = command.Site, app = command.App, role = was },
            new { site = command.Site, app = command.App, role = command.Role });
        return Done.It;
    }, ct);
}
