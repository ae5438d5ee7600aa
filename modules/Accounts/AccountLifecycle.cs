namespace DirectoryPlatform.Accounts;

/// <summary>A command to an account that exists; an unknown id is refused here once for all of them.</summary>
public abstract record AccountCommand(AccountId Account, Origin Origin) : GrainCommand<Account, AccountFact>(Origin)
{
    public sealed override Guid Target => Account.Value;

    public sealed override Outcome<AccountFact> Decide(Account? state, DateTimeOffset now) =>
        state is null ? new NotFound("account") : DecideOn(state, now);

    protected abstract Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now);
}

/// <summary>Takes all access away at once and keeps everything for the way back (SPEC A3).</summary>
/// <param name="Organization">The organization that asks; only the managing one is heard (A7).</param>
/// <param name="Reason">Kept and shown to admins; at most <see cref="MaxText"/> characters.</param>
/// <param name="Message">Shown to the person at sign-in; at most <see cref="MaxText"/> characters.</param>
/// <param name="Notify">Whether the person is told by mail.</param>
public sealed record DeactivateAccount(AccountId Account, OrganizationId Organization, string? Reason, string? Message, bool Notify,
    Origin Origin)
    : AccountCommand(Account, Origin)
{
    /// <summary>Characters of a reason or a message: a paragraph, not an essay (own choice).</summary>
    public const int MaxText = 500;

    /// <summary>Both are read by people, and the message stands in an email.</summary>
    internal static Refusal? RefusalOf(string? reason, string? message) => Wrong("reason", reason) ?? Wrong("message", message);

    static Refusal? Wrong(string field, string? text) => text is null ? null
        : text.Length > MaxText ? new TextTooLong(field)
        : PlainText.AreReadable(text) ? null
        : new InvalidValue(field, "Enter plain text, without control characters or marks that change the text direction.");

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.Deactivate(Organization, Origin.Actor, Reason, Message, Notify, now);
}

/// <summary>Gives back exactly the access there was before (SPEC A4).</summary>
public sealed record ReactivateAccount(AccountId Account, OrganizationId Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) => account.Reactivate(Organization, now);
}

/// <summary>Starts the 14 days of grace (SPEC A5).</summary>
/// <param name="Organization">Null when the person deletes the own, unmanaged account.</param>
public sealed record ScheduleDeletion(AccountId Account, OrganizationId? Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ScheduleDeletion(Organization, Origin.Actor, now);
}

/// <summary>Within the grace, the account becomes active again with all its access (SPEC A5).</summary>
/// <param name="Organization">Null when the person cancels the own deletion.</param>
public sealed record CancelDeletion(AccountId Account, OrganizationId? Organization, Origin Origin) : AccountCommand(Account, Origin)
{
    /// <summary>The account goes back to whom it was taken from (SPEC A15), whoever scheduled its deletion.</summary>
    public bool TakenBack { get; init; }

    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.CancelDeletion(Organization, now, TakenBack);
}

/// <summary>What an admin can do to a managed account.</summary>
public enum AccountAction { Deactivate, Reactivate, ResendVerification, Unclaim, CancelDeletion, Delete }

/// <param name="Refusal">Null when the action is offered; otherwise why it is not.</param>
public sealed record OfferedAction(AccountAction Action, Refusal? Refusal);

/// <summary>Every action in menu order, each put to the account's own rules as it would be when pressed: what is offered and what is
/// granted cannot differ.</summary>
public sealed record OfferedActions(AccountId Account, OrganizationId Organization, AccountId Viewer)
    : IRequest<IReadOnlyList<OfferedAction>>
{
    internal static IReadOnlyList<OfferedAction> Of(Account account, OrganizationId organization, AccountId viewer, DateTimeOffset now) =>
    [
        new(AccountAction.Deactivate, account.Deactivate(organization, viewer.Value, null, null, true, now).Refusal),
        new(AccountAction.Reactivate, account.Reactivate(organization, now).Refusal),
        new(AccountAction.ResendVerification, account.RefusalToMailVerification(organization, viewer.Value)),
        new(AccountAction.Unclaim, account.Unclaim(organization, true, now).Refusal),
        new(AccountAction.CancelDeletion, account.CancelDeletion(organization, now).Refusal),
        new(AccountAction.Delete, account.ScheduleDeletion(organization, viewer.Value, now).Refusal),
    ];
}
