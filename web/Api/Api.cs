namespace DirectoryPlatform.Web.Api;

/// <summary>Routes for programs: mobile sign-in (SPEC S3), and who a token belongs to (S4).</summary>
static class Api
{
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/me", (HttpContext http) => ApiResult.Plain(Me.Of(http.Visitor()!)))
            .Requires(Permission.OwnAccount, bearer: true);
        app.MapPost("/api/sign-in", SignIn).Requires(Permission.Anyone, bearer: true).AsksAtDoor(Doors.SignIn);
        app.MapPost("/api/sign-in/continue", Continue).Requires(Permission.Anyone, bearer: true)
            .WithoutDoor("Needs a sealed ticket that a right password made; guesses at the code are counted by account.");
        app.MapPost("/api/refresh", Refresh).Requires(Permission.Anyone, bearer: true)
            .WithoutDoor("One look by index for a token of 256 random bits.");
        app.MapDeviceCodes();
        app.MapPost("/api/sign-out", SignOut).Requires(Permission.OwnAccount, bearer: true);
    }

    static Origin Mobile(HttpContext http) => http.Origin() with { Means = "mobile" };

    static async Task<ApiResult> SignIn(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<SignInBody>(http);
        return await Answer(http, mediator, await body.Then(given => mediator.Send(
            new Security.SignIn(given.Email, given.Password, given.Device ?? "", Mobile(http)), CancellationToken.None)));
    }

    /// <summary>The next step of a sign-in that asked for one; what it asked for is sent with its ticket.</summary>
    static async Task<ApiResult> Continue(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<ContinueBody>(http);
        return await Answer(http, mediator, await body.Then(given => given switch
        {
            { Code: { } code, NewPassword: null } =>
                mediator.Send(new GiveTwoStepCode(given.Ticket, code, given.Device ?? "", Mobile(http)), CancellationToken.None),
            { Code: null, NewPassword: { } password } =>
                mediator.Send(new ChoosePasswordAtSignIn(given.Ticket, password, given.Device ?? "", Mobile(http)), CancellationToken.None),
            _ => Task.FromResult<Outcome<SignedIn>>(new BadBody(StatusCodes.Status400BadRequest,
                "Send either a code or a newPassword, whichever the previous response requested.")),
        }));
    }

    static async Task<ApiResult> Answer(HttpContext http, IMediator mediator, Outcome<SignedIn> outcome) => outcome.Refusal switch
    {
        null => await Pair(http, mediator, outcome.Value.Token),
        StepNeeded needed => new(answer => ApiAnswer.Step(answer, needed)),
        SignInAtProvider => new(ApiAnswer.AtProvider),
        var refusal => refusal,
    };

    static async Task<ApiResult> Refresh(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.Read<RefreshBody>(http);
        return body.Granted ? await Pair(http, mediator, body.Value.RefreshToken) : body.Refusal;
    }

    static async Task<ApiResult> Pair(HttpContext http, IMediator mediator, string? refreshToken) =>
        (await mediator.Send(new RefreshSession(refreshToken, Mobile(http)), CancellationToken.None)).Shown(tokens => ApiResult.Plain(
            new TokenPair(tokens.AccessToken, (int)tokens.AccessFor.TotalSeconds, tokens.RefreshToken)));

    static async Task<ApiResult> SignOut(HttpContext http, IMediator mediator)
    {
        if (http.Visitor() is not { Means: "mobile" }) return new NotSignedIn();
        await mediator.Send(new Security.SignOut(BearerToken.Of(http.Request), http.Origin()), CancellationToken.None);
        return new(answer =>
        {
            answer.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
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
