using System.Text.RegularExpressions;

namespace DirectoryPlatform.Sites.Internal.Places;

sealed partial class SiteReading(NpgsqlDataSource database)
    : IRequestHandler<ReadSites, IReadOnlyList<SiteView>>, IRequestHandler<ReadSite, Outcome<SiteView>>,
    IRequestHandler<ReadApps, IReadOnlyList<AppView>>, IRequestHandler<OfferApps, bool>,
      IRequestHandler<WeighSite, Outcome<SiteWeight>>
{
    public Task<IReadOnlyList<SiteView>> Handle(ReadSites query, CancellationToken ct) =>
        Read("s.organization_id = @organization", new { organization = query.Organization.Value }, ct);

    public async Task<Outcome<SiteView>> Handle(ReadSite query, CancellationToken ct) =>
        (await Read("s.id = @site", new { site = query.Site.Value }, ct)) is [var site] ? site : new NotFound("site");

    public async Task<IReadOnlyList<AppView>> Handle(ReadApps query, CancellationToken ct) =>
        [.. (await database.Rows<(string Id, string Name)>("select id, name from sites.app order by name, id", ct: ct))
            .Select(a => new AppView(a.Id, a.Name))];

    public async Task<bool> Handle(OfferApps command, CancellationToken ct)
    {
        if (command.Apps.FirstOrDefault(a => !ShortName().IsMatch(a.Id) || !PlainText.ReadName(a.Name, "name").Granted) is { } wrong)
            throw new ArgumentException($"\"{wrong.Id}\" is no short name of an app: use up to 31 small letters, digits and dashes.",
                nameof(command));
        return await database.Write(
            "insert into sites.app (id, name) select id, name from unnest(@ids, @names) as a(id, name) on conflict (id) do update set "
            + "name = excluded.name where sites.app.name <> excluded.name",
            new { ids = command.Apps.Select(a => a.Id).ToArray(), names = command.Apps.Select(a => a.Name).ToArray() }, ct) > 0;
    }

    public async Task<Outcome<SiteWeight>> Handle(WeighSite query, CancellationToken ct)
    {
        var rows = await database.Rows<(long, long, long, long, long)>("""
            select (select count(*) from sites.site_member where site_id = s.id),
              (select count(*) from sites.invitation where site_id = s.id and accepted_at is null and revoked_at is null),
              (select count(*) from sites.app_grant where site_id = s.id and (@app::text is null or app_id = @app)),
              (select count(*) from sites.group_app_grant where site_id = s.id and (@app::text is null or app_id = @app)),
              (select count(*) from sites.site_admin where site_id = s.id and (@app::text is null or app_id = @app))
            from sites.site s where s.id = @site and (@app::text is null or exists (select from sites.site_app where site_id = s.id
              and app_id = @app))
            """, new { site = query.Site.Value, app = query.App }, ct);
        return rows is [var (users, invitations, grants, groups, admins)]
            ? new SiteWeight(users, invitations, grants, groups, admins)
            : new NotFound(query.App is null ? "site" : "app");
    }

    async Task<IReadOnlyList<SiteView>> Read(string where, object values, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Id, Guid Organization, string Name, string Url, string[] Ids, string[] Names)>($"""
            select s.id, s.organization_id, s.name, s.url, a.ids, a.names from sites.site s cross join lateral (
              select coalesce(array_agg(p.id order by p.name, p.id), array[]::text[]) as ids, coalesce(array_agg(p.name
                order by p.name, p.id), array[]::text[]) as names
              from sites.site_app x join sites.app p on p.id = x.app_id where x.site_id = s.id) a
            where {where} order by s.name_key, s.id
            """, values, ct);
        return [.. rows.Select(r =>
            new SiteView(new(r.Id), new(r.Organization), r.Name, r.Url, [.. r.Ids.Zip(r.Names, (id, name) => new AppView(id, name))]))];
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,30}$")]
    private static partial Regex ShortName();
}

sealed class SiteChanging(UnitOfWork work)
    : IRequestHandler<CreateSite, Outcome<SiteId>>, IRequestHandler<RenameSite, Outcome<Done>>, IRequestHandler<RemoveSite, Outcome<Done>>,
      IRequestHandler<PutAppOnSite, Outcome<AppView>>, IRequestHandler<TakeAppOffSite, Outcome<AppView>>
{
    public async Task<Outcome<SiteId>> Handle(CreateSite command, CancellationToken ct)
    {
        var (name, url) = (PlainText.ReadName(command.Name, "name"), CreateSite.ReadUrl(command.Url));
        if (!name.Granted) return name.Refusal;
        if (!url.Granted) return url.Refusal;
        // The door knows a site by its host alone: of two that differ in the scheme it would know neither.
        var host = url.Value[(url.Value.IndexOf("://", StringComparison.Ordinal) + 3)..];
        return await work.Run<SiteId>(command.Origin, async change =>
        {
            await change.Lock($"site host:{host}");
            if (await change.Value<bool>("select exists (select from sites.site where url = any(@urls))",
                new { urls = (string[])[$"https://{host}", $"http://{host}"] })) return new UrlTaken();
            var id = Guid.CreateVersion7(change.Now);
            if (await change.Write(
                "insert into sites.site (id, organization_id, name, name_key, url, created_at) select @id, id, @name, @key, @url, @now "
                + "from sites.organization where id = @organization on conflict (url) do nothing",
                new
                {
                    id,
                    organization = command.Organization.Value,
                    name = name.Value,
                    key = SearchKey.Of(name.Value),
                    url = url.Value,
                    now = change.Now.UtcDateTime
                }) == 0) return new UrlTaken();
            change.WriteAudit(command.Organization, id, SiteActions.SiteCreated, after: new { name = name.Value, url = url.Value });
            return new SiteId(id);
        }, ct);
    }

    public async Task<Outcome<Done>> Handle(RenameSite command, CancellationToken ct)
    {
        var name = PlainText.ReadName(command.Name, "name");
        if (!name.Granted) return name.Refusal;
        return await work.Run<Done>(command.Origin, async change =>
        {
            if (await Lock(change, command.Site) is not var (organization, was)) return new NotFound("site");
            if (was == name.Value) return change.Unchanged();
            await change.Write("update sites.site set name = @name, name_key = @key where id = @site",
                new { site = command.Site.Value, name = name.Value, key = SearchKey.Of(name.Value) });
            change.WriteAudit(organization, command.Site.Value, SiteActions.SiteRenamed, new { name = was }, new { name = name.Value });
            return Done.It;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(RemoveSite command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await Lock(change, command.Site) is not var (organization, name)) return new NotFound("site");
        var values = new { site = command.Site.Value, organization = organization.Value };
        // Before the rows go: who has to be listed anew, and which invitations vanish from the organization's list.
        var people = await change.Rows<Guid>("select account_id from sites.site_member where site_id = @site", values);
        var guests = await change.Rows<string>(
            "select email from sites.invitation where site_id = @site and accepted_at is null and revoked_at is null", values);
        await change.Write("delete from sites.listed l using sites.invitation i where i.site_id = @site and l.id = i.id", values);
        await change.Write("delete from sites.site where id = @site", values);
        await change.LeaveGroupsOfNoSite(organization, [.. people]);
        await change.Relist(organization, [.. people]);
        // Whoever is invited to another site, too, is listed by that invitation now.
        await change.RelistInvitations(organization,
            [.. await change.Rows<Guid>(
                "select i.id from sites.invitation i join sites.site s on s.id = i.site_id where i.email = any(@emails) "
                + "and s.organization_id = @organization",
            new { emails = guests.ToArray(), organization = organization.Value })]);
        change.WriteAudit(organization, command.Site.Value, SiteActions.SiteRemoved, new { name, users = people.Count });
        return Done.It;
    }, ct);

    public Task<Outcome<AppView>> Handle(PutAppOnSite command, CancellationToken ct) => work.Run<AppView>(command.Origin, async change =>
    {
        if (await Lock(change, command.Site) is not var (organization, _)) return new NotFound("site");
        if (await change.Value<string>("select name from sites.app where id = @app", new { app = command.App ?? "" }) is not { } name)
            return new InvalidValue("app", "Choose an app from the list.");
        if (await change.Write("insert into sites.site_app (site_id, app_id, added_at) values (@site, @app, @now) on conflict do nothing",
            new { site = command.Site.Value, app = command.App, now = change.Now.UtcDateTime }) == 0)
            return new AppOnSiteAlready();
        change.WriteAudit(organization, command.Site.Value, SiteActions.AppPutOnSite, after: new { app = command.App });
        return new AppView(command.App!, name);
    }, ct);

    public Task<Outcome<AppView>> Handle(TakeAppOffSite command, CancellationToken ct) => work.Run<AppView>(command.Origin, async change =>
    {
        if (await Lock(change, command.Site) is not var (organization, _)) return new NotFound("site");
        var values = new { site = command.Site.Value, app = command.App };
        if (await change.Write("delete from sites.site_app where site_id = @site and app_id = @app", values) == 0)
            return new NotFound("app");
        await change.Write("delete from sites.site_admin where site_id = @site and app_id = @app", values);
        change.WriteAudit(organization, command.Site.Value, SiteActions.AppTakenOffSite, before: new { app = command.App });
        return new AppView(command.App, (await change.Value<string>("select name from sites.app where id = @app", values))!);
    }, ct);

    static async Task<(OrganizationId Organization, string Name)?> Lock(Change change, SiteId site) =>
        await change.Rows<(Guid Organization, string Name)>("select organization_id, name from sites.site where id = @site for update",
            new { site = site.Value }) is [var (organization, name)]
            ? (new OrganizationId(organization), name)
            : null;
}
