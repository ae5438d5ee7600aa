namespace DirectoryPlatform.Security;

/// <summary>What is done to whatever lets somebody in, and to policies. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class SecurityActions
{
    public const string ApiKeyCreated = "ApiKeyCreated";
    public const string ApiKeyRevoked = "ApiKeyRevoked";
    public const string ApiKeyTakenOver = "ApiKeyTakenOver";
    public const string ApiTokenCreated = "ApiTokenCreated";
    public const string ApiTokenRevoked = "ApiTokenRevoked";
    public const string ApiTokensRevoked = "ApiTokensRevoked";
    public const string CredentialsTakenBack = "CredentialsTakenBack";
    public const string CredentialsVoided = "CredentialsVoided";
    public const string DeviceCodeConfirmed = "DeviceCodeConfirmed";
    public const string DeviceCodeRefused = "DeviceCodeRefused";
    public const string DeviceLoggedOut = "DeviceLoggedOut";
    public const string IdentityProviderInForce = "IdentityProviderInForce";
    public const string IdentityProviderProposed = "IdentityProviderProposed";
    public const string IdentityProviderRemoved = "IdentityProviderRemoved";
    public const string IdentityProviderWithdrawn = "IdentityProviderWithdrawn";
    public const string LoggedOutEverywhere = "LoggedOutEverywhere";
    public const string PasswordChanged = "PasswordChanged";
    public const string PasswordReset = "PasswordReset";
    public const string PasswordResetMailSent = "PasswordResetMailSent";
    public const string PasswordSetAtSignIn = "PasswordSetAtSignIn";
    public const string PasswordSetByLink = "PasswordSetByLink";
    public const string PolicyAssigned = "PolicyAssigned";
    public const string PolicyChanged = "PolicyChanged";
    public const string PolicyCreated = "PolicyCreated";
    public const string PolicyDeleted = "PolicyDeleted";
    public const string PolicyRuleAdded = "PolicyRuleAdded";
    public const string PolicyRuleRemoved = "PolicyRuleRemoved";
    public const string RecoveryCodeUsed = "RecoveryCodeUsed";
    public const string RecoveryCodesReplaced = "RecoveryCodesReplaced";
    public const string RefreshTokenReused = "RefreshTokenReused";
    public const string SignedIn = "SignedIn";
    public const string SignedOut = "SignedOut";
    public const string TwoStepReset = "TwoStepReset";
    public const string TwoStepTurnedOff = "TwoStepTurnedOff";
    public const string TwoStepTurnedOn = "TwoStepTurnedOn";
}
