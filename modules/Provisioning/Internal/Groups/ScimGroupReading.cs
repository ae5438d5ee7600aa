namespace DirectoryPlatform.Provisioning.Internal.Groups;

/// <summary>Groups of a directory as its provider asks for them. Members that will not be shown are not read.</summary>
sealed class ScimGroupReading(NpgsqlDataSource database, IdentityDirectoryReading directories)
    : IRequestHandler<ReadScimGroup, Outcome<ScimReply>>, IRequestHandler<ListScimGroups, Outcome<ScimReply>>
{
    public async Task<Outcome<ScimReply>> Handle(ReadScimGroup query, CancellationToken ct)
    {
        var wanted = ScimProjection.Read(query.Wanted, ScimResource.Group);
        if (!wanted.Granted) return wanted.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await GroupRows.Of(connection, query.By.Directory.Value, query.Group) is not { } group) return ScimFault.NotFound("group");
        return await Reply(connection, query.By, group, wanted.Value);
    }

    public async Task<Outcome<ScimReply>> Handle(ListScimGroups query, CancellationToken ct)
    {
        var read = ScimSearch.Read(query.Query, ScimResource.Group);
        if (!read.Granted) return read.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        var (total, page) = await Page(connection, query.By, read.Value);
        return new ScimReply(ScimList.Of(total, read.Value.Paging, page));
    }

    public async Task<(long Total, IReadOnlyList<JsonObject> Page)> Page(NpgsqlConnection connection, ProvisioningGrant by,
        ScimSearch search)
    {
        var (wanted, paging, where, values) = search;
        var (root, withMembers) = (directories.BaseUrl(by.Directory.Value), wanted.Shows("members"));
        var (total, groups) = await GroupRows.Page(connection, by.Directory.Value, where, values, paging, withMembers);
        var members = withMembers
            ? await GroupRows.Members(connection, by.Directory.Value, [.. groups.Select(g => g.Id)], root)
            : NoMembers;
        return (total, [.. groups.Select(g => Shape(g, members, root, wanted))]);
    }

    public async Task<ScimReply> Reply(NpgsqlConnection connection, ProvisioningGrant by, GroupOfProvider group, ScimProjection wanted)
    {
        var root = directories.BaseUrl(by.Directory.Value);
        var members = wanted.Shows("members") ? await GroupRows.Members(connection, by.Directory.Value, [group.Id], root) : NoMembers;
        var meta = group.Meta(root);
        return new(Shape(group, members, root, wanted), meta.ETag, meta.Location);
    }

    static readonly ILookup<Guid, JsonObject> NoMembers = Array.Empty<(Guid, JsonObject)>().ToLookup(m => m.Item1, m => m.Item2);

    static JsonObject Shape(GroupOfProvider group, ILookup<Guid, JsonObject> members, string root, ScimProjection wanted)
    {
        var resource = group.Resource;
        if (members.Contains(group.Id)) resource["members"] = new JsonArray([.. members[group.Id]]);
        return ScimShape.Of(ScimResource.Group, group.Id, resource, group.Meta(root), wanted);
    }
}
