namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>The Managed accounts list's address (SPEC M1).</summary>
public sealed class ManagedAccountQuery : ListQuery
{
    /// <summary>A new one is one more line here, its word in <see cref="Filter"/>, and its condition in the room that knows.</summary>
    static readonly IReadOnlyList<ListField> All =
    [
        ListField.Search(),
        ListField.Choice("status", "Status", FilterLabels.States),
        // No domain is longer (RFC 1035, 2.3.4).
        ListField.Offered("domain", "Domain", text => text.Length <= 253 ? text : null, domain => $"Domain {domain.Value}"),
        ListField.Choice("active", "Last active", FilterLabels.Activity, "Last active: ") with { Any = "Any time" },
        ListField.Choice("verified", "Email address", FilterLabels.YesNo, "Email "),
        ListField.Offered("policy", "Policy", text => Guid.TryParse(text, out var id) ? id.ToString() : null,
            policy => $"Policy {(policy.Label.Length > 0 ? policy.Label : "that no longer exists")}"),
        ListField.Offered("app", "App", FilterLabels.App, app => $"App {app.Value}"),
        ListField.Choice("sites", "Sites", FilterLabels.OnSites),
        ListField.Choice("billable", "Billing", FilterLabels.Billing),
        ListField.Choice("twostep", "Two-step verification", FilterLabels.OnOff, "Two-step verification "),
        ListField.Choice("secure", "Secure login", FilterLabels.SecureLogins, "Secure login: "),
        ListField.Day("from", "Added from", day => $"Added from {Words(day.Value)}"),
        ListField.Day("to", "Added until", day => $"Added until {Words(day.Value)}"),
    ];

    /// <summary>A new one is one more line here and its cell in <c>_List.cshtml</c>.</summary>
    public static readonly IReadOnlyList<ListColumn> Columns =
    [
        new("name", "Name", ListSort.Name, ListSort.Email) { Always = true }, new("status", "Status", ListSort.Status),
        new("active", "Last active", ListSort.LastActive), new("added", "Added", ListSort.Added), new("apps", "Apps"),
        new("policy", "Policy"),
    ];

    public override IReadOnlyList<ListField> Fields => All;
    public override IReadOnlyList<FilterWord<ListSort>> Orders => FilterLabels.Orders;

    public Guid? UnderPolicy => this["policy"] is { } id ? Guid.Parse(id) : null;

    public ManagedAccountFilter Filter => new(
        this["q"], Word("status", FilterLabels.States), this["domain"], Word("active", FilterLabels.Activity), Day(this["from"]),
        Day(this["to"]), Word("verified", FilterLabels.YesNo), UnderPolicy, Word("billable", FilterLabels.Billing),
        Word("twostep", FilterLabels.OnOff), this["app"], Word("sites", FilterLabels.OnSites),
        Word("secure", FilterLabels.SecureLogins));

    public ListManagedAccounts For(OrganizationId organization, string? cursor) =>
        new(organization, Filter, By, Descending, cursor, Rows);
}
