namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>
/// Where a visit to an identity provider ends, for better or worse. The answer itself was posted by another site, which brings no cookie
/// along; this page is asked for by the redirect after it, with the cookie of the browser that set out. Without that cookie a ticket is
/// worth nothing, so nobody can be signed in to somebody else's account by a link.
/// </summary>
[Requires(Permission.Anyone)]
[NoDoor("Looks at a sealed ticket that a provider's checked answer made, and at the cookie of the browser that set out.")]
public sealed class SingleSignOnModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Visit { get; set; }
    [BindProperty(SupportsGet = true)] public string? Ticket { get; set; }
    [BindProperty(SupportsGet = true)] public string? Why { get; set; }

    public string Onward { get; private set; } = "/sign-in";
    public string OnwardText { get; private set; } = "Sign in";

    public async Task<IActionResult> OnGet()
    {
        if (Visitor is not null) (Onward, OnwardText) = ("/", "Continue");
        if (Ticket is null)
            return ShowError(Why is not null && SamlRefusal.All.TryGetValue(Why, out var told) ? told : new SamlUnsolicited());
        var cookie = SingleSignOnEndpoints.CookieOf(settings, Visit ?? "");
        var finished = await Execute(new FinishProviderSignIn(Ticket, Request.Cookies[cookie], Device.Of(Request), Visitor, Origin));
        if (!finished.Granted) return ShowError(finished.Refusal);
        Response.Cookies.Delete(cookie, SingleSignOnEndpoints.CookieFor(settings, null));
        var (visit, organization, returnTo, session, named, adopted) = finished.Value;
        if (session is not null) SessionCookie.Give(Response, settings, session);
        return visit is ProviderVisit.Test
            ? RedirectWithNotice(Tested(named, adopted), $"/o/{organization}/single-sign-on")
            : LocalRedirect(LocalPath.OrHome(returnTo));
    }

    static string Tested(string named, bool adopted) =>
        $"Test sign-in succeeded: the provider returned {named}.{(adopted ? " These settings are now active." : "")}";
}
