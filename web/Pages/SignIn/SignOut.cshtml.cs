namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>Open to anyone: a session that has ended already must not make signing out an error.</summary>
[Requires(Permission.Anyone)]
[NoDoor("Ends the session whose secret was sent; another secret ends nothing.")]
public sealed class SignOutModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    public async Task<IActionResult> OnPost()
    {
        await Execute(new SignOut(Request.Cookies[settings.SessionCookie], Origin));
        SessionCookie.Take(Response, settings);
        return RedirectWithNotice("You are signed out.", "/sign-in");
    }
}
