namespace DirectoryPlatform.Security.Internal.Letters;

/// <summary>To somebody who has forgotten the password.</summary>
/// <param name="Link">Absolute; a secret.</param>
sealed record PasswordResetLetter(string Name, string Link) : Letter;

/// <summary>To somebody who has forgotten a password that is not in use: the organization's identity provider signs in.</summary>
/// <param name="Link">To the sign-in.</param>
sealed record SignInAtProviderLetter(string Name, string Link) : Letter;

/// <summary>After any change of a password, by whomever (SPEC S1).</summary>
/// <param name="Tokens">Labels of the API tokens that went with the old one; "" for none.</param>
/// <param name="Link">To "forgot your password", for whoever did not change it.</param>
sealed record PasswordChangedLetter(string Name, string When, string Tokens, string Link) : Letter;

/// <summary>After an admin's reset (SPEC M7).</summary>
/// <param name="Tokens">As in <see cref="PasswordChangedLetter"/>.</param>
/// <param name="Forgot">Link for whoever does not know the old one.</param>
sealed record PasswordMustChangeLetter(string Name, string Tokens, string Link, string Forgot) : Letter
{
    public override bool CanWait => true;
}

/// <summary>To the other admins of an organization, when one of them has been reset by a person (SPEC S13).</summary>
/// <param name="Admin">Who was reset.</param>
/// <param name="By">Who did it.</param>
/// <param name="What">"password", "two-step verification".</param>
/// <param name="Link">To the organization's admins.</param>
sealed record AdminCredentialResetLetter(string Name, string Admin, string By, string What, string Link) : Letter;

sealed record TwoStepTurnedOnLetter(string Name, string Link) : Letter;

/// <param name="ByAdmin">True when an admin of the managing organization reset it.</param>
sealed record TwoStepTurnedOffLetter(string Name, bool ByAdmin, string Link) : Letter;

/// <param name="Left">How many are left, in words: "9 codes", "no code".</param>
sealed record RecoveryCodeUsedLetter(string Name, string Left, string Link) : Letter;

/// <summary>To the person, at a sign-in from a device never seen before on the account.</summary>
/// <param name="Device">"Firefox on Linux".</param>
/// <param name="At">In words.</param>
sealed record NewDeviceLetter(string Name, string Device, string Address, string At, string Link) : Letter;

/// <summary>To the person whom an admin has logged out (SPEC M6).</summary>
/// <param name="Device">Its name, or "all your devices".</param>
sealed record LoggedOutLetter(string Name, string Device, string Link) : Letter
{
    public override bool CanWait => true;
}

/// <summary>To the person, after a new API token was made in the own name (SPEC S4).</summary>
sealed record ApiTokenCreatedLetter(string Name, string Label, string Expires, string Link) : Letter;

/// <summary>To the person whose API token an admin has revoked (SPEC M8).</summary>
sealed record ApiTokenRevokedLetter(string Name, string Label, string Link) : Letter;

/// <summary>To the person all of whose API tokens an admin has revoked, together with others'.</summary>
/// <param name="Labels">In words.</param>
sealed record ApiTokensRevokedLetter(string Name, string Labels, string Link) : Letter
{
    public override bool CanWait => true;
}

/// <summary>To the admin who made an API key, who may not have been the one at the keyboard (SPEC P1).</summary>
/// <param name="Key">How the key is called.</param>
/// <param name="Scopes">By name, as programs and pages call them.</param>
sealed record ApiKeyCreatedLetter(string Name, string Key, string Scopes, string Expires, string Link) : Letter;

/// <summary>Once, before an API key stops (SPEC P1).</summary>
sealed record ApiKeyExpiresLetter(string Name, string Key, string Expires, string Link) : Letter;

/// <summary>To the owner of an address that somebody signed up with a second time (SPEC S1).</summary>
sealed record SignedUpAgainLetter(string Link) : Letter;
