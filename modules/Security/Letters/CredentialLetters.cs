using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Security;

/// <summary>To somebody who has forgotten the password.</summary>
/// <param name="Link">Absolute; a secret.</param>
sealed record PasswordResetLetter(string Name, string Link) : Letter;

/// <summary>To somebody who has forgotten a password that is not in use: the organization's identity provider signs in.</summary>
/// <param name="Link">To the sign-in.</param>
sealed record SignInAtProviderLetter(string Name, string Link) : Letter;

/// <summary>After any change of a password, by whomever (SPEC S1).</summary>
/// <param name="Link">To "forgot your password", for whoever did not change it.</param>
sealed record PasswordChangedLetter(string Name, string When, string Link) : Letter;

/// <summary>After an admin's reset (SPEC M7).</summary>
/// <param name="Forgot">Link for whoever does not know the old one.</param>
sealed record PasswordMustChangeLetter(string Name, string Link, string Forgot) : Letter
{
    public override bool CanWait => true;
}

sealed record TwoStepTurnedOnLetter(string Name, string Link) : Letter;

/// <param name="ByAdmin">True when an admin of the managing organization reset it.</param>
sealed record TwoStepTurnedOffLetter(string Name, bool ByAdmin, string Link) : Letter;

/// <param name="Left">How many are left, in words: "9 codes", "no code".</param>
sealed record RecoveryCodeUsedLetter(string Name, string Left, string Link) : Letter;
