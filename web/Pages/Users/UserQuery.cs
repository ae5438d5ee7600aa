using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>A Users list's address as it stands in the URL (SPEC U2). Whatever is not understood is read as not given, so that an old or
/// mistyped link still shows a list.</summary>
public sealed class UserQuery
{
    const int UsualSize = 50;

    /// <summary>No name and no email is longer (RFC 5321, 4.5.3.1.3).</summary>
    const int LongestSearch = 254;

    public string? Q { get; set; }
    public string? Status { get; set; }
    public string? Type { get; set; }
    public string? Active { get; set; }
    public string? App { get; set; }
    public string? Group { get; set; }
    public string? Sort { get; set; }
    public string? Dir { get; set; }
    public string? Size { get; set; }
    public string? At { get; set; }

    /// <summary>For routes that bind no form.</summary>
    public static UserQuery Of(IQueryCollection query) =>
        new()
        {
            Q = query["q"],
            Status = query["status"],
            Type = query["type"],
            Active = query["active"],
            App = query["app"],
            Group = query["group"]
        };

    /// <summary>The membership is kept, and the account cannot act (SPEC A17).</summary>
    const string DormantWord = "dormant";

    public static readonly IReadOnlyList<FilterWord<UserStatus>> States =
        [new("active", UserStatus.Active, "Active"), new(DormantWord, UserStatus.Active, "Dormant"),
            new("invited", UserStatus.Invited, "Invited"), new("suspended", UserStatus.Suspended, "Suspended")];

    public static readonly IReadOnlyList<FilterWord<UserType>> Types =
        [new("managed", UserType.Managed, "Managed"), new("external", UserType.External, "External"),
            new("never-invited", UserType.NeverInvited, "Managed, on no site")];

    /// <summary>Why the search cannot be done, in words; null when it can.</summary>
    public string? Fault => Q switch
    {
        { Length: > LongestSearch } => $"A search has at most {LongestSearch} characters.",
        not null when Q.Any(char.IsControl) => "A search cannot hold control characters.",
        _ => null,
    };

    public UserStatus? State => Word(States, Status);
    public UserType? Kind => Word(Types, Type);
    public LastActive? LastActive => Word(FilterLabels.Activity, Active);
    public string? AppId =>
        App is { Length: > 0 and <= 31 } && App.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? App : null;
    public GroupId? GroupId => Guid.TryParse(Group, out var id) ? new GroupId(id) : null;
    public ManagedAccountSort By => Word(FilterLabels.Orders, Sort) ?? ManagedAccountSort.Name;
    public bool Descending => Dir == "desc";
    public int Rows => int.TryParse(Size, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && ListQuery.Sizes.Contains(size)
        ? size
        : UsualSize;

    public UserFilter Filter =>
        new(Blank(Q), State, Kind, LastActive, AppId, GroupId) { Dormant = State is UserStatus.Active ? Status == DormantWord : null };
    public bool IsFiltered => Filter != UserFilter.Everybody;

    public ListUsers For(UserScope scope) => new(scope, Filter, By, Descending, Blank(At), Rows);

    public string AtRow(string path, string? cursor) => Path(path, Given.Append(("at", cursor)));

    /// <summary>Cursors belong to one order, so another one begins at the first page.</summary>
    public string SortedBy(string path, ManagedAccountSort column) =>
        Path(path, Filters.Append(("sort", column is ManagedAccountSort.Name ? null : FilterLabels.Of(FilterLabels.Orders, column)))
            .Append(("dir", By == column && !Descending ? "desc" : null)).Append(RowsGiven));

    public string Elsewhere(string path) => Path(path, Filters);

    public IEnumerable<(string Text, string Without)> Chips(string path) =>
        from filter in Filters
        where filter.Value is not null
        select (Words(filter.Name), Path(path, Given.Select(f => f.Name == filter.Name ? (f.Name, null) : f)));

    public IEnumerable<(string Name, string? Value)> Given =>
        [.. Filters, ("sort", By is ManagedAccountSort.Name ? null : Sort), ("dir", Descending ? "desc" : null), RowsGiven];

    public IEnumerable<(string Name, string? Value)> Filters =>
    [
        ("q", Blank(Q)), ("status", State is null ? null : Status), ("type", Kind is null ? null : Type),
        ("active", LastActive is null ? null : Active), ("app", AppId), ("group", GroupId is null ? null : Group),
    ];

    (string Name, string? Value) RowsGiven => ("size", Rows == UsualSize ? null : Rows.ToString(CultureInfo.InvariantCulture));

    string Words(string filter) => filter switch
    {
        "q" => $"“{Filter.Search}”",
        "status" => States.First(w => w.Value == Status).Label,
        "type" => Types.First(w => w.Means == Kind).Label,
        "active" => $"Last active: {FilterLabels.Activity.First(w => w.Means == LastActive).Label.ToLowerInvariant()}",
        "app" => $"App {AppId}",
        _ => "In a group",
    };

    static string Path(string path, IEnumerable<(string Name, string? Value)> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    static T? Word<T>(IReadOnlyList<FilterWord<T>> words, string? value) where T : struct =>
        words.FirstOrDefault(w => w.Value == value)?.Means;
}
