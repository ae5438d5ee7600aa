using Dapper;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Groups;

sealed class GroupReading(NpgsqlDataSource database)
    : IRequestHandler<ReadGroup, Outcome<GroupView>>, IRequestHandler<ListGroups, GroupPage>
{
    public async Task<Outcome<GroupView>> Handle(ReadGroup query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var values = new { group = query.Group.Value, organization = query.Organization.Value };
        var rows = (
            await connection.QueryAsync<(string Name, string? Description, DateTime CreatedAt, string? Provider)>(
                "select name, description, created_at, provider from sites.grp where id = @group and organization_id = @organization",
                values)).AsList();
        if (rows is not [var row]) return new NotFound("group");
        var access = await connection.QueryAsync<(Guid Site, string SiteName, string App, string AppName, short Role)>("""
            select s.id, s.name, p.id, p.name, x.role from sites.group_app_grant x join sites.site s on s.id = x.site_id
              join sites.app p on p.id = x.app_id
            where x.group_id = @group order by s.name_key, s.id, p.name
            """, values);
        return new GroupView(query.Group, row.Name, row.Description, row.CreatedAt,
            [.. access.Select(a => new GroupAccess(new(a.Site), a.SiteName, a.App, a.AppName, (AppRole)a.Role))], row.Provider);
    }

    public async Task<GroupPage> Handle(ListGroups query, CancellationToken ct)
    {
        var size = Math.Clamp(query.Size, 1, 1_000);
        var search = SearchKey.Typed(query.Search) is { } typed ? SearchKey.Pattern(typed) : null;
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (
            await connection.QueryAsync<(Guid Id, string Name, string Key, string? Description, long Members, long Apps,
                string? Provider)>($"""
            select g.id, g.name, g.name_key, g.description, (select count(*) from (select from sites.group_member where group_id = g.id
              limit {ListGroups.MostCounted + 1}) m),
              (select count(*) from sites.group_app_grant where group_id = g.id), g.provider
            from (select * from sites.grp where organization_id = @organization and (@search::text is null or name_key like @search)
              and (@after::text is null or name_key > @after)
              order by name_key limit @take) g order by g.name_key
            """, new { organization = query.Organization.Value, search, after = query.After, take = size + 1 })).AsList();
        return new([.. rows.Take(size).Select(r => new GroupRow(new(r.Id), r.Name, r.Description, r.Members, r.Apps, r.Provider))],
            rows.Count > size ? rows[size - 1].Key : null);
    }
}
