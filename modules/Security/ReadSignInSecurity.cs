using ApiTokenRow = (System.Guid Id, string Label, System.DateTime CreatedAt, System.DateTime ExpiresAt, System.DateTime? LastUsedAt);
using DeviceRow = (System.Guid Id, string Device, string Kind, string? Address, System.DateTime CreatedAt, System.DateTime LastActiveAt);

namespace DirectoryPlatform.Security;

/// <summary>How an account proves itself, for its own person or for an admin (SPEC A12, M2). No secret, no hash.</summary>
/// <param name="Organization">Whose admin looks; null for the person. A foreign account answers as an unknown one.</param>
public sealed record ReadSignInSecurity(AccountId Account, OrganizationId? Organization, AccountId Viewer)
    : IRequest<Outcome<SignInSecurity>>;

/// <param name="PasswordSetAt">Null while there is none.</param>
/// <param name="MustChange">An admin's reset waits for the next sign-in.</param>
/// <param name="TwoStepSince">Null while it is off.</param>
/// <param name="TwoStepMandatory">Whether the policy asks for it.</param>
/// <param name="ResetPassword">Why an admin may not; null when it is offered.</param>
/// <param name="ResetTwoStep">Why an admin may not; null when it is offered.</param>
public sealed record SignInSecurity(
    DateTimeOffset? PasswordSetAt, bool MustChange, DateTimeOffset? TwoStepSince, int RecoveryCodesLeft, bool TwoStepMandatory,
    Refusal? ResetPassword, Refusal? ResetTwoStep)
{
    /// <summary>Whether the organization's identity provider signs in: then neither the password nor our second step is in use.</summary>
    public bool SingleSignOn { get; init; }
}

/// <summary>All that the page of a managed account shows of how the account proves itself and what can get in, in one look.</summary>
/// <param name="AdminOf">What the viewer administers.</param>
public sealed record ReadCredentials(AccountId Account, OrganizationId Organization, AccountId Viewer,
    IReadOnlyList<OrganizationId> AdminOf) : IRequest<Outcome<Credentials>>;

/// <param name="Policy">Null for who has not verified the address.</param>
public sealed record Credentials(SignInSecurity SignIn, PolicyView? Policy, IReadOnlyList<DeviceView> Devices, ApiTokensView ApiTokens);
