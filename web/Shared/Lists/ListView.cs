namespace DirectoryPlatform.Web.Lists;

/// <summary>What the parts of a list's page need of it: <c>_ListFilters</c>, <c>_ListToolbar</c>, <c>_ListHeads</c>,
/// <c>_ListPager</c>.</summary>
/// <param name="Name">For who hears the page.</param>
/// <param name="Path">Of the list.</param>
/// <param name="Count">How many rows the page shows.</param>
public sealed record ListView(string Name, string Path, ListQuery Query, int Count, string? Next, string? Previous)
{
    public static ListView Of<TRow>(string name, string path, ListQuery query, ListPage<TRow> page) =>
        new(name, path, query, page.Rows.Count, page.Next, page.Previous);

    /// <summary>What an answer replaces beside the list (<c>#list</c>): not the field that somebody is typing into.</summary>
    public const string Beside = "#list-tabs,#filter-count,#filter-chips,#list-exports";

    /// <summary>Whether htmx replaces the list (<c>#list</c>) instead of the whole page.</summary>
    public bool Live { get; init; } = true;

    /// <summary>How many rows a whole page has.</summary>
    public int Size { get; init; } = Query.Rows;

    /// <summary>In the cookie that says which columns are hidden.</summary>
    public string Key { get; init; } = "";

    public IReadOnlyList<ListColumn> Columns { get; init; } = [];
    public ListLook Look { get; init; } = ListLook.Usual;
    public IReadOnlyList<ListTab> Tabs { get; init; } = [];

    /// <summary>Null where nothing is done with many rows, and rows have no box.</summary>
    public ListActions? Actions { get; init; }

    /// <summary>Whether a row has a menu of what can be done with it, at its end.</summary>
    public bool RowMenus { get; init; }

    /// <summary>How many rows the list has in all, where it costs nothing to know: as the counters say, perhaps seconds ago.</summary>
    public long? Counted { get; init; }

    /// <summary>Address of the rows' file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Whether that is a page on which the file is made up.</summary>
    public bool AsksForFile { get; init; }

    /// <summary>Where somebody says what else the file holds; null for where nothing can be said.</summary>
    public string? FileOptions { get; init; }

    /// <summary>Where a list of addresses is acted on; null where nothing is.</summary>
    public string? ByList { get; init; }

    /// <summary>What fields offer that only the page knows, by field; it goes before the field's own options.</summary>
    public ILookup<string, ListOption> Offered { get; init; } = Array.Empty<ListOption>().ToLookup(_ => "");

    public bool HasRows => Count > 0;

    public IReadOnlyList<ListOption> OptionsOf(ListField field) => Offered.Contains(field.Name) ? [.. Offered[field.Name]] : field.Options;

    public IReadOnlyList<(string Text, string Without)> Chips => [.. Query.Chips(Path, Offered)];

    public bool Shows(string column) => !Look.Hidden.Contains(column) || Columns.Any(c => c.Name == column && c.Always);

    public IEnumerable<ListColumn> Shown => Columns.Where(c => Shows(c.Name));

    /// <summary>Whether the list shows just what the tab leads to and counts: no other filter is set.</summary>
    public bool IsAt(ListTab tab) => tab.Filter is { } filter
        ? Query[filter.Name] == filter.Value && Query.IsFilteredAtMostBy(filter.Name)
        : !Query.IsFiltered;

    /// <summary>The field that stands on the toolbar; the others stand in its menu.</summary>
    public ListField? First => Query.Fields.FirstOrDefault(f => f.Kind is ListFieldKind.Search or ListFieldKind.Text);

    public IReadOnlyList<ListField> Others => [.. Query.Fields.Where(f => f.Kind is not ListFieldKind.Kept && f != First)];

    /// <summary>How many fields of the menu are set.</summary>
    public int OthersSet => Others.Count(f => Query[f.Name] is not null);

    /// <summary>For <c>aria-sort</c>; null for a column that does not sort.</summary>
    public string? Sorted(ListColumn column) => column.Sorts.Count == 0 ? null
        : !column.Sorts.Contains(Query.By) ? "none" : Query.Descending ? "descending" : "ascending";

    /// <summary>Number of the page's first row. The ends of a list are certain; between them the address says it, unless that cannot be.
    /// </summary>
    public long? FirstRow => Previous is null ? 1
        : Next is null && Counted > Count ? Counted - Count + 1
        : Query.Row is { } row && row > 1 && !(row + Count > Counted) ? row
        : null;

    /// <summary>How many rows there are in all; null where only counting would tell.</summary>
    public long? Total => Next is null ? FirstRow + Count - 1 : FirstRow + Count > Counted ? null : Counted;

    /// <summary>The same where nothing in the address could make it up: for whoever acts on all.</summary>
    public long? CertainTotal => Counted ?? (Previous is null && Next is null ? Count : null);

    /// <summary>"51–100 of 203".</summary>
    public string Place => (FirstRow, Total) switch
    {
        ({ } first, { } total) => $"{first.Grouped()}–{(first + Count - 1).Grouped()} of {total.Grouped()}",
        ({ } first, null) => $"{first.Grouped()}–{(first + Count - 1).Grouped()} of over {(first + Count - 1).Grouped()}",
        (null, { } total) => $"{((long)Count).Grouped()} of {total.Grouped()}",
        _ => ((long)Count).Of("row", "rows"),
    };

    public string? ToNext => Next is null ? null : Query.AtRow(Path, Next, FirstRow + Count);
    public string? ToPrevious => Previous is null ? null : Query.AtRow(Path, Previous, Math.Max(1, (FirstRow ?? 1) - Size));

    /// <summary>One lookup of what several fields offer.</summary>
    public static ILookup<string, ListOption> Offers(params IEnumerable<(string Field, ListOption Option)>[] fields) =>
        fields.SelectMany(f => f).ToLookup(f => f.Field, f => f.Option);
}
