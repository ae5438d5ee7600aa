namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>What the lists' filters and orders are called in the URL and on the page.</summary>
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

    public static readonly IReadOnlyList<FilterWord<SecureLogin>> SecureLogins =
    [
        new("yes", SecureLogin.Any, "Yes"), new("single-sign-on", SecureLogin.SingleSignOn, "Single sign-on"),
        new("two-step", SecureLogin.TwoStep, "Two-step verification"), new("no", SecureLogin.None, "Password only"),
    ];

    public static readonly IReadOnlyList<FilterWord<bool>> YesNo = [new("yes", true, "Verified"), new("no", false, "Not verified")];

    public static readonly IReadOnlyList<FilterWord<bool>> OnOff = [new("on", true, "On"), new("off", false, "Off")];

    public static readonly IReadOnlyList<FilterWord<bool>> OnSites = [new("any", true, "On a site"), new("none", false, "Not on a site")];

    public static readonly IReadOnlyList<FilterWord<bool>> Billing = [new("yes", true, "Billable"), new("no", false, "Non-billable")];

    public static readonly IReadOnlyList<FilterWord<ListSort>> Orders =
    [
        new("name", ListSort.Name, "Name"), new("email", ListSort.Email, "Email address"),
        new("status", ListSort.Status, "Status"),
        new("active", ListSort.LastActive, "Last active"), new("added", ListSort.Added, "Added"),
    ];

    /// <summary>An app's id, which is a short name; null for what looks like none.</summary>
    public static string? App(string text) =>
        text.Length <= 31 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? text : null;
}
