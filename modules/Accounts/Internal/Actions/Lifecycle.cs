namespace DirectoryPlatform.Accounts.Internal.Actions;

/// <summary>SPEC A3.</summary>
sealed class DeactivateAccounts : LifecycleAction
{
    public override string Name => "deactivate";
    public override string Code => "deactivated";
    public override BulkUndo Undo => new(Code, ManyAccounts.Reactivate);

    public override BulkWords Words => new("Deactivate", "ban", "deactivated", true,
        ["They are signed out everywhere at once and can no longer sign in. All sessions and tokens stop working.",
            "Data, memberships, roles and groups are kept, and are restored when you reactivate them.",
            "You can undo this from the job’s page."])
    { AsksReason = true, AsksNotify = true };

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) =>
        account.Deactivate(order.By, order.Actor, order.Order.Reason, order.Order.Message, order.Order.Notify, order.Now);

    public override Task<Refusal?> Begin(AccountOptions options, BulkDraft draft, BulkOrder order, Origin origin, IMediator mediator,
        CancellationToken ct) => Task.FromResult(DeactivateAccount.RefusalOf(order.Reason, order.Message));
}

/// <summary>SPEC A4.</summary>
sealed class ReactivateAccounts : LifecycleAction
{
    public override string Name => ManyAccounts.Reactivate;
    public override string Code => "reactivated";
    public override bool LooksAtPerson => false;
    public override IReadOnlyList<string> TakesBack => [nameof(AccountDeactivated), nameof(AddressWithdrawn)];

    public override BulkWords Words => new("Reactivate", "rotate-ccw", "reactivated", false,
        ["They can sign in again and get back exactly the access they had before.",
            "Sessions that were ended stay ended."]);

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) => account.Reactivate(order.By, order.Now);
}

/// <summary>SPEC A5.</summary>
sealed class DeleteAccounts : LifecycleAction
{
    public override string Name => ManyAccounts.Delete;
    public override string Code => "deletionScheduled";

    public override BulkWords Words => new("Delete", "trash-2", "scheduled for deletion", true,
        ["They are signed out everywhere at once and can no longer sign in.",
            "After 14 days, their names, email addresses, pictures, profiles, passwords, sessions and tokens are permanently erased, and "
            + "their email addresses become available again.", "Until then, you can cancel the deletion, and they get all access back."])
    { AsksNotify = true, Acknowledge = "I understand that their data is permanently erased after 14 days" };

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) =>
        account.ScheduleDeletion(order.By, order.Actor, order.Now);

    internal override string? ToType(AccountOptions options, long number) =>
        number > TypeAbove || options.Everybody ? number.ToString(CultureInfo.InvariantCulture) : null;
}

/// <summary>SPEC A5.</summary>
sealed class CancelDeletions : LifecycleAction
{
    public override string Name => "cancel-deletion";
    public override string Code => "deletionCancelled";
    public override bool LooksAtPerson => false;

    public override BulkWords Words => new("Cancel deletion", "rotate-ccw", "kept: their deletion is cancelled", false,
        ["They are active again with all the access they had, including those that were deactivated before the deletion."])
    { Verb = "Cancel the deletion of", AsksNotify = true };

    public override Outcome<AccountFact> Decide(Account account, AccountOrder order) => account.CancelDeletion(order.By, order.Now);
}
