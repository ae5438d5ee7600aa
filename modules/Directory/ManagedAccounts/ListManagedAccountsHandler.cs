using System.Text;
using Dapper;
using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory.ManagedAccounts;

sealed class ListManagedAccountsHandler(NpgsqlDataSource database) : IRequestHandler<ListManagedAccounts, ManagedAccountPage>
{
    /// <summary>SPEC M1.</summary>
    const int MaxSize = 1_000;

    /// <summary>A search that matches no more than this many accounts of the whole platform is answered from its matches; a more common one by walking the sorted list.</summary>
    const int FewMatches = 1_000;

    /// <summary>Trigrams need three characters; shorter searches walk the list.</summary>
    const int IndexedLength = 3;

    public async Task<ManagedAccountPage> Handle(ListManagedAccounts query, CancellationToken ct)
    {
        var size = Math.Clamp(query.Size, 1, MaxSize);
        var cursor = ManagedAccountCursor.Read(query.Cursor, query.Sort, query.Descending);
        var search = query.Search?.Trim().ToLowerInvariant() ?? "";
        await using var connection = await database.OpenConnectionAsync(ct);
        var matches = search.Length >= IndexedLength ? await Matches(connection, search) : null;
        var rows = await Read(connection, query, cursor, search, matches, size + 1);
        var more = rows.Count > size;
        if (more) rows.RemoveAt(size);
        if (cursor?.Back == true) rows.Reverse();
        return new(
            [.. rows.Select(r => new ManagedAccountRow(new(r.Id), r.Name, r.Email ?? "", (AccountState)r.State, r.CreatedAt))],
            rows.Count > 0 && (more || cursor?.Back == true) ? At(rows[^1], back: false) : null,
            rows.Count > 0 && cursor is not null && (more || !cursor.Back) ? At(rows[0], back: true) : null);

        string At(Row row, bool back) => new ManagedAccountCursor(query.Sort, query.Descending, row.Key, row.Id, back).ToString();
    }

    /// <returns>Ids of all matches, or null when there are too many to be worth listing.</returns>
    static async Task<Guid[]?> Matches(NpgsqlConnection connection, string search)
    {
        var ids = (await connection.QueryAsync<Guid>($"select account_id from accounts.v_search where text like @pattern limit {FewMatches + 1}", new { pattern = Pattern(search) })).AsList();
        return ids.Count <= FewMatches ? [.. ids] : null;
    }

    static async Task<List<Row>> Read(NpgsqlConnection connection, ListManagedAccounts query, ManagedAccountCursor? cursor, string search, Guid[]? matches, int take)
    {
        var key = query.Sort switch { ManagedAccountSort.Name => "a.name_key", ManagedAccountSort.Email => "a.email", ManagedAccountSort.Added => "a.id" };
        var descending = query.Descending != (cursor?.Back == true);
        var sql = new StringBuilder($"select a.id, a.name, a.email, a.state, a.created_at as createdAt, {key}::text as key from accounts.v_account a where a.managed_by = @organization");
        if (query.State is not null) sql.Append(" and a.state = @state");
        if (query.Domain is not null) sql.Append(" and a.domain = @domain");
        if (matches is not null) sql.Append(" and a.id = any(@matches)");
        else if (search.Length > 0) sql.Append(" and (a.name_key like @pattern or a.email like @pattern)");
        if (cursor is not null)
            sql.Append(query.Sort is ManagedAccountSort.Added ? $" and a.id {(descending ? '<' : '>')} @id" : $" and ({key}, a.id) {(descending ? '<' : '>')} (@key, @id)");
        var direction = descending ? "desc" : "asc";
        sql.Append(query.Sort is ManagedAccountSort.Added ? $" order by a.id {direction} limit @take" : $" order by {key} {direction}, a.id {direction} limit @take");
        return (await connection.QueryAsync<Row>(sql.ToString(), new
        {
            organization = query.Organization.Value,
            state = (short?)query.State,
            domain = query.Domain,
            matches,
            pattern = Pattern(search),
            key = cursor?.Key,
            id = cursor?.Id,
            take,
        })).AsList();
    }

    static string Pattern(string search) => $"%{search.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    sealed record Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public short State { get; init; }
        public DateTime CreatedAt { get; init; }
        public string Key { get; init; } = "";
    }
}
