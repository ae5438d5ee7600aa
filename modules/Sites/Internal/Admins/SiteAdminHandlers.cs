namespace DirectoryPlatform.Sites.Internal.Admins;

sealed class SiteAdminHandlers(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, ProductUrl address)
    : IRequestHandler<ReadSiteRoles, SiteRoles?>, IRequestHandler<ReadSitesAdministered, IReadOnlyList<SiteView>>,
    IRequestHandler<AppointSiteAdmin, Outcome<AccountView>>, IRequestHandler<DismissSiteAdmin, Outcome<Done>>
{
    public async Task<SiteRoles?> Handle(ReadSiteRoles query, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Organization, string[] Apps)>("""
            select s.organization_id, coalesce((select array_agg(app_id order by app_id) from sites.site_admin where site_id = s.id
              and account_id = @account), array[]::text[]) from sites.site s where s.id = @site
            """, new { site = query.Site.Value, account = query.Account.Value }, ct);
        return rows is [var (organization, apps)] ? new(new(organization), apps.Contains(""), [.. apps.Where(a => a.Length > 0)]) : null;
    }

    public async Task<IReadOnlyList<SiteView>> Handle(ReadSitesAdministered query, CancellationToken ct) =>
        [.. (await database.Rows<(Guid Id, Guid Organization, string Name, string Url)>("""
            select id, organization_id, name, url from sites.site where id in (select site_id from sites.site_admin
              where account_id = @account) order by name_key, id
            """, new { account = query.Account.Value }, ct)).Select(s => new SiteView(new(s.Id), new(s.Organization), s.Name, s.Url, []))];

    public async Task<Outcome<AccountView>> Handle(AppointSiteAdmin command, CancellationToken ct)
    {
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        var account = await mediator.Send(new FindAccount(email.Value), ct);
        return await work.Run<AccountView>(command.Origin, async change =>
        {
            if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
            var values = new
            {
                site = command.Site.Value,
                app = command.App ?? "",
                account = account?.Id.Value,
                now = change.Now.UtcDateTime,
                by = command.Origin.Actor
            };
            if (command.App is not null
                && !await change.Value<bool>("select exists (select from sites.site_app where site_id = @site and app_id = @app)", values))
                return new NotFound("app");
            if (account is not { State: AccountState.Active }) return new NoActiveAccount();
            if (await change.Write(
                "insert into sites.site_admin (account_id, site_id, app_id, appointed_at, appointed_by) values (@account, @site, @app, "
                + "@now, @by) on conflict do nothing", values) == 0)
                return new SiteAdminAlready();
            change.WriteAudit(organization, account.Id.Value,
                command.App is null ? SiteActions.SiteAdminAppointed : SiteActions.AccessAdminAppointed,
                after: new { site = command.Site, app = command.App });
            change.QueueMail(new(account.Email,
                new SiteAdminAppointedLetter(account.Name, (await Name(change, "site", command.Site.Value))!, command.App is null
                    ? null
                    : await Name(change, "app", command.App), address.Link($"/s/{command.Site}/users")), organization.Value));
            return account;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(DismissSiteAdmin command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
        if (await change.Write("delete from sites.site_admin where site_id = @site and app_id = @app and account_id = @account",
            new { site = command.Site.Value, app = command.App ?? "", account = command.Account.Value }) == 0) return new NoSuchSiteAdmin();
        change.WriteAudit(organization, command.Account.Value,
            command.App is null ? SiteActions.SiteAdminDismissed : SiteActions.AccessAdminDismissed,
            before: new { site = command.Site, app = command.App });
        return Done.It;
    }, ct);

    static Task<string?> Name(Change change, string table, object id) =>
        change.Value<string>($"select name from sites.{table} where id = @id", new { id });
}
