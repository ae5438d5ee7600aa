using DirectoryPlatform.Security;

namespace DirectoryPlatform.Web.Words;

/// <summary>The meter's five words (SPEC S1).</summary>
static class StrengthWords
{
    public static string Of(PasswordStrength strength) => strength switch
    {
        PasswordStrength.Weak => "Weak",
        PasswordStrength.Fair => "Fair",
        PasswordStrength.Good => "Good",
        PasswordStrength.Strong => "Strong",
        PasswordStrength.VeryStrong => "Very strong",
    };
}
