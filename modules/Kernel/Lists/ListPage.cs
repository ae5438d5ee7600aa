namespace DirectoryPlatform.Kernel.Lists;

/// <summary>By what a list can be sorted; which of these a list knows stands in its description.</summary>
public enum ListSort { Name, Email, Status, LastActive, Added }

/// <summary>Which page of a list is wanted.</summary>
/// <param name="Cursor">As given by an earlier page of the same list in the same order; null for the first page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record PageAsked(ListSort Sort, bool Descending, string? Cursor, int Size);

/// <param name="Next">Cursor of the following page; null on the last.</param>
/// <param name="Previous">Cursor of the page before; null on the first.</param>
public sealed record ListPage<TRow>(IReadOnlyList<TRow> Rows, string? Next = null, string? Previous = null)
{
    public static readonly ListPage<TRow> Empty = new([]);

    /// <summary>The same page with what stands beside its rows.</summary>
    public ListPage<TOther> With<TOther>(IEnumerable<TOther> rows) => new([.. rows], Next, Previous);
}

/// <summary>A torn cursor, or one of another list or order: to begin anew unasked would show rows twice.</summary>
public sealed record BrokenCursor()
    : Refusal("brokenCursor", "This cursor was not issued for this list in this order. Start again without it.");
