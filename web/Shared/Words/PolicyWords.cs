using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Policies;

namespace DirectoryPlatform.Web.Words;

/// <summary>A policy's rules in short.</summary>
public static class PolicyWords
{
    public static string Of(PasswordStrength strength) => strength switch
    {
        PasswordStrength.Weak => "Weak",
        PasswordStrength.Fair => "Fair",
        PasswordStrength.Good => "Good",
        PasswordStrength.Strong => "Strong",
        PasswordStrength.VeryStrong => "Very strong",
    };

    public static string Passwords(PolicyDraft settings) => string.Join(", ", new[]
    {
        settings.Password is PasswordStrength.Weak ? "Any strength" : $"{Of(settings.Password)} or better",
        settings.PasswordExpiryDays is { } days ? $"expire after {days} {(days == 1 ? "day" : "days")}" : null,
        settings.PasswordReuse > 0 ? $"not one of the last {settings.PasswordReuse}" : null,
    }.OfType<string>());

    public static string Idle(PolicyDraft settings) => settings.IdleMinutes switch
    {
        var m when m % (24 * 60) == 0 => $"{m / (24 * 60)} {(m == 24 * 60 ? "day" : "days")}",
        var m when m % 60 == 0 => $"{m / 60} {(m == 60 ? "hour" : "hours")}",
        var m => $"{m} minutes",
    };
}
