namespace DirectoryPlatform.Web.Api;

/// <summary>Routes for programs: mobile sign-in (SPEC S3), and who a token belongs to (S4).</summary>
static class Api
{
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/me", (HttpContext http) => ApiAnswer.Write(http, StatusCodes.Status200OK, Me.Of(http.Visitor()!)))
            .Requires(Permission.OwnAccount, bearer: true);
        app.MapPost("/api/sign-in", SignIn).Requires(Permission.Anyone, bearer: true).AsksAtDoor(Doors.SignIn);
        app.MapPost("/api/sign-in/continue", Continue).Requires(Permission.Anyone, bearer: true)
            .WithoutDoor("Needs a sealed ticket that a right password made; guesses at the code are counted by account.");
        app.MapPost("/api/refresh", Refresh).Requires(Permission.Anyone, bearer: true)
            .WithoutDoor("One look by index for a token of 256 random bits.");
        app.MapPost("/api/sign-out", SignOut).Requires(Permission.OwnAccount, bearer: true);
    }

    static async Task SignIn(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<SignInBody>(http);
        if (!body.Granted)
        {
            await ApiAnswer.Refuse(http, body.Refusal);
            return;
        }
        var origin = http.Origin() with { Means = "mobile" };
        await Answer(http, mediator,
            await mediator.Send(new Security.SignIn(body.Value.Email, body.Value.Password, body.Value.Device ?? "", origin),
                CancellationToken.None), origin);
    }

    /// <summary>The next step of a sign-in that asked for one; what it asked for is sent with its ticket.</summary>
    static async Task Continue(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<ContinueBody>(http);
        if (!body.Granted)
        {
            await ApiAnswer.Refuse(http, body.Refusal);
            return;
        }
        var origin = http.Origin() with { Means = "mobile" };
        await Answer(http, mediator, body.Value switch
        {
            { Code: { } code, NewPassword: null } given =>
                await mediator.Send(new GiveTwoStepCode(given.Ticket, code, given.Device ?? "", origin), CancellationToken.None),
            { Code: null, NewPassword: { } password } given =>
                await mediator.Send(new ChoosePasswordAtSignIn(given.Ticket, password, given.Device ?? "", origin), CancellationToken.None),
            _ => new BadBody(StatusCodes.Status400BadRequest,
                "Send either a code or a newPassword, whichever the answer before asked for."),
        }, origin);
    }

    static Task Answer(HttpContext http, IMediator mediator, Outcome<SignedIn> outcome, Origin origin) => outcome.Refusal switch
    {
        null => Pair(http, mediator, outcome.Value.Token, origin),
        StepNeeded needed => ApiAnswer.Step(http, needed),
        SignInAtProvider => ApiAnswer.AtProvider(http),
        var refusal => ApiAnswer.Refuse(http, refusal),
    };

    static async Task Refresh(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<RefreshBody>(http);
        if (body.Granted) await Pair(http, mediator, body.Value.RefreshToken, http.Origin() with { Means = "mobile" });
        else await ApiAnswer.Refuse(http, body.Refusal);
    }

    static async Task Pair(HttpContext http, IMediator mediator, string? refreshToken, Origin origin)
    {
        var tokens = await mediator.Send(new RefreshSession(refreshToken, origin), CancellationToken.None);
        if (tokens.Granted)
            await ApiAnswer.Write(http, StatusCodes.Status200OK,
                new TokenPair(tokens.Value.AccessToken, (int)tokens.Value.AccessFor.TotalSeconds, tokens.Value.RefreshToken));
        else await ApiAnswer.Refuse(http, tokens.Refusal);
    }

    static async Task SignOut(HttpContext http, IMediator mediator)
    {
        if (http.Visitor() is not { Means: "mobile" })
        {
            await ApiAnswer.Refuse(http, new NotSignedIn());
            return;
        }
        await mediator.Send(new Security.SignOut(BearerToken.Of(http.Request), http.Origin()), CancellationToken.None);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    sealed record NotSignedIn() : Refusal("notSignedIn", "An API token is not signed in. Revoke it instead.");
}

/// <param name="Device">How the device is called in the list of devices; null for "Mobile app".</param>
sealed record SignInBody(string? Email, string? Password, string? Device);

/// <param name="Ticket">From the answer that asked for the step.</param>
/// <param name="Code">Of the authenticator app, or a recovery code.</param>
/// <param name="Device">As in <see cref="SignInBody"/>.</param>
sealed record ContinueBody(string? Ticket, string? Code, string? NewPassword, string? Device);

sealed record RefreshBody(string? RefreshToken);

/// <param name="ExpiresIn">Seconds that the access token is good for.</param>
sealed record TokenPair(string AccessToken, int ExpiresIn, string RefreshToken);

sealed record Me(Guid Id, string Email, string Name)
{
    public static Me Of(Visitor visitor) => new(visitor.Account.Value, visitor.Email, visitor.Name);
}
