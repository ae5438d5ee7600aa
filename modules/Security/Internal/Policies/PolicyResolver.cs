namespace DirectoryPlatform.Security.Internal.Policies;

/// <summary>Which rules hold for an account now: those of its policy while an organization manages it.</summary>
sealed class PolicyResolver(IMediator mediator, PolicyReading reading) : IRequestHandler<ReadPolicyOf, PolicyView?>
{
    static readonly HashSet<GroupId> NoGroups = [];

    public async Task<PolicyView?> Handle(ReadPolicyOf query, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(query.Account), ct) is { Granted: true, Value: var account }
            && account.ManagedBy == query.Organization ? await PolicyFor(account, ct) : null;

    public async Task<PolicyRules> Account(AccountId account, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(account), ct) is { Granted: true, Value: var found }
            ? await Of(found, ct)
            : PolicyRules.WithoutPolicy;

    /// <summary>As <see cref="PolicyFor(AccountView, CancellationToken)"/>, of what was read already.</summary>
    /// <param name="read">From what <see cref="PolicyReading.OfPersonSql"/> asks.</param>
    public async Task<PolicyView?> PolicyFor(Person person, (PolicyId? PutInto, PolicyAssignment Assignment) read, CancellationToken ct) =>
        person.Account.ManagedBy is not { } organization || person.Account.State is AccountState.Unverified
            ? null
            : read.Assignment.For(read.PutInto, person.Traits, await GroupsFor(read.Assignment, organization, person.Account.Id, ct));

    async Task<IReadOnlySet<GroupId>> GroupsFor(PolicyAssignment assignment, OrganizationId organization, AccountId account,
        CancellationToken ct) =>
        assignment.Rules.Any(r => r.Group is not null) ? await mediator.Send(new ReadGroupsOf(organization, account), ct) : NoGroups;

    /// <param name="account">As it was just read.</param>
    public async Task<PolicyRules> Of(AccountView account, CancellationToken ct) =>
        (await PolicyFor(account, ct))?.Settings.Rules ?? PolicyRules.WithoutPolicy;

    /// <summary>
    /// Those that will hold from the verification on, when the organization that claims the domain automatically claims the account for
    /// good (SPEC C4).
    /// </summary>
    public async Task<PolicyRules> OfNewcomer(AccountView account, OrganizationId? claimFor, CancellationToken ct)
    {
        if ((account.ManagedBy ?? claimFor) is not { } organization) return PolicyRules.WithoutPolicy;
        var assignment = await mediator.Send(new ReadPolicyAssignment(organization), ct);
        return assignment.For(null, new(EmailAddress.Trusted(account.Email).Domain, AccountProfile.None), NoGroups).Settings.Rules;
    }

    /// <summary>
    /// Null when nobody manages the account, or it is not verified yet (SPEC A2, C4). What a policy was given for before the present
    /// claiming counts for nothing, even while its row is still there (SPEC C7).
    /// </summary>
    public async Task<PolicyView?> PolicyFor(AccountView account, CancellationToken ct)
    {
        if (account.ManagedBy is not { } organization || account.State is AccountState.Unverified) return null;
        var (policy, askRules) = await reading.Of(organization, account.Id, account.ClaimedAt - PolicyAssignment.ClocksDiffer, ct);
        var mayNot = policy is { IsDefault: false, Settings.Billable: false };
        if ((!askRules && !mayNot) || await mediator.Send(new ReadTraits(account.Id), ct) is not { } traits) return policy;
        if (mayNot && traits.Profile.ProvisionedBy is null) return policy;
        var assignment = await mediator.Send(new ReadPolicyAssignment(organization), ct);
        return assignment.For(policy.IsDefault ? null : policy.Id, traits, await GroupsFor(assignment, organization, account.Id, ct));
    }
}
