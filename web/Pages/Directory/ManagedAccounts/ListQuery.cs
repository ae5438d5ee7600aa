using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The list's address as it stands in the URL (SPEC M1). Whatever is not understood is read as not given, so that an old or
/// mistyped link still shows a list.</summary>
public sealed class ListQuery
{
    public static readonly IReadOnlyList<int> Sizes = [25, 50, 100, 250, 1000];
    const int UsualSize = 50;

    /// <summary>No name and no email is longer (RFC 5321, 4.5.3.1.3).</summary>
    const int LongestSearch = 254;

    public string? Q { get; set; }
    public string? Status { get; set; }
    public string? Domain { get; set; }
    public string? Active { get; set; }
    public string? Verified { get; set; }
    public string? From { get; set; }
    public string? To { get; set; }
    public string? Policy { get; set; }
    public string? Billable { get; set; }
    public string? TwoStep { get; set; }
    public string? App { get; set; }
    public string? Sites { get; set; }
    public string? Sort { get; set; }
    public string? Dir { get; set; }
    public string? Size { get; set; }
    public string? At { get; set; }

    /// <summary>For routes that bind no form.</summary>
    public static ListQuery Of(IQueryCollection query) => new()
    {
        Q = query["q"],
        Status = query["status"],
        Domain = query["domain"],
        Active = query["active"],
        Verified = query["verified"],
        From = query["from"],
        To = query["to"],
        Policy = query["policy"],
        Billable = query["billable"],
        TwoStep = query["twostep"],
        App = query["app"],
        Sites = query["sites"],
    };

    /// <summary>Why the search cannot be done, in words; null when it can.</summary>
    public string? Fault => Q switch
    {
        { Length: > LongestSearch } => $"A search has at most {LongestSearch} characters.",
        not null when Q.Any(char.IsControl) => "A search cannot hold control characters.",
        _ => null,
    };

    public AccountState? State => Word(FilterLabels.States, Status);
    public LastActive? LastActive => Word(FilterLabels.Activity, Active);
    public bool? EmailVerified => Word(FilterLabels.YesNo, Verified);
    public DateOnly? AddedFrom => Day(From);
    public DateOnly? AddedTo => Day(To);
    public Guid? UnderPolicy => Guid.TryParse(Policy, out var id) ? id : null;
    public bool? IsBillable => Word(FilterLabels.Billing, Billable);
    public string? AppId =>
        App is { Length: > 0 and <= 31 } && App.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? App : null;
    public bool? OnSite => Word(FilterLabels.OnSites, Sites);
    public bool? HasTwoStep => Word(FilterLabels.OnOff, TwoStep);

    public ManagedAccountSort By => Word(FilterLabels.Orders, Sort) ?? ManagedAccountSort.Name;
    public bool Descending => Dir == "desc";
    public int Rows => int.TryParse(Size, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && Sizes.Contains(size)
        ? size
        : UsualSize;

    public ManagedAccountFilter Filter =>
        new(Blank(Q), State, OwnName, LastActive, AddedFrom, AddedTo, EmailVerified, UnderPolicy, IsBillable, HasTwoStep, AppId, OnSite);
    public bool IsFiltered => Filter != ManagedAccountFilter.Everybody;

    public ListManagedAccounts For(OrganizationId organization) => new(organization, Filter, By, Descending, Blank(At), Rows);

    /// <summary>This list from another row on.</summary>
    public string AtRow(string path, string? cursor) => Path(path, Given.Append(("at", cursor)));

    /// <summary>This list by another column, or the other way round when it is sorted by it already. Cursors belong to one order, so it
    /// begins at the first page.</summary>
    public string SortedBy(string path, ManagedAccountSort column) =>
        Path(path, Filters.Append(("sort", column is ManagedAccountSort.Name ? null : FilterLabels.Of(FilterLabels.Orders, column)))
            .Append(("dir", By == column && !Descending ? "desc" : null)).Append(RowsGiven));

    /// <summary>The same accounts at another place, such as their file.</summary>
    public string Elsewhere(string path) => Path(path, Filters);

    /// <summary>Each filter that is set, in words, with the list that does without it.</summary>
    /// <param name="policy">Name of the policy that is filtered by.</param>
    public IEnumerable<(string Text, string Without)> Chips(string path, string? policy) =>
        from filter in Filters
        where filter.Value is not null
        select (filter.Name == "policy" ? $"Policy {policy ?? "that is not there any more"}" : FilterLabels.Of(this, filter.Name),
            Path(path, Given.Select(f => f.Name == filter.Name ? (f.Name, null) : f)));

    /// <summary>What the address says now, filters first, without the place in the list.</summary>
    public IEnumerable<(string Name, string? Value)> Given => [.. Filters, .. Order, RowsGiven];

    /// <summary>The filters as they stand in the address; null where they are not set.
    /// A new one is one more line here, and its condition in <see cref="ManagedAccountFilter"/>.</summary>
    public IEnumerable<(string Name, string? Value)> Filters =>
    [
        ("q", Blank(Q)),
        ("status", State is null ? null : Status),
        ("domain", OwnName),
        ("active", LastActive is null ? null : Active),
        ("verified", EmailVerified is null ? null : Verified),
        ("from", AddedFrom is null ? null : From),
        ("to", AddedTo is null ? null : To),
        ("policy", UnderPolicy?.ToString()),
        ("billable", IsBillable is null ? null : Billable),
        ("twostep", HasTwoStep is null ? null : TwoStep),
        ("app", AppId),
        ("sites", OnSite is null ? null : Sites),
    ];

    IEnumerable<(string Name, string? Value)> Order =>
        [("sort", By is ManagedAccountSort.Name ? null : Sort), ("dir", Descending ? "desc" : null)];

    (string Name, string? Value) RowsGiven => ("size", Rows == UsualSize ? null : Rows.ToString(CultureInfo.InvariantCulture));

    static string Path(string path, IEnumerable<(string Name, string? Value)> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));

    /// <summary>No domain is longer (RFC 1035, 2.3.4).</summary>
    string? OwnName => Domain?.Length <= 253 ? Blank(Domain) : null;

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    static T? Word<T>(IReadOnlyList<FilterWord<T>> words, string? value) where T : struct =>
        words.FirstOrDefault(w => w.Value == value)?.Means;
}
