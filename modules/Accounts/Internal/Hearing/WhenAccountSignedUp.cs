namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>
/// A sign-up, and a verification, asks who owns the domain before its turn. When the domain was lost between the two, the unclaiming that
/// follows the loss may have passed already:
/// the account is then given back here (SPEC C4, D12).
/// </summary>
sealed class WhenAccountSignedUp(IMediator mediator) : IHearsMany<AccountSignedUp>, IHearsMany<EmailAddressVerified>
{
    public async Task Hear(IReadOnlyList<AccountSignedUp> facts, CancellationToken ct)
    {
        foreach (var fact in facts)
            if (fact.ClaimedBy is { } organization) await Check(fact.Account, organization, EmailAddress.Trusted(fact.Email), ct);
    }

    public async Task Hear(IReadOnlyList<EmailAddressVerified> facts, CancellationToken ct)
    {
        foreach (var fact in facts) await Check(fact, ct);
    }

    async Task Check(EmailAddressVerified fact, CancellationToken ct)
    {
        if (fact.ClaimedBy is { } organization && await mediator.Send(new ReadAccount(fact.Account), ct) is
            {
                Granted: true,
                Value: { State: not AccountState.Deleted } account
            } && account.ManagedBy == organization)
            await Check(fact.Account, organization, EmailAddress.Trusted(account.Email), ct);
    }

    async Task Check(AccountId account, OrganizationId organization, EmailAddress email, CancellationToken ct)
    {
        var owner = await mediator.Send(new WhoOwnsDomain(email.Domain), ct);
        if (owner?.Organization != organization)
            await mediator.Send(new UnclaimAccount(account, organization, Exclude: false, Origin.Schedule), ct);
    }
}
