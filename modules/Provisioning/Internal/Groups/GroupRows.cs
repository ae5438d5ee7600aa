namespace DirectoryPlatform.Provisioning.Internal.Groups;

/// <summary>A group as its provider knows it, without its members.</summary>
sealed record GroupOfProvider(Guid Id, string DisplayName, string? ExternalId, long Version, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    public ScimMeta Meta(string root) => new(CreatedAt, ChangedAt, Version, $"{root}/Groups/{Id}");

    public JsonObject Resource
    {
        get
        {
            var resource = new JsonObject { ["displayName"] = DisplayName };
            if (ExternalId is not null) resource["externalId"] = ExternalId;
            return resource;
        }
    }
}

/// <summary>The rows of provisioned groups. Whatever is asked for, the directory is named along:
/// an id of another directory is none.</summary>
static class GroupRows
{
    /// <summary>Members in one answer with many groups; a page ends before they are more (own choice: some 15 MB of JSON).</summary>
    const int MostMembers = 100_000;

    const string Columns = "g.group_id, g.display_name, g.external_id, g.version, g.created_at, g.changed_at";

    public static async Task<GroupOfProvider?> Of(NpgsqlConnection connection, Guid directory, Guid group) =>
        (await connection.QueryAsync<Row>(
            $"select {Columns} from directory.provisioned_group g where g.directory_id = @directory and g.group_id = @group",
            new { directory, group })).Select(r => r.Read()).SingleOrDefault();

    /// <param name="where">From <see cref="ScimFilter.Sql"/>, or "true".</param>
    /// <param name="withMembers">Whether members will be shown, so that a page must not grow beyond measure.</param>
    public static async Task<(long Total, IReadOnlyList<GroupOfProvider> Rows)> Page(NpgsqlConnection connection, Guid directory,
        string where, DynamicParameters values, ScimPaging paging, bool withMembers)
    {
        values.Add("directory", directory);
        values.Add("offset", paging.Offset);
        values.Add("count", paging.Count);
        values.Add("most", MostMembers);
        var rows = paging.Count == 0
            ? []
            : (await connection.QueryAsync<Row>(
                $"select {Columns} from directory.provisioned_group g where g.directory_id = @directory and ({where}) order by g.group_id "
                + "limit @count offset @offset", values))
            .Select(r => r.Read()).ToList();
        var whole = paging.Count > 0 && rows.Count < paging.Count && (rows.Count > 0 || paging.Offset == 0);
        var total = whole
            ? paging.Offset + rows.Count
            : await connection.ExecuteScalarAsync<long>(
                $"select count(*) from directory.provisioned_group g where g.directory_id = @directory and ({where})", values);
        if (!withMembers || rows.Count < 2) return (total, rows);
        var sizes = (
            await connection.QueryAsync<(Guid Id, long Count)>(
                "select group_id, count(*) from sites.v_group_member where group_id = any(@ids) group by group_id",
                new { ids = rows.Select(r => r.Id).ToArray() })).ToDictionary(s => s.Id, s => s.Count);
        var sum = 0L;
        return (total, [.. rows.TakeWhile((r, i) => (sum += sizes.GetValueOrDefault(r.Id)) <= MostMembers || i == 0)]);
    }

    public static Task<bool> HasMoreThan(NpgsqlConnection connection, Guid group, int members) => connection.ExecuteScalarAsync<bool>(
        "select exists (select from sites.v_group_member where group_id = @group offset @members)", new { group, members });

    /// <summary>By group, in the order of their ids.</summary>
    public static async Task<ILookup<Guid, JsonObject>> Members(NpgsqlConnection connection, Guid directory,
        IReadOnlyCollection<Guid> groups, string root) =>
        (await connection.QueryAsync<(Guid Group, Guid Account, string? Name)>("""
            select m.group_id, m.account_id, coalesce(u.resource->>'displayName', u.resource->'name'->>'formatted')
              from sites.v_group_member m
            join directory.provisioned_user u on u.account_id = m.account_id and u.directory_id = @directory
              where m.group_id = any(@groups) order by m.group_id, m.account_id
            """, new { directory, groups = groups.ToArray() })).ToLookup(r => r.Group, r =>
        {
            var member = new JsonObject { ["value"] = $"{r.Account}", ["$ref"] = $"{root}/Users/{r.Account}", ["type"] = "User" };
            if (r.Name is not null) member["display"] = r.Name;
            return member;
        });

    /// <summary>Times come from the driver without their zone.</summary>
    sealed record Row(Guid Group_Id, string Display_Name, string? External_Id, long Version, DateTime Created_At, DateTime Changed_At)
    {
        public GroupOfProvider Read() => new(Group_Id, Display_Name, External_Id, Version, new(Created_At), new(Changed_At));
    }
}
