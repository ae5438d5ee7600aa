namespace DirectoryPlatform.Sites.Internal.Groups;

/// <summary>Which groups a site's own admins give, and whether they may at all (SPEC U13).</summary>
sealed class SiteGroupReading(NpgsqlDataSource database, UnitOfWork work, IEnumerable<IUseGroups> uses)
    : IRequestHandler<ReadSiteGroups, SiteGroups?>, IRequestHandler<AllowSiteGroups, Outcome<Done>>
{
    const string Allowed = """
        select exists (select from sites.organization o join sites.site s on s.organization_id = o.id
          where o.id = @organization and s.id = @site and o.site_admins_give_groups)
        """;

    /// <summary>Over a group under the alias g. One that opens nothing yet may open anything tomorrow.</summary>
    const string OfSite = """
        g.organization_id = @organization and g.provided_by is null
          and exists (select from sites.group_app_grant x where x.group_id = g.id and x.site_id = @site)
          and not exists (select from sites.group_app_grant x where x.group_id = g.id and x.site_id <> @site)
        """;

    /// <summary>The group's row is locked already, and with it what it opens; so is now what the organization allows.</summary>
    public static async Task<bool> Gives(Change change, OrganizationId organization, SiteId site, GroupId group)
    {
        var values = new { organization = organization.Value, site = site.Value, group = group.Value };
        return await change.Value<bool>("select site_admins_give_groups from sites.organization where id = @organization for share", values)
            && await change.Value<bool>(Allowed, values)
            && await change.Value<bool>($"select exists (select from sites.grp g where g.id = @group and {OfSite})", values);
    }

    public async Task<SiteGroups?> Handle(ReadSiteGroups query, CancellationToken ct)
    {
        var values = new
        {
            organization = query.Organization.Value,
            site = query.Site.Value,
            account = query.Account.Value,
            ReadSiteGroups.Most,
        };
        if (!await database.Value<bool>(Allowed, values, ct)) return null;
        var used = new HashSet<GroupId>();
        foreach (var room in uses) used.UnionWith(await room.Used(query.Organization, ct));
        var found = (await database.Rows<(Guid Id, string Name, bool In)>($"""
            select g.id, g.name, m.account_id is not null from sites.grp g
              left join sites.group_member m on m.group_id = g.id and m.account_id = @account
            where {OfSite} order by m.account_id is null, g.name_key limit @Most
            """, values, ct)).Where(g => !used.Contains(new(g.Id))).ToLookup(g => g.In, g => new SiteGroup(new(g.Id), g.Name));
        return new([.. found[true]], [.. found[false]]);
    }

    public Task<Outcome<Done>> Handle(AllowSiteGroups command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        var values = new { organization = command.Organization.Value, allowed = command.Allowed };
        if (await change.Value<bool?>("select site_admins_give_groups from sites.organization where id = @organization for no key update",
            values) is not { } was) return new NotFound("organization");
        if (was == command.Allowed) return change.Unchanged();
        await change.Write("update sites.organization set site_admins_give_groups = @allowed where id = @organization", values);
        change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.SiteGroupsAllowed, new { allowed = was },
            new { allowed = command.Allowed });
        return Done.It;
    }, ct);
}
