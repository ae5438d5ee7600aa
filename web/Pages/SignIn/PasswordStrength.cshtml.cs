namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>The meter under a new password, while it is typed (SPEC S1). An extra:
/// without script the form itself tells when it is sent.</summary>
[Requires(Permission.Anyone)]
[Door("password-strength")]
public sealed class PasswordStrengthModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty] public Form Input { get; set; } = new(null, null, null, null);

    public async Task<IActionResult> OnPost() => string.IsNullOrEmpty(Input.Password)
        ? Content("")
        : Partial("_Strength",
            await Send(new MeasurePassword(Input.Password, Visitor?.Account, Input.Email, Input.Name, Input.OrganizationName)));

    /// <summary>The meter's five words.</summary>
    public static string Words(PasswordStrength strength) => strength switch
    {
        PasswordStrength.Weak => "Weak",
        PasswordStrength.Fair => "Fair",
        PasswordStrength.Good => "Good",
        PasswordStrength.Strong => "Strong",
        PasswordStrength.VeryStrong => "Very strong",
    };

    public sealed record Form(string? Password, string? Email, string? Name, string? OrganizationName);
}
