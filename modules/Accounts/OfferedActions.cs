using MediatR;

namespace DirectoryPlatform.Accounts;

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
