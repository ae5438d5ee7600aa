namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>Where the link of a forgotten password leads. Looking changes nothing: mail scanners follow links. The page tells no other page
/// where the visitor came from.</summary>
[Requires(Permission.Anyone)]
[Door("reset-link", Handlers = [""])]
public sealed class ResetPasswordModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null);

    /// <summary>Whether there is any use in typing a password.</summary>
    public bool IsGood { get; private set; } = true;

    /// <summary>Whether the identity provider signs in: another link would be of no use either.</summary>
    public bool AtProvider { get; private set; }

    /// <summary>What else can get in (SPEC A14); null when the link is not good.</summary>
    public OtherWaysIn? Others { get; private set; }

    public async Task<IActionResult> OnGet() => (await Send(new ReadPasswordReset(Token))).Refusal is { } refusal
        ? Void(refusal)
        : await Shown();

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new FollowPasswordReset(Token, Input.Password, Origin));
        if (!outcome.Granted)
        {
            await Shown();
            return outcome.Refusal is InvalidValue ? ShowError(outcome.Refusal) : Void(outcome.Refusal);
        }
        SessionCookie.Take(Response, settings);
        return RedirectWithNotice("Your new password is set. Sign in with it.", "/sign-in");
    }

    async Task<IActionResult> Shown()
    {
        if (await Send(new ReadWhatElseCanGetIn(Token)) is { Granted: true, Value: var others }) Others = others;
        return Page();
    }

    IActionResult Void(Refusal refusal)
    {
        (IsGood, AtProvider) = (false, refusal is SignsInAtProvider);
        return ShowError(refusal);
    }

    public sealed record Form(string? Password);
}
