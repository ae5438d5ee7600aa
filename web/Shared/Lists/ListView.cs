namespace DirectoryPlatform.Web.Lists;

/// <summary>What the parts of a list's page need of it: <c>_ListFilters</c>, <c>_ListToolbar</c>, <c>_ListHeads</c>,
/// <c>_ListPager</c>.</summary>
/// <param name="Name">For who hears the page.</param>
/// <param name="Path">Of the list.</param>
/// <param name="HasRows">Whether the page shows any.</param>
public sealed record ListView(string Name, string Path, ListQuery Query, bool HasRows, string? Next, string? Previous)
{
    public static ListView Of<TRow>(string name, string path, ListQuery query, ListPage<TRow> page) =>
        new(name, path, query, page.Rows.Count > 0, page.Next, page.Previous);

    /// <summary>Whether htmx replaces the list (<c>#list</c>) instead of the whole page.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Address of the rows' file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Where a list of addresses is acted on; null where nothing is.</summary>
    public string? ByList { get; init; }

    /// <summary>What fields offer that only the page knows, by field; it goes before the field's own options.</summary>
    public ILookup<string, ListOption> Offered { get; init; } = Array.Empty<ListOption>().ToLookup(_ => "");

    public IReadOnlyList<ListOption> OptionsOf(ListField field) => Offered.Contains(field.Name) ? [.. Offered[field.Name]] : field.Options;

    public IReadOnlyList<(string Text, string Without)> Chips => [.. Query.Chips(Path, Offered)];

    /// <summary>For <c>aria-sort</c>.</summary>
    public string Sorted(ListSort column) => Query.By != column ? "none" : Query.Descending ? "descending" : "ascending";

    /// <summary>One lookup of what several fields offer.</summary>
    public static ILookup<string, ListOption> Offers(params IEnumerable<(string Field, ListOption Option)>[] fields) =>
        fields.SelectMany(f => f).ToLookup(f => f.Field, f => f.Option);
}
