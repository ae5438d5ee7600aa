namespace DirectoryPlatform.Web.Pages;

/// <summary>The routes between us and an organization's identity provider. The page that a visit ends on is
/// <see cref="Pages.SignIn.SingleSignOnModel"/>.</summary>
static class SingleSignOnEndpoints
{
    /// <summary>Nobody's secret; kept short so that cookie names stay so.</summary>
    const int NamedBy = 12;

    public static void MapSingleSignOn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sso/{orgId:guid}/metadata", Metadata).Requires(Permission.Anyone).AtDoor(Doors.Provider);
        app.MapGet("/sso/{orgId:guid}/go", Go).Requires(Permission.Anyone).AtDoor(Doors.Provider);
        // Comes from the provider's site, so it has none of our form tokens,
        // and does nothing for whoever sends it: see ReceiveProviderAnswer.
        app.MapPost("/sso/{orgId:guid}/acs", Receive).Requires(Permission.Anyone).AtDoor(Doors.Provider);
    }

    /// <summary>Where a browser is led on its way to a provider. A page and not a form's answer leads here: after a form, browsers hold the
    /// redirect against our own content policy.</summary>
    public static string PathTo(OrganizationId organization, string? returnTo, string @for = "sign-in") =>
        $"/sso/{organization}/go?for={@for}{(string.IsNullOrEmpty(returnTo) ? "" : $"&returnTo={Uri.EscapeDataString(returnTo)}")}";

    /// <param name="request">As an address says it; anything at all.</param>
    public static string CookieOf(WebSettings settings, string request) =>
        settings.CookieName($"sso-{string.Concat(request.Where(char.IsAsciiLetterOrDigit).Take(NamedBy))}");

    /// <summary>Lax: it comes along when the provider's answer has been redirected to our page, and on no post of another site.</summary>
    public static CookieOptions CookieFor(WebSettings settings, TimeSpan? life) =>
        new()
        {
            HttpOnly = true,
            Secure = settings.SecureCookies,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
            MaxAge = life
        };

    static async Task Metadata(Guid orgId, HttpContext http, IMediator mediator)
    {
        http.Response.ContentType = "application/samlmetadata+xml; charset=utf-8";
        await http.Response.WriteAsync(await mediator.Send(new ReadOurMetadata(new(orgId)), http.RequestAborted), http.RequestAborted);
    }

    static async Task Go(Guid orgId, HttpContext http, IMediator mediator, WebSettings settings)
    {
        ProviderVisit? visit = http.Request.Query["for"]
            .ToString() switch
        {
            "sign-in" => ProviderVisit.SignIn,
            "proof" => ProviderVisit.Proof,
            "test" => ProviderVisit.Test,
            _ => null
        };
        if (visit is not { } what
            || await mediator.Send(new BeginProviderSignIn(new(orgId), what, http.Request.Query["returnTo"], http.Visitor()),
                http.RequestAborted) is not { Granted: true, Value: var journey })
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.Cookies.Append(CookieOf(settings, journey.Request), journey.Sealed, CookieFor(settings, TimeSpan.FromMinutes(10)));
        http.Response.Redirect(journey.Address);
    }

    static async Task Receive(Guid orgId, HttpContext http, IMediator mediator)
    {
        var response = http.Request.HasFormContentType
            && (await http.Request.ReadFormAsync(http.RequestAborted))["SAMLResponse"] is [{ } only] ? only : null;
        var outcome = await mediator.Send(new ReceiveProviderAnswer(new(orgId), response), CancellationToken.None);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = "/sign-in/single-sign-on?" + (outcome.Granted
            ? $"{SaidOf(orgId, outcome.Value.Said)}visit={outcome.Value.Request}&ticket={outcome.Value.Ticket}"
            : outcome.Refusal is SamlFromTile ? $"begin={orgId}"
            : $"{SaidOf(orgId, (outcome.Refusal as SamlRefusal)?.Said)}why={outcome.Refusal.Code}");
    }

    static string SaidOf(Guid organization, string? said) => said is null ? "" : $"of={organization}&said={said}&";
}
