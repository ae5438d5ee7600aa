using System.Text.RegularExpressions;
using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Internal.Storage;

sealed partial class OrganizationStore(NpgsqlDataSource database, UnitOfWork work)
    : IRequestHandler<ReadOrganizations, IReadOnlyList<OrganizationView>>, IRequestHandler<FindOrganization, OrganizationView?>,
    IRequestHandler<IsThereAnyOrganization, bool>,
      IRequestHandler<CreateOrganization, Outcome<OrganizationView>>
{
    public Task<IReadOnlyList<OrganizationView>> Handle(ReadOrganizations query, CancellationToken ct) =>
        Read("id = any(@ids)", new { ids = query.Ids.Select(o => o.Value).ToArray() });

    public async Task<OrganizationView?> Handle(FindOrganization query, CancellationToken ct) =>
        (await Read("slug = @Slug", query)).SingleOrDefault();

    public async Task<bool> Handle(IsThereAnyOrganization query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>("select exists (select from sites.organization)");
    }

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

    async Task<IReadOnlyList<OrganizationView>> Read(string where, object values)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. (
            await connection.QueryAsync<(Guid Id, string Slug, string Name, short Experience)>(
                $"select id, slug, name, experience from sites.organization where {where} order by name", values))
            .Select(r => new OrganizationView(new(r.Id), r.Slug, r.Name) { Experience = (Experience)r.Experience })];
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInSlug();
}
