namespace DirectoryPlatform.Reporting;

/// <summary>Who would be asked for what at the next sign-in if a policy said this (SPEC S5); nothing is changed. Refused like the change
/// itself, but for a stale version.</summary>
public sealed record PreviewPolicy(OrganizationId Organization, PolicyId Policy, PolicyDraft Settings) : IRequest<Outcome<PolicyPreview>>;

/// <param name="Accounts">Active accounts under the policy.</param>
/// <param name="SetUpTwoStep">Of them, those that would have to set up two-step verification.</param>
/// <param name="NewPassword">Those whose password would be expired.</param>
/// <param name="TokensStop">Those with API tokens that would stop working at once.</param>
public sealed record PolicyPreview(long Accounts, PolicyEffect SetUpTwoStep, PolicyEffect NewPassword, PolicyEffect TokensStop)
{
    /// <summary>Those whom the identity provider would sign in. Neither their password nor our second step is asked for,
    /// so they count for neither.</summary>
    public PolicyEffect AtProvider { get; init; } = new(0, 0);
}

/// <param name="Now">How many are concerned by the policy as it stands.</param>
/// <param name="Then">How many would be.</param>
public sealed record PolicyEffect(long Now, long Then);

/// <summary>How many managed accounts are under each policy, however they came to it, as <see cref="CountMatchingAccounts"/> of that policy
/// would say; a policy that has nobody is not there. Up to half a minute old; null where counting takes too long to wait for.</summary>
public sealed record CountPolicies(OrganizationId Organization) : IRequest<IReadOnlyDictionary<PolicyId, long>?>;
