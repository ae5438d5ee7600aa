using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security.Policies;
using MediatR;

namespace DirectoryPlatform.Security.Hearing;

/// <summary>Unclaimed people leave the organization's policies (SPEC C7). Since the unclaiming itself the rows count for nothing; this
/// clears them away.</summary>
sealed class WhenManagementEnds(IMediator mediator, PolicyStore policies)
    : INotificationHandler<AccountUnclaimed>, INotificationHandler<AccountsUnclaimed>
{
    public Task Handle(AccountUnclaimed fact, CancellationToken ct) => Leave(fact.By, [fact.Account], fact.At, ct);
    public Task Handle(AccountsUnclaimed fact, CancellationToken ct) => Leave(fact.By, fact.Accounts, fact.At, ct);

    /// <summary>A fact may be heard late: whoever has been claimed again meanwhile stays where an admin has put them since, and leaves what
    /// was from before.</summary>
    async Task Leave(OrganizationId by, IReadOnlyList<AccountId> accounts, DateTimeOffset? at, CancellationToken ct)
    {
        var back = await mediator.Send(new WhichAreManaged(by, accounts), ct);
        await policies.Leave(by, [.. accounts.Except(back)], null, ct);
        if (back.Count > 0 && at is not null) await policies.Leave(by, back, at, ct);
    }
}
