namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>
/// The link only shows a button, as that of the verification mail does: mail scanners follow links. Open to anyone, because the mail may be
/// read on another device; whoever is not signed in as the person who has asked shows the password (SPEC A15).
/// </summary>
[Requires(Permission.Anyone)]
[Door("email-change-link", Handlers = [""])]
public sealed class ConfirmEmailModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null);

    public bool IsGood { get; private set; }
    public string Email { get; private set; } = "";
    public bool NeedsPassword { get; private set; }

    public async Task<IActionResult> OnGet() => await Look() is { } refusal ? ShowError(refusal) : Page();

    public async Task<IActionResult> OnPost()
    {
        // Looked at before: once it is done there is nothing behind the link.
        var before = await Look();
        var outcome = await Execute(new ConfirmNewEmail(Token, Visitor, Input.Password, Origin));
        if (!outcome.Granted)
        {
            IsGood = before is null && outcome.Refusal is not LinkVoid;
            return ShowError(outcome.Refusal, outcome.Refusal is PasswordNeeded ? nameof(Form.Password) : null);
        }
        SessionCookie.Take(Response, settings);
        return RedirectWithNotice($"Your email address is now {outcome.Value}. Sign in with it.", "/sign-in");
    }

    async Task<Refusal?> Look()
    {
        var waiting = await Send(new ReadNewEmail(Token, Visitor));
        if (!waiting.Granted) return waiting.Refusal;
        (IsGood, Email, NeedsPassword) = (true, waiting.Value.Email, waiting.Value.NeedsPassword);
        return null;
    }

    public sealed record Form(string? Password);
}
