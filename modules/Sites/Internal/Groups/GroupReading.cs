using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Internal.Groups;

sealed class GroupReading(NpgsqlDataSource database)
    : IRequestHandler<ReadGroup, Outcome<GroupView>>, IRequestHandler<ListGroups, Outcome<ListPage<GroupRow>>>
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

    static readonly KeysetList<GroupRow> List = new()
    {
        Name = "groups",
        Alias = "g",
        Columns = $"""
            g.id, g.name, g.description, (select count(*) from (select from sites.group_member where group_id = g.id
              limit {ListGroups.MostCounted + 1}) m), (select count(*) from sites.group_app_grant where group_id = g.id), g.provider
            """,
        Row = r => new(new(r.GetGuid(0)), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetInt64(3), r.GetInt64(4),
            r.IsDBNull(5) ? null : r.GetString(5)),
        Orders = [new(ListSort.Name, KeysetColumn.Text("g.name_key"))],
    };

    static readonly IReadOnlyList<ListFilter<ListGroups>> Filters =
    [
        new("organization", (asked, value) => $"g.organization_id = {value(asked.Organization.Value)}"),
        new("q", (asked, value) => SearchKey.Typed(asked.Search) is { } typed
            ? $"g.name_key like {value(SearchKey.Pattern(typed))}"
            : null),
    ];

    public Task<Outcome<ListPage<GroupRow>>> Handle(ListGroups query, CancellationToken ct) =>
        List.Page(database, new(ListSort.Name, Descending: false, query.Cursor, query.Size),
            values => Task.FromResult(new ListRows("sites.grp g", Filters.Where(query, values))), ct);
}
