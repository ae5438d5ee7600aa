namespace DirectoryPlatform.Kernel.Storage;

/// <summary>One statement of a batch, with its values.</summary>
public static class Statement
{
    /// <param name="values">Of <c>$1</c>, <c>$2</c> and so on; times as UTC. The type of a null is the statement's to say. A list, because
    /// an array that is one of the values would be taken for all of them.</param>
    public static NpgsqlBatchCommand Of(string sql, params List<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }
}

/// <summary>One statement on a connection of its own, in the words of a <see cref="Change"/>; its values are named as in the SQL.</summary>
public static class OneStatement
{
    public static async Task<IReadOnlyList<T>> Rows<T>(this NpgsqlDataSource database, string sql, object? values = null,
        CancellationToken ct = default)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<T>(sql, values)).AsList();
    }

    public static async Task<T?> Value<T>(this NpgsqlDataSource database, string sql, object? values = null, CancellationToken ct = default)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<T?>(sql, values);
    }

    /// <returns>How many rows it wrote.</returns>
    public static async Task<int> Write(this NpgsqlDataSource database, string sql, object? values = null, CancellationToken ct = default)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(sql, values);
    }
}
