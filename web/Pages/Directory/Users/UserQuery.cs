using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using Microsoft.Extensions.Primitives;

namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>A Users list's address (SPEC U2).</summary>
public sealed class UserQuery : ListQuery
{
    /// <summary>The membership is kept, and the account cannot act (SPEC A17).</summary>
    const string DormantWord = "dormant";

    static readonly IReadOnlyList<FilterWord<UserStatus>> States =
        [new("active", UserStatus.Active, "Active"), new(DormantWord, UserStatus.Active, "Dormant"),
            new("invited", UserStatus.Invited, "Invited"), new("suspended", UserStatus.Suspended, "Suspended")];

    static readonly IReadOnlyList<FilterWord<UserType>> Types =
        [new("managed", UserType.Managed, "Managed"), new("external", UserType.External, "External"),
            new("never-invited", UserType.NeverInvited, "Managed, not on a site")];

    /// <summary>A new one is one more line here and its word in <see cref="Filter"/>.</summary>
    static readonly IReadOnlyList<ListField> All =
    [
        ListField.Search(),
        ListField.Choice("status", "Status", States),
        ListField.Choice("type", "Account type", Types),
        ListField.Choice("active", "Last active", FilterLabels.Activity, "Last active: ") with { Any = "Any time" },
        ListField.Offered("app", "App", FilterLabels.App, app => $"App {app.Value}"),
        new("domain", "Email domain", ListFieldKind.Text,
            text => DomainName.Normalise(text) is { Granted: true, Value: var name } ? name : null, domain => $"Domain {domain.Value}")
        {
            Fault = text => string.IsNullOrWhiteSpace(text) ? null : DomainName.Normalise(text).Refusal?.Sentence,
        },
        new("group", "Group", ListFieldKind.Kept, text => Guid.TryParse(text, out _) ? text : null, _ => "In a group"),
    ];

    /// <summary>A new one is one more line here and its cell in <c>_List.cshtml</c>.</summary>
    public static IReadOnlyList<ListColumn> Columns(bool ofSite) =>
    [
        new("name", "Name", ListSort.Name, ListSort.Email) { Always = true }, new("status", "Status", ListSort.Status),
        new("type", "Type"), new("active", "Last active", ListSort.LastActive), new("added", "Added", ListSort.Added),
        new("places", ofSite ? "Apps" : "Sites"),
    ];

    public override IReadOnlyList<ListField> Fields => All;
    public override IReadOnlyList<FilterWord<ListSort>> Orders => FilterLabels.Orders;

    public UserType? Kind => Word("type", Types);

    public UserFilter Filter => new(this["q"], Word("status", States), Kind, Word("active", FilterLabels.Activity), this["app"],
        this["group"] is { } group ? new GroupId(Guid.Parse(group)) : null)
    { Dormant = Word("status", States) is UserStatus.Active ? this["status"] == DormantWord : null, Domain = this["domain"] };

    /// <summary>Of an organization's sites, the one that an address or a form names besides the filters; null for all. What is no id, or
    /// several, is no site, and never all of them.</summary>
    public static SiteId? SiteOf(StringValues named) => string.IsNullOrEmpty(named.ToString()) ? null
        : new SiteId(Guid.TryParse(named.ToString(), out var id) ? id : Guid.Empty);

    public ListUsers For(UserScope scope, string? cursor) => new(scope, Filter, By, Descending, cursor, Rows);

    /// <summary>What a site's list offers as type: nobody there is on no site.</summary>
    public static IEnumerable<(string Field, ListOption Option)> TypesOnSite =>
        Types.Where(t => t.Means is not UserType.NeverInvited).Select(t => ("type", new ListOption(t.Value, t.Label)));
}
