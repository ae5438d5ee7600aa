namespace DirectoryPlatform.Kernel.Lists;

/// <summary>One filter of a list.</summary>
/// <param name="Name">As in the list's address.</param>
/// <param name="Condition">Constant text over the list's rows, each value put into its place (<c>$3</c>) by the function that is handed
/// over; null when this is not filtered by.</param>
public sealed record ListFilter<TAsked>(string Name, Func<TAsked, Func<object, string>, string?> Condition);

public static class ListFilters
{
    /// <summary>All filters that are set, and <c>true</c> when none is.</summary>
    /// <param name="parameters">Of the command or batch command; values are numbered after those that are there already.</param>
    public static string Where<TAsked>(this IEnumerable<ListFilter<TAsked>> filters, TAsked asked, NpgsqlParameterCollection parameters) =>
        string.Join(" and ", filters.Select(f => f.Condition(asked, parameters.Place)).OfType<string>().DefaultIfEmpty("true"));

    /// <summary>Adds a value and gives its place.</summary>
    public static string Place(this NpgsqlParameterCollection parameters, object value)
    {
        parameters.Add(new NpgsqlParameter { Value = value });
        return $"${parameters.Count}";
    }
}
