using System.Globalization;
using Npgsql;

namespace DirectoryPlatform.Reporting.ManagedAccounts;

/// <summary>The columns that each order sorts by, ahead of the id; an index over <c>(managed_by, …, id)</c> stands behind each. A new order
/// is one more line here.</summary>
static class ManagedAccountOrder
{
    /// <summary>A sort column, and how its value travels in a cursor and back; null for what no value of ours looks like.</summary>
    public sealed record Column(string Sql, Func<object, string> Write, Func<string, object?> Read);

    static readonly Column NameKey = Text("a.name_key"), Email = Text("a.email"), State = new(
        "a.state", v => ((short)v).ToString(CultureInfo.InvariantCulture), t =>
            short.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var state) ? state : null);

    static readonly Dictionary<ManagedAccountSort, Column[]> Orders = new()
    {
        [ManagedAccountSort.Name] = [NameKey],
        [ManagedAccountSort.Email] = [Email],
        [ManagedAccountSort.Status] = [State, NameKey],
        [ManagedAccountSort.LastActive] = [Time("a.last_active_at")],
        [ManagedAccountSort.Added] = [Time("a.claimed_at")],
    };

    public static Column[] Of(ManagedAccountSort sort) => Orders[sort];

    /// <summary>The condition "behind this row", with its values added to the command.</summary>
    /// <returns>Null when the keys are none that this order has written.</returns>
    public static string? Behind(ManagedAccountSort sort, IReadOnlyList<string> keys, Guid id, bool descending,
        NpgsqlParameterCollection parameters)
    {
        var columns = Of(sort);
        if (keys.Count != columns.Length) return null;
        var values = columns.Select((c, i) => c.Read(keys[i])).ToArray();
        if (values.Contains(null)) return null;
        var numbers = new List<string>();
        foreach (var value in (object[])[.. values.OfType<object>(), id])
        {
            parameters.Add(new() { Value = value });
            numbers.Add($"${parameters.Count}");
        }
        return $"({string.Join(", ", columns.Select(c => c.Sql))}, a.id) {(descending ? '<' : '>')} ({string.Join(", ", numbers)})";
    }

    public static string Sql(ManagedAccountSort sort, bool descending) =>
        string.Join(", ", Of(sort).Select(c => c.Sql).Append("a.id").Select(c => descending ? $"{c} desc" : c));

    static Column Text(string sql) => new(sql, v => (string)v, t => t.Contains('\0') ? null : t);

    /// <summary>Ticks are finer than the database's microseconds, and 0 is its "-infinity".</summary>
    static Column Time(string sql) => new(
        sql, v => ((DateTime)v).Ticks.ToString(CultureInfo.InvariantCulture),
        t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : null);
}
