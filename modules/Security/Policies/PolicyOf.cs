using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security.Policies;

/// <summary>Which rules hold for an account now: those of its policy while an organization manages it.</summary>
sealed class PolicyOf(IMediator mediator, PolicyStore store)
{
    /// <summary>How far the clocks of two nodes may be apart: whoever was moved so shortly before the claiming was moved after it, by another clock (own choice).</summary>
    static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(5);

    public async Task<PolicyRules> Account(AccountId account, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(account), ct) is { Granted: true, Value: var found } ? await Of(found, ct) : PolicyRules.WithoutPolicy;

    /// <param name="account">As it was just read.</param>
    public async Task<PolicyRules> Of(AccountView account, CancellationToken ct) => (await PolicyFor(account, ct))?.Settings.Rules ?? PolicyRules.WithoutPolicy;

    /// <summary>Null when nobody manages the account. What a policy was given for before the present claiming counts for nothing, even while its row is still there (SPEC C7).</summary>
    public async Task<PolicyView?> PolicyFor(AccountView account, CancellationToken ct) =>
        account.ManagedBy is { } organization ? await store.Of(organization, account.Id, account.ClaimedAt - ClocksDiffer, ct) : null;
}
