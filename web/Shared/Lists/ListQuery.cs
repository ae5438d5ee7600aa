using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace DirectoryPlatform.Web.Lists;

/// <summary>A list's address as it stands in the URL: filters, order, size and place. Whatever is not understood is read as not given, so
/// that an old or mistyped link still shows a list; of a place that is none the page and the status say so.</summary>
[ModelBinder(typeof(ListQueryBinder))]
public abstract class ListQuery
{
    public static readonly IReadOnlyList<int> Sizes = [25, 50, 100, 250, 1000];
    const int UsualSize = 50;

    /// <summary>What the address says besides the filters and the place.</summary>
    static readonly string[] Arranging = ["sort", "dir", "size", "row"];

    readonly Dictionary<string, string?> _typed = [];

    /// <summary>The filters, in the order of the form.</summary>
    public abstract IReadOnlyList<ListField> Fields { get; }

    /// <summary>The columns that sort; none for a list of one order.</summary>
    public virtual IReadOnlyList<FilterWord<ListSort>> Orders => [];

    /// <summary>As typed, whether it is understood or not.</summary>
    public string? Typed(string name) => _typed.GetValueOrDefault(name);

    /// <summary>A filter as it is understood; null when it is not set.</summary>
    public string? this[string name] => Blank(Typed(name)) is { } text ? Fields.First(f => f.Name == name).Read(text) : null;

    /// <summary>Why a filter cannot be applied, in words; null when it can.</summary>
    public virtual string? FaultOf(string name) => Typed(name) is { } text ? Fields.First(f => f.Name == name).Fault(text) : null;

    public string? Fault => Fields.Select(f => FaultOf(f.Name)).FirstOrDefault(f => f is not null);

    /// <summary>Whether every filter that is set is applied. A list is shown without one that is not understood; nothing is done to all
    /// of it, and no file is made of it: they would be more than were meant.</summary>
    public bool IsApplied => Fault is null
        && Fields.All(f => Blank(Typed(f.Name)) is not { } text || f.Read(text) is not null);

    public bool IsFiltered => Filters.Any(f => f.Value is not null);
    public ListSort By => Orders.FirstOrDefault(w => w.Value == Typed("sort"))?.Means ?? ListSort.Name;
    public bool Descending => Orders.Count > 0 && Typed("dir") == "desc";
    public int Rows => int.TryParse(Typed("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && Sizes.Contains(size)
        ? size
        : UsualSize;

    /// <summary>Where in the list.</summary>
    public string? At { get; private set; }

    /// <summary>Number of the page's first row, as the link to it said. A hint, for what the page says and for nothing else: who writes
    /// another number into the address, or comes when rows have come and gone, sees the same rows.</summary>
    public long? Row => At is not null && int.TryParse(Typed("row"), NumberStyles.None, CultureInfo.InvariantCulture, out var row)
        && row > 0 ? row : null;

    /// <summary>For routes that bind no form.</summary>
    public static T Of<T>(IQueryCollection query) where T : ListQuery, new()
    {
        var made = new T();
        made.Take(name => query[name]);
        return made;
    }

    /// <summary>Whether the address named a place that no list has given, and the list begins at its first row instead.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Tells the answer.</summary>
    internal Action Lost { private get; set; } = () => { };

    /// <returns>The first row's place.</returns>
    public string? Begin()
    {
        IsLost = true;
        Lost();
        return At = null;
    }

    internal void Take(Func<string, StringValues> sent)
    {
        foreach (var name in Fields.Select(f => f.Name).Concat(Arranging)) _typed[name] = One(sent(name));
        At = Blank(One(sent("at")));
    }

    /// <summary>What is sent several times is one text, which is then not understood: the first of them could be empty, and so mean
    /// everyone.</summary>
    static string? One(StringValues sent) => sent.Count == 0 ? null : string.Join(',', sent.ToArray());

    /// <summary>Whether an address says nothing but what this list knows: a filter whose name is mistyped would be passed over.</summary>
    /// <param name="besides">What the page takes besides the list's own.</param>
    public bool Knows(IQueryCollection query, params IReadOnlyList<string> besides) => query.Keys.All(
        Fields.Select(f => f.Name).Concat(Arranging).Append("at").Concat(besides).ToHashSet(StringComparer.OrdinalIgnoreCase).Contains);

    /// <summary>The page that is meant; none while the filters are at fault. A place that is none is the first page, too.</summary>
    public async Task<ListPage<T>> Read<T>(Func<string?, Task<Outcome<ListPage<T>>>> page)
    {
        if (Fault is not null) return ListPage<T>.Empty;
        var read = await page(At);
        if (read.Refusal is BrokenCursor) read = await page(Begin());
        return read.Value;
    }

    /// <summary>This list from another row on.</summary>
    /// <param name="row">Its number, where it is known.</param>
    public string AtRow(string path, string? cursor, long? row) => Path(path, [.. Given, .. Place(cursor, row)]);

    /// <summary>This list as it is shown.</summary>
    public string Here(string path) => Path(path, Shown);

    /// <summary>What the address says now, with the place in the list.</summary>
    public IEnumerable<(string Name, string? Value)> Shown => [.. Given, .. Place(At, Row)];

    /// <summary>The same for what is to be done to its rows: a filter that is not understood goes along as it was typed, so that "all that
    /// match" does not mean more than was meant.</summary>
    public IEnumerable<(string Name, string? Value)> Meant => [.. FiltersMeant, .. Shown.Skip(Fields.Count)];

    IEnumerable<(string Name, string? Value)> FiltersMeant => Fields.Select(f => (f.Name, this[f.Name] ?? Blank(Typed(f.Name))));

    /// <summary>The file of its rows, or the page that offers it. What is not understood goes along here, too: a file without it would be
    /// of more people than were meant.</summary>
    public string AsFile(string path) => Path(path, FiltersMeant);

    static (string, string?)[] Place(string? cursor, long? row) =>
        [("at", cursor), ("row", cursor is null ? null : row?.ToString(CultureInfo.InvariantCulture))];

    /// <summary>This list by one filter alone, or by none, from its first row on, in the same order and size.</summary>
    public string FilteredBy(string path, (string Name, string Value)? filter) =>
        Path(path, [.. filter is { } one ? [(one.Name, one.Value)] : (IEnumerable<(string, string?)>)[], .. Given.Skip(Fields.Count)]);

    /// <summary>This list by the same filters but for these, from its first row on.</summary>
    public string With(string path, params (string Name, string? Value)[] filters) =>
        Path(path, Given.Select(g => filters.FirstOrDefault(f => f.Name == g.Name, g)));

    /// <summary>Whether no other filter is set.</summary>
    public bool IsFilteredAtMostBy(string name) => Filters.All(f => f.Value is null || f.Name == name);

    /// <summary>This list by another column, or the other way round when it is sorted by it already. Cursors belong to one order, so it
    /// begins at the first page.</summary>
    public string SortedBy(string path, ListSort column) =>
        Path(path, [.. Filters, ("sort", column is ListSort.Name ? null : Orders.First(w => w.Means == column).Value),
            ("dir", By == column && !Descending ? "desc" : null), RowsGiven]);

    /// <summary>The same rows at another place.</summary>
    public string Elsewhere(string path) => Path(path, Filters);

    /// <summary>Each filter that is set, in words, with the list that does without it. What its field refuses has no chip: the field says
    /// it.</summary>
    /// <param name="offered">What the page offers beside the fields' own options, by field.</param>
    public IEnumerable<(string Text, string Without)> Chips(string path, ILookup<string, ListOption>? offered = null) =>
        from field in Fields
        let value = this[field.Name]
        where value is not null && field.Fault(Typed(field.Name)!) is null
        let option = (offered?[field.Name] ?? []).Concat(field.Options).FirstOrDefault(o => o.Value == value)
        select (field.Chip(option ?? new(value, "")), Path(path, Given.Select(f => f.Name == field.Name ? (f.Name, null) : f)));

    /// <summary>What the address says now, filters first, without the place in the list.</summary>
    public IEnumerable<(string Name, string? Value)> Given =>
        [.. Filters, ("sort", By is ListSort.Name ? null : Typed("sort")), ("dir", Descending ? "desc" : null), RowsGiven];

    /// <summary>The filters as they stand in the address; null where they are not set.</summary>
    public IEnumerable<(string Name, string? Value)> Filters => Fields.Select(f => (f.Name, this[f.Name]));

    /// <summary>The size, where it is not the usual one.</summary>
    public (string Name, string? Value) RowsGiven => ("size", Rows == UsualSize ? null : Rows.ToString(CultureInfo.InvariantCulture));

    protected T? Word<T>(string name, IReadOnlyList<FilterWord<T>> words) where T : struct =>
        words.FirstOrDefault(w => w.Value == this[name])?.Means;

    /// <summary>Null for what is no day.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>A day of the address as a chip says it.</summary>
    protected static string Words(string day) => Day(day)!.Value.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    static string Path(string path, IEnumerable<(string Name, string? Value)> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>All that match were meant, or a file of them, by a filter that cannot be applied.</summary>
sealed record FilterNotApplied()
    : Refusal("filterNotApplied", "A filter of this list was not understood, so nothing was done. Set the filters again.");

/// <summary>The place alone, for a list without filters.</summary>
public sealed class PageQuery : ListQuery
{
    public override IReadOnlyList<ListField> Fields => [];
}

sealed class ListQueryBinder : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext context)
    {
        var query = (ListQuery)Activator.CreateInstance(context.ModelType)!;
        query.Take(name => context.ValueProvider.GetValue(name).Values);
        // htmx shows no answer with such a status.
        var (asked, answer) = (context.HttpContext.Request, context.HttpContext.Response);
        if (!asked.Headers.ContainsKey("HX-Request")) query.Lost = () => answer.StatusCode = StatusCodes.Status400BadRequest;
        context.Result = ModelBindingResult.Success(query);
        return Task.CompletedTask;
    }
}
