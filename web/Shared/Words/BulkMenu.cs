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

/// <summary>How a change of a membership is called in addresses and on pages (SPEC U4, U5).</summary>
/// <param name="Value">In forms and addresses.</param>
/// <param name="Done">"… is suspended", "12 users are suspended".</param>
public sealed record ChangeWords(MembershipChange Change, string Value, string Label, string Icon, string Done,
    IReadOnlyList<string> Consequences)
{
    public static readonly IReadOnlyList<ChangeWords> All =
        [.. Enum.GetValues<MembershipChange>().Select(c => (Change: c, Words: MembershipWords.Of(c)))
            .Select(c => new ChangeWords(c.Change, UserActions.Of(c.Change), c.Words.Label, c.Words.Icon, c.Words.Done,
                c.Words.Consequences))];

    public static ChangeWords? Parse(string? value) => All.FirstOrDefault(w => w.Value == value);
}
