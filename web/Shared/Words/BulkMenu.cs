using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Web.Words;

/// <summary>The actions that the list of managed accounts offers, in the order of its menu.</summary>
static class BulkMenu
{
    public static readonly IReadOnlyList<(string Value, string Label)> Offered =
    [
        (AccountActions.Deactivate, "Deactivate"), (AccountActions.Reactivate, "Reactivate"), (AccountActions.Delete, "Delete"),
        (AccountActions.CancelDeletion, "Cancel deletion"), (AccountActions.Unclaim, "Unclaim"),
        (AccountActions.ResetPassword, "Reset password"), (AccountActions.LogOut, "Log out everywhere"),
        (AccountActions.RevokeApiTokens, "Revoke API tokens"),
    ];

    /// <summary>What a menu sends: "deactivate", or "policy:" and the id of one.</summary>
    /// <returns>Null for nothing that is offered.</returns>
    public static (string Action, string? Target)? Parse(string? value) =>
        value?.Split(':') is [AccountActions.MoveToPolicy, var policy] ? (AccountActions.MoveToPolicy, policy)
            : Offered.Any(o => o.Value == value) ? (value!, null) : null;
}
