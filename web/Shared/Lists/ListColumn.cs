namespace DirectoryPlatform.Web.Lists;

/// <summary>A column of a list.</summary>
/// <param name="Name">In the cookie, and after <c>col-</c> the class that says how wide it is (<c>list.css</c>).</param>
/// <param name="Sorts">The orders that its head offers.</param>
public sealed record ListColumn(string Name, string Label, params IReadOnlyList<ListSort> Sorts)
{
    /// <summary>Cannot be taken away.</summary>
    public bool Always { get; init; }
}

/// <summary>How somebody has lists look: what the browser remembers in two cookies, which <c>list.js</c> writes. They hold names of columns
/// and nothing else, and a name that no column has is read as not chosen.</summary>
/// <param name="Compact">Rows of 36 pixels instead of 44.</param>
/// <param name="Hidden">Columns of this list that are not shown.</param>
public sealed record ListLook(bool Compact, IReadOnlySet<string> Hidden)
{
    public static readonly ListLook Usual = new(false, new HashSet<string>());

    /// <param name="list">Its key, as in <see cref="ListView.Key"/>.</param>
    public static ListLook Of(IRequestCookieCollection cookies, string list) =>
        new(cookies["density"] == "compact", (cookies[$"hide-{list}"] ?? "").Split('.').ToHashSet());
}
