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
        return await UserRows.Of(connection, query.By.Directory.Value, query.User, ct, wanted.Value.Shows("groups")) is { } row
            ? Shape(row, Root(query.By), wanted.Value)
            : ScimFault.NotFound("user");
    }

    public async Task<Outcome<ScimReply>> Handle(ListScimUsers query, CancellationToken ct)
    {
        var read = ScimSearch.Read(query.Query, ScimResource.User);
        if (!read.Granted) return read.Refusal;
        var (wanted, paging, where, values) = read.Value;
        await using var connection = await database.OpenConnectionAsync(ct);
        var (total, rows) = await UserRows.Page(connection, query.By.Directory.Value, where, values, paging, wanted.Shows("groups"), ct);
        var root = Root(query.By);
        return new ScimReply(ScimList.Of(total, paging, [.. rows.Select(r => Shape(r, root, wanted).Body!)]));
    }

    string Root(ProvisioningGrant by) => directories.BaseUrl(by.Directory.Value);

    public static ScimReply Shape(UserRow row, string root, ScimProjection wanted)
    {
        var meta = row.Meta(root);
        return new(ScimShape.Of(ScimResource.User, row.Account, row.Shown(root), meta, wanted), meta.ETag, meta.Location);
    }
}
