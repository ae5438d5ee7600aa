namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>
/// Where the link of a verification mail leads: the password is set here, which verifies the address and arms the account in one step
/// (SPEC A13). Looking changes nothing: mail scanners follow links.
/// </summary>
[Requires(Permission.Anyone)]
[Door("verification-link", Handlers = [""])]
public sealed class VerifyEmailModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null);

    /// <summary>Who is asked for a password; null where there is no use in typing one.</summary>
    public AccountView? Newcomer { get; private set; }

    public async Task<IActionResult> OnGet() => await Load() is { } refusal ? ShowError(refusal) : Page();

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new FinishSignUp(Token, Input.Password, Origin));
        if (outcome.Granted)
            return RedirectWithNotice("Your email address is verified and your password is set. Sign in with it.", "/sign-in");
        if (outcome.Refusal is InvalidValue or IRetryLater) await Load();
        return ShowError(outcome.Refusal);
    }

    async Task<Refusal?> Load()
    {
        var waiting = await Send(new ReadSignUp(Token));
        Newcomer = waiting.Granted ? waiting.Value : null;
        return waiting.Refusal;
    }

    public sealed record Form(string? Password);
}
