using System.Text.Json.Serialization;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Accounts.Bulk;

/// <summary>What a bulk job does to each account: preview, export and run all ask <see cref="Decide"/>, which asks the account itself, or
/// the room that does it (SPEC C8; <see cref="BulkDeeds"/>).</summary>
/// <param name="Actor">Who asked: nobody does this to the own account.</param>
/// <param name="Target">See <see cref="PrepareBulk.Target"/>.</param>
sealed record BulkOrder(BulkAction Action, OrganizationId By, Guid? Actor, string? Reason = null, string? Message = null,
    bool Notify = true, string? Target = null)
{
    /// <param name="owned">Domains that the organization owns now; only <see cref="BulkAction.Reclaim"/> asks.</param>
    public Outcome<AccountFact> Decide(Account account, IReadOnlySet<string> owned, DateTimeOffset now) => Action switch
    {
        BulkAction.Deactivate => account.Deactivate(By, Actor, Reason, Message, Notify, now),
        BulkAction.Reactivate => account.Reactivate(By, now),
        BulkAction.Delete => account.ScheduleDeletion(By, Actor, now),
        BulkAction.CancelDeletion => account.CancelDeletion(By, now),
        BulkAction.Unclaim => account.Unclaim(By, exclude: true, now),
        BulkAction.Reclaim when account.Email is { } email && owned.Contains(email.Domain) =>
            account.Claim(By, email.Domain, evenIfExcluded: true, now),
        BulkAction.Reclaim => account.State is AccountState.Deleted ? new AccountIsDeleted() : new DomainNotOwned(),
        BulkAction.ResetPassword or BulkAction.LogOut or BulkAction.RevokeApiTokens or BulkAction.MoveToPolicy => throw Elsewhere,
    };

    /// <summary>The code of a granted item in counts and result files.</summary>
    [JsonIgnore]
    public string Code => Action switch
    {
        BulkAction.Deactivate => "deactivated",
        BulkAction.Reactivate => "reactivated",
        BulkAction.Delete => "deletionScheduled",
        BulkAction.CancelDeletion => "deletionCancelled",
        BulkAction.Unclaim => "unclaimed",
        BulkAction.Reclaim => "claimed",
        BulkAction.ResetPassword or BulkAction.LogOut or BulkAction.RevokeApiTokens or BulkAction.MoveToPolicy => throw Elsewhere,
    };

    InvalidOperationException Elsewhere => new($"{Action} is carried out by another room");

    /// <param name="target">How <see cref="Target"/> is called; "" for none.</param>
    public string Title(long accounts, bool undo, string target = "") => $"{(undo ? "Undo: " : "")}{Action switch
    {
        BulkAction.Deactivate => "Deactivate",
        BulkAction.Reactivate => "Reactivate",
        BulkAction.Delete => "Delete",
        BulkAction.CancelDeletion => "Cancel the deletion of",
        BulkAction.Unclaim => "Unclaim",
        BulkAction.Reclaim => "Claim again",
        BulkAction.ResetPassword => "Reset the password of",
        BulkAction.LogOut => "Log out",
        BulkAction.RevokeApiTokens => "Revoke the API tokens of",
        BulkAction.MoveToPolicy => "Move",
    }} {accounts:N0} {(accounts == 1 ? "account" : "accounts")}{(target.Length == 0 ? "" : $" to “{target}”")}";
}
