using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Hearing;

/// <summary>
/// A sign-up asks who owns the domain before its turn. When the domain was lost between the two, the unclaiming that follows the loss may have passed already:
/// the account is then given back here (SPEC C4, D12).
/// </summary>
sealed class WhenAccountSignedUp(IMediator mediator) : INotificationHandler<AccountSignedUp>
{
    public async Task Handle(AccountSignedUp fact, CancellationToken ct)
    {
        if (fact.ClaimedBy is not { } organization) return;
        var owner = await mediator.Send(new WhoOwnsDomain(EmailAddress.Trusted(fact.Email).Domain), ct);
        if (owner?.Organization != organization) await mediator.Send(new UnclaimAccount(fact.Account, organization, Exclude: false, Origin.Schedule), ct);
    }
}
