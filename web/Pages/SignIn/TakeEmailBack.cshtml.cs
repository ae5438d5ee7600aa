namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>Where the old address takes an account back after a change that its person did not wish (SPEC A15). Without a session, by a
/// button behind the link.</summary>
[Requires(Permission.Anyone)]
[Door("email-change-link", Handlers = [""])]
public sealed class TakeEmailBackModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    /// <summary>Null when the link is not good any more.</summary>
    public LeftEmail? Left { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        var left = await Send(new ReadLeftEmail(Token));
        if (!left.Granted) return ShowError(left.Refusal);
        Left = left.Value;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        var outcome = await Execute(new TakeAddressBack(Token, Origin));
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        SessionCookie.Take(Response, settings);
        return RedirectWithNotice($"Your account has the address {outcome.Value} again, and everyone was signed out. "
            + "Now set a new password.", "/forgot-password");
    }
}
