using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Policies;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>Unclaimed people leave the organization's policies (SPEC C7). Since the unclaiming itself the rows count for nothing; this
/// clears them away.</summary>
sealed class WhenManagementEnds(IMediator mediator, PolicyStore policies)
    : INotificationHandler<AccountUnclaimed>
{
    /// <summary>A fact may be heard late: whoever has been claimed again meanwhile stays where an admin has put them since, and leaves what
    /// was from before.</summary>
    public async Task Handle(AccountUnclaimed fact, CancellationToken ct)
    {
        var back = await mediator.Send(new WhichAreManaged(fact.By, fact.Accounts), ct);
        await policies.Leave(fact.By, [.. fact.Accounts.Except(back)], null, ct);
        if (back.Count > 0) await policies.Leave(fact.By, back, fact.At, ct);
    }
}
