namespace DirectoryPlatform.Sites.Internal.Groups;

/// <summary>Questions about groups.</summary>
sealed class GroupReading(NpgsqlDataSource database)
    : IRequestHandler<ReadGroup, Outcome<GroupView>>, IRequestHandler<ListGroups, Outcome<ListPage<GroupRow>>>,
    IRequestHandler<FindGroup, GroupId?>, IRequestHandler<NameGroups, IReadOnlyDictionary<GroupId, string>>,
    IRequestHandler<ReadGroupsOf, IReadOnlySet<GroupId>>, IRequestHandler<CountGroups, GroupCounts>
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
        new("groups", (asked, value) => asked.By.Groups is { } groups
            ? $"g.id = any({value(groups.Select(i => i.Value).ToArray())})"
            : null),
        new("names", (asked, value) => asked.By.Names is { } names
            ? $"g.name_key = any({value(names.Select(SearchKey.Unique).ToArray())})"
            : null),
        new("members", (asked, value) => asked.By.Members is { } members
            ? "exists (select from sites.group_member m where m.group_id = g.id and m.account_id = "
                + $"any({value(members.Select(i => i.Value).ToArray())}))"
            : null),
        new("opens", (asked, value) => asked.By is { Roles: null, Apps: null, Resources: null } ? null
            : "exists (select from sites.group_app_grant x where x.group_id = g.id"
            + (asked.By.Roles is { } roles ? $" and x.role = any({value(roles.Select(r => (short)r).ToArray())})" : "")
            + (asked.By.Apps is { } apps ? $" and x.app_id = any({value(apps.ToArray())})" : "")
            + (asked.By.Resources is { } resources
                ? $" and (x.app_id, x.site_id) in (select * from unnest({value(resources.Select(r => r.App).ToArray())}, "
                    + $"{value(resources.Select(r => r.Site.Value).ToArray())}))"
                : "") + ")"),
    ];

    public Task<Outcome<ListPage<GroupRow>>> Handle(ListGroups query, CancellationToken ct) =>
        List.Page(database, new(ListSort.Name, query.Descending, query.Cursor, query.Size),
            values => Task.FromResult(new ListRows("sites.grp g", Filters.Where(query, values))), ct);

    public async Task<GroupCounts> Handle(CountGroups query, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        var command = CustomPlanQuery.Query(batch);
        var where = Filters.Where(new(query.Organization, query.Search, null) { By = query.By }, command.Parameters);
        command.CommandText = $"select count(*), count(g.provider) from sites.grp g where {where}";
        await using var rows = await CustomPlanQuery.Rows(batch, ct);
        await rows.ReadAsync(ct);
        return new(rows.GetInt64(0), rows.GetInt64(1));
    }

    public async Task<GroupId?> Handle(FindGroup query, CancellationToken ct)
    {
        var id = await database.Value<Guid?>("select id from sites.grp where organization_id = @organization and name_key = @key",
                new { organization = query.Organization.Value, key = SearchKey.Unique(query.Name) }, ct);
        return id is { } found ? new(found) : null;
    }

    public async Task<IReadOnlyDictionary<GroupId, string>> Handle(NameGroups query, CancellationToken ct) =>
        (await database.Rows<(Guid Id, string Name)>(
            "select id, name from sites.grp where organization_id = @organization and id = any(@ids)",
            new { organization = query.Organization.Value, ids = query.Groups.Select(g => g.Value).ToArray() }, ct))
                .ToDictionary(r => new GroupId(r.Id), r => r.Name);

    public async Task<IReadOnlySet<GroupId>> Handle(ReadGroupsOf query, CancellationToken ct) =>
        (await database.Rows<Guid>(
            "select m.group_id from sites.group_member m join sites.grp g on g.id = m.group_id where m.account_id = @account "
            + "and g.organization_id = @organization",
            new { account = query.Account.Value, organization = query.Organization.Value }, ct)).Select(id => new GroupId(id)).ToHashSet();
}
