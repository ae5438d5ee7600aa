using DirectoryPlatform.Sites;

namespace DirectoryPlatform.Web.Words;

/// <summary>How a change of a membership is called in addresses and on pages (SPEC U4, U5).</summary>
/// <param name="Value">In forms and addresses.</param>
/// <param name="Done">"… is suspended", "12 users are suspended".</param>
public sealed record ChangeWords(MembershipChange Change, string Value, string Label, string Icon, string Done,
    IReadOnlyList<string> Consequences)
{
    public static readonly IReadOnlyList<ChangeWords> All =
    [
        new(MembershipChange.Suspend, "suspend", "Suspend", "ban", "suspended",
            ["No app of the site can be used any more, from now on.",
                "Roles and groups are kept, dormant, and come back when you restore access. Other sites of the person stay open."]),
        new(MembershipChange.Restore, "restore", "Restore", "rotate-ccw", "restored",
            ["The same roles and groups as before the suspension open their apps again."]),
        new(MembershipChange.Remove, "remove", "Remove", "user-minus", "removed",
            ["Roles in apps of the site, and memberships of groups that open something there, are taken away for good.",
                "The account lives on, and stays managed if it is. To come back, the person must be invited again."]),
    ];

    public static ChangeWords? Parse(string? value) => All.FirstOrDefault(w => w.Value == value);

    public static ChangeWords Of(MembershipChange change) => All.First(w => w.Change == change);
}
