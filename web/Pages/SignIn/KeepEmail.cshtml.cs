namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>
/// Where the present address learns that another one was asked for, and stops it (SPEC A15). Without a session, because somebody else may
/// have all of them; the link only shows a button, because mail scanners follow links.
/// </summary>
[Requires(Permission.Anyone)]
[Door("email-change-link", Handlers = [""])]
public sealed class KeepEmailModel(IMediator mediator) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    /// <summary>The address that was asked for; null when there is nothing to stop.</summary>
    public string? Email { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        var waiting = await Send(new ReadStoppableChange(Token));
        if (!waiting.Granted) return ShowError(waiting.Refusal);
        Email = waiting.Value.Email;
        return Page();
    }

    public async Task<IActionResult> OnPost() =>
        RedirectOrShow(await Execute(new StopEmailChange(Token, Origin)),
            "The change was stopped, and your account keeps its address. If this was not you, someone else "
                + "is signed in to your account: set a new password here.", "/forgot-password");
}
