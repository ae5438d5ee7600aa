using System.Text.RegularExpressions;

namespace DirectoryPlatform.Sites.Internal.Organizations;

sealed partial class OrganizationHandlers(NpgsqlDataSource database, UnitOfWork work)
    : IRequestHandler<ReadOrganizations, IReadOnlyList<OrganizationView>>, IRequestHandler<FindOrganization, OrganizationView?>,
    IRequestHandler<IsThereAnyOrganization, bool>, IRequestHandler<CreateOrganization, Outcome<OrganizationView>>,
    IRequestHandler<RenameOrganization, Outcome<Done>>, IRequestHandler<ChooseExperience, Outcome<Done>>
{
    public Task<IReadOnlyList<OrganizationView>> Handle(ReadOrganizations query, CancellationToken ct) =>
        Read("id = any(@ids)", new { ids = query.Ids.Select(o => o.Value).ToArray() });

    public async Task<OrganizationView?> Handle(FindOrganization query, CancellationToken ct) =>
        (await Read("slug = @Slug", query)).SingleOrDefault();

    public async Task<bool> Handle(IsThereAnyOrganization query, CancellationToken ct) =>
        await database.Value<bool>("select exists (select from sites.organization)", ct: ct);

    public async Task<Outcome<OrganizationView>> Handle(CreateOrganization command, CancellationToken ct)
    {
        var read = PlainText.ReadName(command.Name, "organizationName");
        if (!read.Granted) return read.Refusal;
        var name = read.Value;
        var slug = command.Slug ?? NotInSlug().Replace(SearchKey.Typed(name) ?? "", "-").Trim('-');
        if (slug.Length > 40) slug = slug[..40].Trim('-');
        if (slug.Length == 0) slug = "org";
        return await work.Run<OrganizationView>(command.Origin, async change =>
        {
            var created = await change.Write("""
                insert into sites.organization (id, slug, name, created_at) values (@id, @slug, @name, @now) on conflict do nothing
                """, new { id = command.Id.Value, slug, name, now = change.Now.UtcDateTime });
            if (created == 0) return new SlugTaken();
            change.WriteAudit(command.Id, command.Id.Value, SiteActions.OrganizationCreated);
            return new OrganizationView(command.Id, slug, name);
        }, ct);
    }

    async Task<IReadOnlyList<OrganizationView>> Read(string where, object values) =>
        [.. (
            await database.Rows<(Guid Id, string Slug, string Name, short Experience, bool GiveGroups)>(
                $"select id, slug, name, experience, site_admins_give_groups from sites.organization where {where} order by name", values))
            .Select(r => new OrganizationView(new(r.Id), r.Slug, r.Name)
            {
                Experience = (Experience)r.Experience,
                SiteAdminsGiveGroups = r.GiveGroups,
            })];

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInSlug();

    public async Task<Outcome<Done>> Handle(RenameOrganization command, CancellationToken ct)
    {
        var name = PlainText.ReadName(command.Name, "name");
        if (!name.Granted) return name.Refusal;
        return await work.Run<Done>(command.Origin, async change =>
        {
            var values = new { organization = command.Organization.Value, name = name.Value };
            if (await change.Value<string>("select name from sites.organization where id = @organization for no key update", values) is not
                {
                } was) return new NotFound("organization");
            if (was == name.Value) return change.Unchanged();
            await change.Write("update sites.organization set name = @name where id = @organization", values);
            change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.OrganizationRenamed, new { name = was },
                new { name = name.Value });
            return Done.It;
        }, ct);
    }

    public Task<Outcome<Done>> Handle(ChooseExperience command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (!Enum.IsDefined(command.Experience)) return new InvalidValue("experience", "Choose one of the two options.");
        var values = new { organization = command.Organization.Value, chosen = (short)command.Experience };
        if (await change.Value<short?>("select experience from sites.organization where id = @organization for no key update",
            values) is not { } was) return new NotFound("organization");
        if ((Experience)was == command.Experience) return change.Unchanged();
        await change.Write("update sites.organization set experience = @chosen where id = @organization", values);
        change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.ExperienceChosen,
            new { experience = (Experience)was }, new { experience = command.Experience });
        return Done.It;
    }, ct);
}
