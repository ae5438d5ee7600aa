namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>A provisioned person as the provider knows it.</summary>
/// <param name="Resource">Normalized, as sent.</param>
/// <param name="Said">What the provider has said last of <c>active</c>.</param>
/// <param name="Active">Whether the account may act, whoever decided so: what the provider is answered (SPEC P5).</param>
/// <param name="Groups">The directory's groups that the person is in, by name: each with its id as "value", and "display". Null for none,
/// and where nobody asked.</param>
sealed record UserRow(Guid Account, JsonObject Resource, bool Said, long Version, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
    bool Active, JsonArray? Groups = null)
{
    public ScimMeta Meta(string root) => new(CreatedAt, ChangedAt, Version, $"{root}/Users/{Account}", Mark);

    /// <summary>An admin switches people on and off without a new version of what the provider said.</summary>
    public string Mark => Active == Said ? "" : Active ? "-on" : "-off";

    /// <summary>What is shown of it, with what a user resource says of groups (RFC 7643, 4.1.2), which is read only.</summary>
    public JsonObject Shown(string root)
    {
        var whole = Resource.DeepClone().AsObject();
        whole["active"] = Active;
        if (Groups is not null)
            whole["groups"] = new JsonArray([.. Groups.Select(g => new JsonObject
            {
                ["value"] = g!["value"]!.GetValue<string>(),
                ["$ref"] = $"{root}/Groups/{g["value"]}",
                ["display"] = g["display"]!.GetValue<string>(),
                ["type"] = "direct",
            })]);
        return whole;
    }
}

/// <summary>The rows of provisioned people. Whatever is asked for, the directory is named along:
/// an id of another directory is none.</summary>
static class UserRows
{
    /// <summary>Whether the account may act, as a condition over the alias <c>u</c>:
    /// asked of the accounts, so that nothing has to be kept in step.</summary>
    public const string IsActive = "exists (select from accounts.v_account a where a.id = u.account_id and a.state = 1)";

    const string Columns = $"u.account_id, u.resource, u.active, u.version, u.created_at, u.changed_at, {IsActive}";

    /// <summary>Along with the row, and asked only where somebody wants to know:
    /// providers leave groups out of most of their questions.</summary>
    const string Groups = """
        , (select jsonb_agg(jsonb_build_object('value', g.group_id, 'display', g.display_name)
            order by lower(g.display_name), g.group_id)::text
          from sites.v_group_member m join directory.provisioned_group g on g.group_id = m.group_id
          where m.account_id = u.account_id and g.directory_id = u.directory_id)
        """;

    static string With(bool groups) => groups ? Groups : ", null";

    public static async Task<UserRow?> Of(NpgsqlConnection connection, Guid directory, Guid account, CancellationToken ct,
        bool groups = false)
    {
        await using var command = new NpgsqlCommand(Sought(groups), connection)
        {
            Parameters = { new() { Value = directory }, new() { Value = account } }
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? Read(rows) : null;
    }

    /// <summary>One row, as a part of somebody's batch.</summary>
    public static Looked<UserRow?> Of(Guid directory, Guid account, bool groups = false) => new(
        () => [Statement.Of(Sought(groups), directory, account)], async (rows, ct) => await rows.ReadAsync(ct) ? Read(rows) : null);

    static string Sought(bool groups) =>
        $"select {Columns}{With(groups)} from directory.provisioned_user u where u.directory_id = $1 and u.account_id = $2";

    /// <param name="where">From <see cref="ScimFilter.Sql"/>, or "true".</param>
    public static async Task<(long Total, IReadOnlyList<UserRow> Rows)> Page(NpgsqlConnection connection, Guid directory, string where,
        DynamicParameters values, ScimPaging paging, bool groups, CancellationToken ct)
    {
        values.Add("directory", directory);
        values.Add("offset", paging.Offset);
        values.Add("count", paging.Count);
        var rows = new List<UserRow>();
        if (paging.Count > 0)
        {
            await using var found = await connection.ExecuteReaderAsync(new CommandDefinition(
                $"select {Columns}{With(groups)} from directory.provisioned_user u where u.directory_id = @directory and ({where}) "
                    + "order by u.account_id limit @count offset @offset", values, cancellationToken: ct));
            while (await found.ReadAsync(ct)) rows.Add(Read((NpgsqlDataReader)((IWrappedDataReader)found).Reader));
        }
        // A page that is not full is the last one: nothing is left to count, which is so for each look at one person.
        if (paging.Count > 0 && rows.Count < paging.Count && (rows.Count > 0 || paging.Offset == 0))
            return (paging.Offset + rows.Count, rows);
        return (await connection.ExecuteScalarAsync<long>(
            $"select count(*) from directory.provisioned_user u where u.directory_id = @directory and ({where})", values), rows);
    }

    /// <summary>Ends its batch when the directory is removed, or the name, the external id or the account is taken.</summary>
    public static NpgsqlBatchCommand Insert(Guid directory, UserRow row, ProvidedUser user) => Write("""
        with made as (
          insert into directory.provisioned_user (directory_id, account_id, user_name, external_id, active, resource, version,
            created_at, changed_at)
          select d.id, $2, $3, $4, $5, $6, $7, $8, $8 from directory.identity_directory d where d.id = $1 and d.removed_at is null
            on conflict do nothing returning 1)
        select kernel.expect(1, count(*)) from made
        """, directory, row, user);

    /// <summary>Ends its batch when the row is gone, or its directory is removed; and, by the constraint, when another row has the name or
    /// the external id.</summary>
    public static NpgsqlBatchCommand Update(Guid directory, UserRow row, ProvidedUser user) => Write("""
        with saved as (
          update directory.provisioned_user u set user_name = $3, external_id = $4, active = $5, resource = $6, version = $7,
            changed_at = $8, leaving = false
          from directory.identity_directory d where u.directory_id = $1 and u.account_id = $2 and d.id = u.directory_id
            and d.removed_at is null returning 1)
        select kernel.expect(1, count(*)) from saved
        """, directory, row, user);

    /// <summary>Who else in the directory is called so already, said before anything is done; null for nobody.</summary>
    public static async Task<ScimFault?> Taken(NpgsqlConnection connection, Guid directory, ProvidedUser user, Guid? except)
    {
        var (name, external) = await connection.QuerySingleAsync<(bool, bool)>("""
            select exists (select from directory.provisioned_user where directory_id = @directory and user_name = @UserName
              and account_id is distinct from @except),
              exists (select from directory.provisioned_user where directory_id = @directory and external_id = @ExternalId
                and account_id is distinct from @except)
            """, new { directory, user.UserName, user.ExternalId, except });
        return name ? ScimFault.Uniqueness("Another user of this directory has this userName.")
            : external ? ScimFault.Uniqueness("Another user of this directory has this externalId.")
            : null;
    }

    static NpgsqlBatchCommand Write(string sql, Guid directory, UserRow row, ProvidedUser user) => new(sql)
    {
        Parameters =
        {
            new() { Value = directory }, new() { Value = row.Account }, new() { Value = user.UserName },
            new NpgsqlParameter<string?> { TypedValue = user.ExternalId }, new() { Value = user.Active },
            new() { Value = row.Resource.ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb }, new() { Value = row.Version },
            new() { Value = row.ChangedAt.UtcDateTime },
        },
    };

    static UserRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), JsonNode.Parse(row.GetString(1))!.AsObject(), row.GetBoolean(2), row.GetInt64(3),
        new DateTimeOffset(row.GetDateTime(4)), new DateTimeOffset(row.GetDateTime(5)), row.GetBoolean(6),
        row.IsDBNull(7) ? null : JsonNode.Parse(row.GetString(7))!.AsArray());
}
