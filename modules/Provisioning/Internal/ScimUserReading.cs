namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>People of a directory as its provider asks for them.</summary>
sealed class ScimUserReading(NpgsqlDataSource database, IdentityDirectoryReading directories)
    : IRequestHandler<ReadScimUser, Outcome<ScimReply>>, IRequestHandler<ListScimUsers, Outcome<ScimReply>>
{
    public async Task<Outcome<ScimReply>> Handle(ReadScimUser query, CancellationToken ct)
    {
        var wanted = ScimProjection.Read(query.Wanted, ScimResource.User);
        if (!wanted.Granted) return wanted.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await UserRows.Of(connection, query.By.Directory.Value, query.User, ct) is not { } row) return ScimFault.NotFound("user");
        var groups = await UserGroups.Of(connection, query.By.Directory.Value, [row.Account], Root(query.By), wanted.Value, ct);
        return Shape(row, Root(query.By), wanted.Value, groups);
    }

    public async Task<Outcome<ScimReply>> Handle(ListScimUsers query, CancellationToken ct)
    {
        var read = ScimSearch.Read(query.Query, ScimResource.User);
        if (!read.Granted) return read.Refusal;
        var (wanted, paging, where, values) = read.Value;
        await using var connection = await database.OpenConnectionAsync(ct);
        var (total, rows) = await UserRows.Page(connection, query.By.Directory.Value, where, values, paging, ct);
        var (root, groups) = (Root(query.By),
            await UserGroups.Of(connection, query.By.Directory.Value, [.. rows.Select(r => r.Account)], Root(query.By), wanted, ct));
        return new ScimReply(ScimList.Of(total, paging, [.. rows.Select(r => Shape(r, root, wanted, groups).Body!)]));
    }

    string Root(ProvisioningGrant by) => directories.BaseUrl(by.Directory.Value);

    public static ScimReply Shape(UserRow row, string root, ScimProjection wanted, UserGroups groups)
    {
        var meta = row.Meta(root);
        return new(ScimShape.Of(ScimResource.User, row.Account, groups.On(row), meta, wanted), meta.ETag, meta.Location);
    }
}
