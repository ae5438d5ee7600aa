using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <param name="Value">In the URL.</param>
/// <param name="Label">On the page.</param>
public sealed record FilterWord<T>(string Value, T Means, string Label);

/// <summary>What the list's filters and orders are called in the URL and on the page.</summary>
public static class FilterLabels
{
    public static readonly IReadOnlyList<FilterWord<AccountState>> States =
    [
        new("active", AccountState.Active, "Active"), new("deactivated", AccountState.Deactivated, "Deactivated"),
        new("pending-deletion", AccountState.PendingDeletion, "Pending deletion"),
        new("unverified", AccountState.Unverified, "Unverified"),
    ];

    public static readonly IReadOnlyList<FilterWord<LastActive>> Activity =
    [
        new("never", LastActive.Never, "Never"), new("7", LastActive.Within7Days, "Within 7 days"),
        new("30", LastActive.Within30Days, "Within 30 days"),
        new("90", LastActive.Within90Days, "Within 90 days"), new("longer", LastActive.LongerAgo, "Longer ago"),
    ];

    public static readonly IReadOnlyList<FilterWord<bool>> YesNo = [new("yes", true, "Verified"), new("no", false, "Not verified")];

    public static readonly IReadOnlyList<FilterWord<bool>> OnOff = [new("on", true, "On"), new("off", false, "Off")];

    public static readonly IReadOnlyList<FilterWord<bool>> OnSites = [new("any", true, "On a site"), new("none", false, "On no site")];

    public static readonly IReadOnlyList<FilterWord<bool>> Billing = [new("yes", true, "Billable"), new("no", false, "Non-billable")];

    public static readonly IReadOnlyList<FilterWord<ManagedAccountSort>> Orders =
    [
        new("name", ManagedAccountSort.Name, "Name"), new("email", ManagedAccountSort.Email, "Email address"),
        new("status", ManagedAccountSort.Status, "Status"),
        new("active", ManagedAccountSort.LastActive, "Last active"), new("added", ManagedAccountSort.Added, "Added"),
    ];

    public static string Of<T>(IReadOnlyList<FilterWord<T>> words, T means) =>
        words.First(w => EqualityComparer<T>.Default.Equals(w.Means, means)).Value;

    /// <summary>A set filter as its chip says it.</summary>
    public static string Of(ListQuery query, string filter) => filter switch
    {
        "q" => $"“{query.Filter.Search}”",
        "status" => Label(States, query.State),
        "domain" => $"Domain {query.Filter.Domain}",
        "active" => $"Last active: {Lower(Label(Activity, query.LastActive))}",
        "verified" => $"Email {Lower(Label(YesNo, query.EmailVerified))}",
        "billable" => Label(Billing, query.IsBillable),
        "twostep" => $"Two-step verification {Lower(Label(OnOff, query.HasTwoStep))}",
        "app" => $"App {query.AppId}",
        "sites" => Label(OnSites, query.OnSite),
        "from" => $"Added from {Day(query.AddedFrom)}",
        _ => $"Added until {Day(query.AddedTo)}",
    };

    static string Label<T>(IReadOnlyList<FilterWord<T>> words, T? means) where T : struct => words.First(w => w.Means.Equals(means)).Label;

    static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    static string Day(DateOnly? day) => day?.ToString("d MMM yyyy", CultureInfo.InvariantCulture) ?? "";
}
