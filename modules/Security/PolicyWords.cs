namespace DirectoryPlatform.Security;

/// <summary>A policy's rules in short, as pages and files say them.</summary>
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

    public static string Of(RuleAttribute attribute) => attribute switch
    {
        RuleAttribute.Domain => "Domain",
        RuleAttribute.JobTitle => "Job title",
        RuleAttribute.Department => "Department",
        RuleAttribute.Organization => "Organization",
        RuleAttribute.Location => "Location",
        RuleAttribute.TimeZone => "Time zone",
        RuleAttribute.Language => "Language",
        RuleAttribute.Group => "Group",
    };

    public static string Passwords(PolicyDraft settings) => string.Join(", ", new[]
    {
        settings.Password is PasswordStrength.Weak ? "Any strength" : $"{Of(settings.Password)} or better",
        settings.PasswordExpiryDays is { } days ? $"expire after {days} {(days == 1 ? "day" : "days")}" : null,
        settings.PasswordReuse > 0 ? $"not one of the last {settings.PasswordReuse}" : null,
    }.OfType<string>());

    /// <summary>SPEC M9's column, and the list of policies.</summary>
    public static string SingleSignOn(PolicyDraft settings) => settings.SingleSignOn ? "Mandatory" : "Off";

    public static string Idle(PolicyDraft settings) => settings.IdleMinutes switch
    {
        var m when m % (24 * 60) == 0 => $"{m / (24 * 60)} {(m == 24 * 60 ? "day" : "days")}",
        var m when m % 60 == 0 => $"{m / 60} {(m == 60 ? "hour" : "hours")}",
        var m => $"{m} minutes",
    };
}
