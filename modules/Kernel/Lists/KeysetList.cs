namespace DirectoryPlatform.Kernel.Lists;

/// <summary>Which rows are meant, with their values in the command's parameters.</summary>
/// <param name="From">Under the list's alias and with a column <c>id</c>, such as <c>accounts.v_listed a</c>.</param>
public sealed record ListRows(string From, string Where)
{
    /// <summary>Where rows come from several selects: each of them, so that a page reads no more of each than its own beginning.</summary>
    public IReadOnlyList<string> Each { get; init; } = [];

    /// <summary>How many there are, counted up to a limit, so that the question costs little whatever the answer.</summary>
    public static async Task<long> Count(NpgsqlDataSource database, long limit, Func<NpgsqlParameterCollection, Task<ListRows>> rows,
        CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        var query = CustomPlanQuery.Query(batch);
        var meant = await rows(query.Parameters);
        query.CommandText = $"select count(*) from (select from {meant.From} where {meant.Where} limit {query.Parameters.Place(limit)}) x";
        await using var counted = await CustomPlanQuery.Rows(batch, ct);
        await counted.ReadAsync(ct);
        return counted.GetInt64(0);
    }
}

/// <summary>
/// A list, described once: pages by keyset, forwards and backwards, so that a page costs the same wherever it lies and rows that come or go
/// between two pages move no other row. All text is constant; <see cref="ListFilter{TAsked}"/> makes conditions.
/// </summary>
public sealed class KeysetList<TRow>
{
    const int MaxSize = 1_000;

    /// <summary>In cursors: one of another list is refused.</summary>
    public required string Name { get; init; }

    /// <summary>Of the rows, in all texts of the list.</summary>
    public string Alias { get; init; } = "a";

    /// <summary>What is read of each row, for <see cref="Row"/>.</summary>
    public required string Columns { get; init; }

    /// <summary>Joins that keep each row, for the rows of the page alone.</summary>
    public string Beside { get; init; } = "";

    public required Func<NpgsqlDataReader, TRow> Row { get; init; }

    public required IReadOnlyList<KeysetOrder> Orders { get; init; }

    /// <returns>Refused with <see cref="BrokenCursor"/>.</returns>
    public async Task<Outcome<ListPage<TRow>>> Page(NpgsqlDataSource database, PageAsked asked,
        Func<NpgsqlParameterCollection, Task<ListRows>> rows, CancellationToken ct)
    {
        var order = Orders.First(o => o.Sort == asked.Sort);
        var cursor = string.IsNullOrEmpty(asked.Cursor) ? null : KeysetCursor.Read(asked.Cursor);
        var keys = cursor is null || (cursor.List, cursor.Sort, cursor.Descending) != (Name, asked.Sort, asked.Descending)
            ? null
            : order.Values(cursor.Keys);
        if (!string.IsNullOrEmpty(asked.Cursor) && keys is null) return new BrokenCursor();
        var (size, back) = (Math.Clamp(asked.Size, 1, MaxSize), cursor?.Back == true);
        await using var batch = database.CreateBatch();
        var query = CustomPlanQuery.Query(batch);
        query.CommandText = Sql(order, await rows(query.Parameters), keys is null ? null : [.. keys, cursor!.Id],
            asked.Descending != back, size, query.Parameters);
        var found = await Read(batch, order, ct);
        var more = found.Count > size;
        if (more) found.RemoveAt(size);
        if (back) found.Reverse();
        return new ListPage<TRow>(
            [.. found.Select(f => f.Row)],
            found.Count > 0 && (more || back) ? Beyond(found[^1], back: false) : null,
            found.Count > 0 && cursor is not null && (more || !back) ? Beyond(found[0], back: true) : null);

        string Beyond((TRow, string[] Keys, Guid Id) at, bool back) =>
            new KeysetCursor(Name, asked.Sort, asked.Descending, at.Keys, at.Id, back).ToString();
    }

    /// <summary>Where something stands beside the rows, the page is cut out first, so that it is looked up for them alone.</summary>
    string Sql(KeysetOrder order, ListRows rows, object[]? from, bool descending, int size, NpgsqlParameterCollection parameters)
    {
        string[] columns = [.. order.Columns.Select(c => c.Sql), $"{Alias}.id"];
        string[] keys = [.. order.Columns.Select((_, i) => $"{Alias}.key{i}"), $"{Alias}.id"];
        var behind = from is null
            ? ""
            : $" and ({string.Join(", ", columns)}) {(descending ? '<' : '>')} ({string.Join(", ", from.Select(parameters.Place))})";
        var (source, where, limit) = (rows.From, $"{rows.Where}{behind}", parameters.Place(size + 1));
        if (rows.Each.Count > 1)
        {
            var each = rows.Each.Select(e =>
                $"(select {Alias}.* from ({e}) {Alias} where {where} order by {Ordered(columns)} limit {limit})");
            (source, where) = ($"({string.Join(" union all ", each)}) {Alias}", "true");
        }
        if (Beside.Length == 0)
            return $"""
                select {Columns}, {string.Join(", ", columns)} from {source}
                where {where} order by {Ordered(columns)} limit {limit}
                """;
        return $"""
            select {Columns}, {string.Join(", ", keys)} from (
              select {Alias}.*, {string.Join(", ", order.Columns.Select((c, i) => $"{c.Sql} as key{i}"))} from {source}
              where {where} order by {Ordered(columns)} limit {limit}) {Alias} {Beside}
            order by {Ordered(keys)}
            """;

        string Ordered(string[] by) => string.Join(", ", by.Select(c => descending ? $"{c} desc" : c));
    }

    async Task<List<(TRow Row, string[] Keys, Guid Id)>> Read(NpgsqlBatch batch, KeysetOrder order, CancellationToken ct)
    {
        var found = new List<(TRow, string[], Guid)>();
        await using var rows = await CustomPlanQuery.Rows(batch, ct);
        var id = rows.FieldCount - 1;
        while (await rows.ReadAsync(ct))
            found.Add((Row(rows), [.. order.Columns.Select((c, i) => c.Write(rows.GetValue(id - order.Columns.Length + i)))],
                rows.GetGuid(id)));
        return found;
    }
}
