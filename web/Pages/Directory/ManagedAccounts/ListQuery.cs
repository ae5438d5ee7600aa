using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory;
using DirectoryPlatform.Domains;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The list's address as it stands in the URL (SPEC M1). Whatever is not understood is read as not given, so that an old or mistyped link still shows a list.</summary>
public sealed class ListQuery
{
    public static readonly IReadOnlyList<int> Sizes = [25, 50, 100, 500, 1000];
    const int UsualSize = 50;

    /// <summary>No name and no email is longer (RFC 5321, 4.5.3.1.3).</summary>
    const int LongestSearch = 254;

    public string? Q { get; set; }
    public string? Status { get; set; }
    public string? Domain { get; set; }
    public string? Sort { get; set; }
    public string? Dir { get; set; }
    public string? Size { get; set; }
    public string? At { get; set; }

    /// <summary>Why the search cannot be done, in words; null when it can.</summary>
    public string? Fault => Q switch
    {
        { Length: > LongestSearch } => $"A search has at most {LongestSearch} characters.",
        not null when Q.Any(char.IsControl) => "A search cannot hold control characters.",
        _ => null,
    };

    public AccountState? State => Status switch
    {
        "active" => AccountState.Active,
        "unverified" => AccountState.Unverified,
        "deactivated" => AccountState.Deactivated,
        "pending-deletion" => AccountState.PendingDeletion,
        _ => null,
    };

    public ManagedAccountSort By => Sort switch { "email" => ManagedAccountSort.Email, "added" => ManagedAccountSort.Added, _ => ManagedAccountSort.Name };
    public bool Descending => Dir == "desc";
    public int Rows => int.TryParse(Size, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && Sizes.Contains(size) ? size : UsualSize;
    public bool IsFiltered => !string.IsNullOrWhiteSpace(Q) || State is not null || !string.IsNullOrWhiteSpace(Domain);

    /// <summary>For "all that match this filter".</summary>
    public ManagedAccountFilter Filter => new(Blank(Q), State, Blank(Domain));

    /// <summary>As hidden fields of a form that acts on all that match.</summary>
    public IEnumerable<(string Name, string Value)> Fields => ((string Name, string? Value)[])[("q", Blank(Q)), ("status", State is null ? null : Status), ("domain", Blank(Domain)), ("sort", Blank(Sort)), ("dir", Blank(Dir)), ("size", Blank(Size)), ("at", Blank(At))]
        is var all ? all.Where(f => f.Value is not null).Select(f => (f.Name, f.Value!)) : [];

    public ListManagedAccounts For(OrganizationId organization) =>
        new(organization, Blank(Q), State, Blank(Domain), By, Descending, Blank(At), Rows);

    /// <summary>This list from another row on.</summary>
    public string From(string path, string? cursor) => Path(path, Sort, Dir, cursor);

    /// <summary>This list by another column, or the other way round when it is sorted by it already. Cursors belong to one order, so it begins at the first page.</summary>
    public string SortedBy(string path, ManagedAccountSort column) => Path(path, column.ToString().ToLowerInvariant(), By == column && !Descending ? "desc" : null, null);

    string Path(string path, string? sort, string? dir, string? cursor) => QueryHelpers.AddQueryString(path, new Dictionary<string, string?>
    {
        ["q"] = Blank(Q),
        ["status"] = State is null ? null : Status,
        ["domain"] = Blank(Domain),
        ["sort"] = Blank(sort),
        ["dir"] = Blank(dir),
        ["size"] = Rows == UsualSize ? null : Rows.ToString(CultureInfo.InvariantCulture),
        ["at"] = cursor,
    }.Where(p => p.Value is not null));

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
