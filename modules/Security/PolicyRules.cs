namespace DirectoryPlatform.Security;

/// <summary>How hard a password is to guess, as the strength meter and a policy's least strength mean it (SPEC S1, S5).</summary>
public enum PasswordStrength { Weak, Fair, Good, Strong, VeryStrong }

/// <summary>What an authentication policy asks of one account (SPEC S5).
/// Whoever has no policy, such as a person whom nobody manages, has <see cref="WithoutPolicy"/>.</summary>
/// <param name="Password">The least strength of a new password.</param>
/// <param name="PasswordExpiry">How long a password lasts; null for ever.</param>
/// <param name="PasswordReuse">How many of the last passwords may not come back; 0 for no limit.</param>
/// <param name="SessionIdle">From the last click, 15 minutes to 30 days; applies from the next sign-in (S6).</param>
/// <param name="SessionLife">From the sign-in, whatever is clicked.</param>
public sealed record PolicyRules(
    bool TwoStepMandatory, PasswordStrength Password, TimeSpan? PasswordExpiry, int PasswordReuse, TimeSpan SessionIdle,
    TimeSpan SessionLife, bool ApiTokens)
{
    /// <summary>Whether the organization's identity provider signs in, in place of the password and of our second step.</summary>
    public bool SingleSignOn { get; init; }

    public static readonly PolicyRules WithoutPolicy = new(false, PasswordStrength.Weak, null, 0, TimeSpan.FromDays(7),
        TimeSpan.FromDays(30), true);
}
