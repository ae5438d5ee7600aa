namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>
/// Whether an address leads to a provider: by the policy of its account, or, where there is no account, by the one that a new account on
/// its domain would be under. So where single sign-on is everybody's, an unknown address answers as a known one. Where only some are under
/// it, whoever types their addresses learns that: the provider's own page would say more.
/// </summary>
sealed class SsoDiscovery(IMediator mediator, PolicyResolver policies, ILimiter limiter, Throttle throttle)
    : IRequestHandler<FindProvider, Outcome<OrganizationId>>, IRequestHandler<ReadProviderOf, OrganizationId?>
{
    static readonly HashSet<GroupId> NoGroups = [];

    public async Task<OrganizationId?> Of(EmailAddress? email, AccountView? account, CancellationToken ct)
    {
        // Who has not verified the address yet answers like an unknown one.
        if (account is { State: not AccountState.Unverified })
            return Led(account, await policies.Of(account, ct));
        return await OfNewcomer(email, ct);
    }

    /// <param name="person">As just read for a sign-in; null for nobody.</param>
    public Task<OrganizationId?> Of(EmailAddress? email, SignInPerson? person, CancellationToken ct) =>
        person is { Account.State: not AccountState.Unverified }
            ? Task.FromResult(Led(person.Account, person.Rules))
            : OfNewcomer(email, ct);

    static OrganizationId? Led(AccountView account, PolicyRules rules) => rules.SingleSignOn ? account.ManagedBy : null;

    async Task<OrganizationId?> OfNewcomer(EmailAddress? email, CancellationToken ct)
    {
        if (email is not { } unknown || await mediator.Send(new WhoOwnsDomain(unknown.Domain), ct) is not { } owner) return null;
        var assignment = await mediator.Send(new ReadPolicyAssignment(owner.Organization), ct);
        return assignment.For(null, new(unknown.Domain, AccountProfile.None), NoGroups).Settings.SingleSignOn ? owner.Organization : null;
    }

    public async Task<Outcome<OrganizationId>> Handle(FindProvider query, CancellationToken ct)
    {
        var email = EmailAddress.Parse(query.Email);
        if (!email.Granted) return new InvalidValue("email", email.Refusal.Sentence);
        if (await limiter.Enter(Doors.ProviderLookUp, query.Origin, email.Value.Value, ct) is { } closed) return closed;
        var account = await mediator.Send(new FindAccount(email.Value), ct);
        var attempt = await throttle.Enter(ThrottledBy.Provider, email.Value.Value, account?.Id, query.Origin.Address, ct);
        if (attempt.Pause is { } pause) return new TooManyAttempts(pause);
        if (await Of(email.Value, account, ct) is not { } organization) return new NoSingleSignOn();
        await throttle.GiveBack(attempt, ct);
        return organization;
    }

    public async Task<OrganizationId?> Handle(ReadProviderOf query, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(query.Account), ct) is { Granted: true, Value: var account }
        ? await Of(null, account, ct)
        : null;
}
