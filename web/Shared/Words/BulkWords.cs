using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Web.Words;

/// <summary>How a bulk action is called in forms and on pages.</summary>
/// <param name="Value">In forms and addresses.</param>
/// <param name="Done">"1,234 accounts will be …".</param>
/// <param name="Consequences">What it means for the people, one sentence each.</param>
public sealed record BulkWords(BulkAction Action, string Value, string Label, string Icon, string Done, bool Dangerous, IReadOnlyList<string> Consequences)
{
    /// <summary>Those that the list offers, in the order of the menu.</summary>
    public static readonly IReadOnlyList<BulkWords> Offered =
    [
        new(BulkAction.Deactivate, "deactivate", "Deactivate", "ban", "deactivated", true,
            ["They are signed out everywhere at once and cannot sign in any more; every session and token stops working.", "Data, memberships, roles and groups are kept, and come back when you reactivate them.", "You can undo this from the job’s page."]),
        new(BulkAction.Reactivate, "reactivate", "Reactivate", "rotate-ccw", "reactivated", false,
            ["They can sign in again and get back exactly the access there was before the deactivation.", "Sessions that were ended stay ended."]),
        new(BulkAction.Delete, "delete", "Delete", "trash-2", "scheduled for deletion", true,
            ["They are signed out everywhere at once and cannot sign in any more.", "After 14 days their names, email addresses, pictures, profiles, passwords, sessions and tokens are erased for good, and the email addresses are free again.", "Until then you can cancel the deletion, and they get all access back."]),
        new(BulkAction.CancelDeletion, "cancel-deletion", "Cancel deletion", "rotate-ccw", "kept: their deletion is cancelled", false,
            ["They are active again with all the access there was, even those that were deactivated before the deletion."]),
        new(BulkAction.Unclaim, "unclaim", "Unclaim", "user-minus", "unclaimed", true,
            ["Your organization does not manage them any more. They keep all access and leave your authentication policies.", "The people can change the own email address and delete the account again.", "They go on their domain’s exclusion list, so that automatic claiming does not take them again.", "You can undo this from the job’s page."]),
    ];

    static readonly BulkWords Reclaim = new(BulkAction.Reclaim, "reclaim", "Claim again", "user-plus", "claimed again", false,
        ["Your organization manages them again, as before the unclaiming.", "They leave the exclusion list. Access, sessions and passwords stay as they are."]);

    public static BulkWords Of(BulkAction action) => Offered.FirstOrDefault(w => w.Action == action) ?? Reclaim;

    public static BulkAction? Parse(string? value) => Offered.FirstOrDefault(w => w.Value == value)?.Action;
}
