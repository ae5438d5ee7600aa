namespace DirectoryPlatform.Web.Words;

/// <summary>The actions that the list of managed accounts offers, in the order of its menu.</summary>
static class BulkMenu
{
    public static readonly IReadOnlyList<(string Value, string Label)> Offered =
    [
        (ManyAccounts.Deactivate, "Deactivate"), (ManyAccounts.Reactivate, "Reactivate"), (ManyAccounts.Delete, "Delete"),
        (ManyAccounts.CancelDeletion, "Cancel deletion"), (ManyAccounts.Unclaim, "Unclaim"),
        (ManyAccounts.ResetPassword, "Reset password"), (ManyAccounts.LogOut, "Log out everywhere"),
        (ManyAccounts.RevokeApiTokens, "Revoke API tokens"),
    ];

    /// <summary>What a menu sends: "deactivate", or "policy:" and the id of one.</summary>
    /// <returns>Null for nothing that is offered.</returns>
    public static (string Action, string? Target)? Parse(string? value) =>
        value?.Split(':') is [ManyAccounts.MoveToPolicy, var policy] ? (ManyAccounts.MoveToPolicy, policy)
            : Offered.Any(o => o.Value == value) ? (value!, null) : null;
}
