using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using MediatR;

namespace DirectoryPlatform.Security.Policies;

/// <summary>Which rules hold for an account now: those of its policy while an organization manages it.</summary>
sealed class PolicyOf(IMediator mediator, PolicyStore store)
{
    public async Task<PolicyRules> Account(AccountId account, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(account), ct) is { Granted: true, Value.ManagedBy: { } organization } ? await Managed(account, organization, ct) : PolicyRules.WithoutPolicy;

    /// <param name="organization">Who manages the account now.</param>
    public async Task<PolicyRules> Managed(AccountId account, OrganizationId organization, CancellationToken ct) =>
        (await store.Of(organization, account, ct))?.Settings.Rules ?? PolicyRules.WithoutPolicy;
}
