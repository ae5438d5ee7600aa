namespace DirectoryPlatform.Web.Pages.SignIn;

/// <summary>
/// Where a visit to an identity provider ends, for better or worse. The answer itself was posted by another site, which brings no cookie
/// along; this page is asked for by the redirect after it, with the cookie of the browser that set out. Without that cookie a ticket is
/// worth nothing, so nobody can be signed in to somebody else's account by a link.
/// </summary>
[Requires(Permission.Anyone)]
[NoDoor("Looks at a sealed ticket that a provider's checked answer made, and at the cookie of the browser that set out; "
    + "guesses at the code are counted by account.")]
public sealed class SingleSignOnModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    [BindProperty(SupportsGet = true)] public string? Visit { get; set; }
    [BindProperty(SupportsGet = true)] public string? Ticket { get; set; }
    [BindProperty(SupportsGet = true)] public string? Why { get; set; }

    /// <summary>Of a test: what the provider said, sealed, and of which organization.</summary>
    [BindProperty(SupportsGet = true)] public string? Said { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Of { get; set; }

    /// <summary>The organization whose provider began by itself.</summary>
    [BindProperty(SupportsGet = true)] public Guid? Begin { get; set; }

    /// <summary>Of the form that asks for the code; the second is where the visit leads on to, for whoever starts again.</summary>
    [BindProperty] public string? CodeTicket { get; set; }
    [BindProperty] public string? ReturnTo { get; set; }
    [BindProperty] public Form Input { get; set; } = new(null, null);

    /// <summary>Whether the provider's word is not enough, and the code of the own second step is asked for.</summary>
    public bool AsksCode { get; private set; }

    public string Onward { get; private set; } = "/sign-in";
    public string OnwardText { get; private set; } = "Sign in";

    /// <summary>Where the visit began that the code belongs to.</summary>
    public string Again => (Visitor is null ? "/sign-in" : "/confirm-it-is-you")
        + (ReturnTo is null ? "" : $"?returnTo={Uri.EscapeDataString(LocalPath.OrHome(ReturnTo))}");

    /// <summary>What the provider said in an admin's test; null but for that admin.</summary>
    public ProviderSaid? Came { get; private set; }

    /// <summary>What has not come of it, as a heading: whoever comes to confirm something is signed in.</summary>
    public string Failed => Came is not null ? "The test sign-in did not work"
        : Visitor is null ? "You are not signed in" : "This was not confirmed";

    public async Task<IActionResult> OnGet()
    {
        if (Visitor is not null) (Onward, OnwardText) = ("/", "Continue");
        if (Begin is { } begun) return AskInTurn(new(begun));
        if (Of is { } of && await Send(new ReadTestAnswer(new(of), Said, Visitor)) is { } came)
            (Came, Onward, OnwardText) = (came, $"/o/{of}/single-sign-on", "Back to single sign-on");
        if (Ticket is null)
            return ShowError(Why is not null && SamlRefusal.All.TryGetValue(Why, out var told) ? told : new SamlUnsolicited());
        var cookie = SingleSignOnEndpoints.CookieOf(settings, Visit ?? "");
        var finished = await Execute(new FinishProviderSignIn(Ticket, Request.Cookies[cookie], Device.Of(Request), Visitor, Origin));
        if (finished.Refusal is StepNeeded step) (AsksCode, CodeTicket, ReturnTo) = (true, step.Ticket, step.ReturnTo);
        else if (!finished.Granted) return ShowError(finished.Refusal);
        Response.Cookies.Delete(cookie, SingleSignOnEndpoints.CookieFor(settings, null));
        return AsksCode ? Page() : GoOn(finished.Value);
    }

    public async Task<IActionResult> OnPostCode()
    {
        (Onward, OnwardText) = (Again, Visitor is null ? "Sign in" : "Start again");
        var finished = await Execute(
            new GiveCodeAfterProvider(CodeTicket, Input.Recovery ?? Input.Code, Device.Of(Request), Visitor, Origin));
        if (finished.Granted) return GoOn(finished.Value);
        AsksCode = finished.Refusal is InvalidValue or TooManyAttempts;
        return ShowError(finished.Refusal, Input.Recovery is not null && finished.Refusal is InvalidValue ? nameof(Form.Recovery) : null);
    }

    IActionResult GoOn(ProviderSignInFinished finished)
    {
        var (visit, organization, returnTo, session, named, adopted) = finished;
        if (session is not null) SessionCookie.Give(Response, settings, session);
        return visit is ProviderVisit.Test
            ? RedirectWithNotice(Tested(named, adopted),
                $"/o/{organization}/single-sign-on{(Came is null ? "" : $"?said={Uri.EscapeDataString(Said!)}")}")
            : LocalRedirect(LocalPath.OrHome(returnTo));
    }

    /// <summary>
    /// A tile among a person's apps leads here unasked. What came is not taken: the provider is asked, and says the same again to a request
    /// of this browser. One that answers that unasked, too, would lead round and round, so the second time in a minute a button does it.
    /// </summary>
    IActionResult AskInTurn(OrganizationId organization)
    {
        if (Visitor is not null) return LocalRedirect("/");
        var (cookie, path) = (SingleSignOnEndpoints.CookieOf(settings, "tile"), SingleSignOnEndpoints.PathTo(organization, null));
        if (Request.Cookies.ContainsKey(cookie))
        {
            (Onward, OnwardText) = (path, "Sign in through your identity provider");
            return ShowError(new SamlFromTile());
        }
        Response.Cookies.Append(cookie, "1", SingleSignOnEndpoints.CookieFor(settings, TimeSpan.FromMinutes(1)));
        return LocalRedirect(path);
    }

    static string Tested(string named, bool adopted) =>
        $"Test sign-in succeeded: the provider returned {named}.{(adopted ? " These settings are now active." : "")}";

    public sealed record Form(string? Code, string? Recovery);
}
