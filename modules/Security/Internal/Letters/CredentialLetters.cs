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
