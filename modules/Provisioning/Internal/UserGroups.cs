namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>The directory's groups that its people are in: what a user resource says of them (RFC 7643, 4.1.2),
/// which is read only.</summary>
sealed class UserGroups(ILookup<Guid, JsonObject> groups)
{
    public static readonly UserGroups None = new(Array.Empty<(Guid, JsonObject)>().ToLookup(g => g.Item1, g => g.Item2));

    /// <summary>Asked only where somebody wants to know: providers leave it out of most of their questions.</summary>
    public static async Task<UserGroups> Of(NpgsqlConnection connection, Guid directory, IReadOnlyCollection<Guid> accounts, string root,
        ScimProjection wanted, CancellationToken ct)
    {
        if (accounts.Count == 0 || !wanted.Shows("groups")) return None;
        var rows = await connection.QueryAsync<(Guid Account, Guid Group, string Name)>(new CommandDefinition("""
            select m.account_id, g.group_id, g.display_name from sites.v_group_member m
              join directory.provisioned_group g on g.group_id = m.group_id
            where m.account_id = any(@accounts) and g.directory_id = @directory order by lower(g.display_name), g.group_id
            """, new { accounts = accounts.ToArray(), directory }, cancellationToken: ct));
        return new(rows.ToLookup(r => r.Account, r =>
            new JsonObject { ["value"] = $"{r.Group}", ["$ref"] = $"{root}/Groups/{r.Group}", ["display"] = r.Name, ["type"] = "direct" }));
    }

    public JsonObject On(UserRow row)
    {
        var (mine, whole) = (groups[row.Account].ToList(), row.Shown());
        if (mine.Count > 0) whole["groups"] = new JsonArray([.. mine.Select(g => g.DeepClone())]);
        return whole;
    }
}
