namespace DirectoryPlatform.Kernel.Lists;

/// <summary>The columns that a list sorts by, ahead of the row's id, which breaks ties: an index over the rows' owner, these and the id
/// stands behind each order of a list that can be long.</summary>
public sealed record KeysetOrder(ListSort Sort, params KeysetColumn[] Columns)
{
    /// <summary>A cursor's keys as this order has written them; null for any others.</summary>
    internal object[]? Values(IReadOnlyList<string> keys)
    {
        if (keys.Count != Columns.Length) return null;
        var values = Columns.Select((c, i) => c.Read(keys[i])).OfType<object>().ToArray();
        return values.Length == Columns.Length ? values : null;
    }
}

/// <summary>A sort column, never null, and how its value travels in a cursor and back; null for what no value of ours looks like.</summary>
/// <param name="Sql">Over the list's rows, such as <c>a.email</c>.</param>
public sealed record KeysetColumn(string Sql, Func<object, string> Write, Func<string, object?> Read)
{
    /// <summary>For a text that compares byte by byte.</summary>
    public static KeysetColumn Text(string sql) => new(sql, v => (string)v, t => IsText(t) ? t : null);

    public static KeysetColumn Number(string sql) => new(
        sql, v => ((short)v).ToString(CultureInfo.InvariantCulture), t =>
            short.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>Ticks are finer than the database's microseconds, and 0 is its "-infinity".</summary>
    public static KeysetColumn Time(string sql) => new(
        sql, v => ((DateTime)v).Ticks.ToString(CultureInfo.InvariantCulture),
        t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : null);

    /// <summary>The database takes neither a NUL nor half of a character.</summary>
    static bool IsText(string text) =>
        !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
