using DirectoryPlatform.Accounts.Profiles;
using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>
/// Tells both addresses (SPEC M4). Who owns the new domain was asked before the turn: when it was lost between the two, the unclaiming that follows the loss may have
/// passed already, and the account is given back here (C4, D12).
/// </summary>
sealed class WhenEmailAddressChanged(AccountReading accounts, IMediator mediator, Post post, PublicAddress address) : INotificationHandler<EmailAddressChanged>
{
    public async Task Handle(EmailAddressChanged fact, CancellationToken ct)
    {
        if (await accounts.Of("id", fact.Account.Value, ct) is not { State: not AccountState.Deleted } account) return;
        var byAdmin = fact.By is not null;
        await post.Send(
        [
            new(fact.Before, new EmailChangedLetter(account.Name, byAdmin), fact.By?.Value, StableId.Of(fact.Account, fact.At, "email changed", "old")),
            new(fact.Email, new EmailGivenLetter(account.Name, fact.Before, byAdmin, address.Link("/sign-in")), fact.By?.Value, StableId.Of(fact.Account, fact.At, "email changed", "new")),
        ], ct);
        if ((fact.By ?? fact.ClaimedBy) is not { } manager || account.ManagedBy != manager || account.Email?.Value != fact.Email) return;
        if ((await mediator.Send(new WhoOwnsDomain(account.Email.Value.Domain), ct))?.Organization != manager)
            await mediator.Send(new UnclaimAccount(fact.Account, manager, Exclude: false, Origin.Schedule), ct);
    }
}
