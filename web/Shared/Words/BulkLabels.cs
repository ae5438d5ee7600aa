using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Web.Words;

/// <summary>How a bulk action is called in forms and on pages.</summary>
/// <param name="Value">In forms and addresses.</param>
/// <param name="Done">"1,234 accounts will be …".</param>
/// <param name="Consequences">What it means for the people, one sentence each.</param>
public sealed record BulkLabels(BulkAction Action, string Value, string Label, string Icon, string Done, bool Dangerous,
    IReadOnlyList<string> Consequences)
{
    /// <summary>Those that the list offers, in the order of the menu.</summary>
    public static readonly IReadOnlyList<BulkLabels> Offered =
    [
        new(BulkAction.Deactivate, "deactivate", "Deactivate", "ban", "deactivated", true,
            ["They are signed out everywhere at once and cannot sign in any more; every session and token stops working.",
                "Data, memberships, roles and groups are kept, and come back when you reactivate them.",
                "You can undo this from the job’s page."]),
        new(BulkAction.Reactivate, "reactivate", "Reactivate", "rotate-ccw", "reactivated", false,
            ["They can sign in again and get back exactly the access there was before the deactivation.",
                "Sessions that were ended stay ended."]),
        new(BulkAction.Delete, "delete", "Delete", "trash-2", "scheduled for deletion", true,
            ["They are signed out everywhere at once and cannot sign in any more.",
                "After 14 days their names, email addresses, pictures, profiles, passwords, sessions and tokens are erased for good, and "
                + "the email addresses are free again.", "Until then you can cancel the deletion, and they get all access back."]),
        new(BulkAction.CancelDeletion, "cancel-deletion", "Cancel deletion", "rotate-ccw", "kept: their deletion is cancelled", false,
            ["They are active again with all the access there was, even those that were deactivated before the deletion."]),
        new(BulkAction.Unclaim, "unclaim", "Unclaim", "user-minus", "unclaimed", true,
            ["Your organization does not manage them any more. They keep all access and leave your authentication policies.",
                "The people can change the own email address and delete the account again.",
                "They go on their domain’s exclusion list, so that automatic claiming does not take them again.",
                "You can undo this from the job’s page."]),
        new(BulkAction.ResetPassword, "reset-password", "Reset password", "lock", "asked for a new password", true,
            ["They are logged out everywhere at once, and have to choose another password at the next sign-in.",
                "The old password is still asked for before that. Whoever does not know it uses “Forgot your password?”.",
                "Warn them first, if you can: otherwise this comes as a surprise."]) { Verb = "Reset the password of" },
        new(BulkAction.LogOut, "log-out", "Log out everywhere", "log-out", "logged out", true,
            ["All their sessions end at once, in browsers and in apps.",
                "This is no ban: they can sign in again. Their API tokens keep working."]) { Verb = "Log out" },
        new(BulkAction.RevokeApiTokens, "revoke-api-tokens", "Revoke API tokens", "ban", "left without API tokens", true,
            ["All their API tokens stop working at once and for good; programs that use them cannot act in their names any more.",
                "They can make new ones, unless their authentication policy blocks that."]) { Verb = "Revoke the API tokens of" },
    ];

    /// <summary>Offered once for each policy.</summary>
    static readonly BulkLabels MoveToPolicy = new(BulkAction.MoveToPolicy, "policy", "Move", "layers", "moved", false,
        ["What the policy says of signing in holds from their next sign-in; whether API tokens are allowed holds at once.",
            "They leave the policy that they are under now."]);

    static readonly BulkLabels Reclaim = new(BulkAction.Reclaim, "reclaim", "Claim again", "user-plus", "claimed again", false,
        ["Your organization manages them again, as before the unclaiming.",
            "They leave the exclusion list. Access, sessions and passwords stay as they are."]);

    /// <summary>Before "5 accounts".</summary>
    public string Verb { get; init; } = Label;

    public static BulkLabels Of(BulkAction action) =>
        Offered.FirstOrDefault(w => w.Action == action) ?? (action is BulkAction.MoveToPolicy ? MoveToPolicy : Reclaim);

    /// <summary>What the list's menu sends: "deactivate", or "policy:" and the id of one.</summary>
    /// <returns>Null for nothing that is offered.</returns>
    public static (BulkAction Action, string? Target)? Parse(string? value) =>
        value?.Split(':') is ["policy", var policy]
            ? (BulkAction.MoveToPolicy, policy)
            : Offered.FirstOrDefault(w => w.Value == value) is { } words ? (words.Action, null) : null;
}
