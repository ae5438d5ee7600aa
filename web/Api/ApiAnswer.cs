namespace DirectoryPlatform.Web.Api;

/// <summary>What a program is told: a code for it and a sentence for whoever reads its log.</summary>
/// <param name="Code">Of the refusal; stable.</param>
public sealed record ApiFault(string Code, string Message);

/// <param name="Step">What is asked for: "twoStepCode" or "newPassword".</param>
/// <param name="Ticket">Goes with it to /api/sign-in/continue; good for ten minutes.</param>
sealed record ApiStep(string Code, string Message, string Step, string Ticket);

static class ApiAnswer
{
    /// <summary>Member names of the older shapes: "account_id".</summary>
    public static readonly JsonSerializerOptions Snake = new(KernelJson.Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Task Refuse(HttpContext http, Refusal refusal) => RefuseFor(http, StatusOf(refusal), refusal);

    /// <summary>In the shape of the family that was asked, and with Retry-After where the refusal ends by itself.</summary>
    public static Task RefuseFor(HttpContext http, int status, Refusal refusal)
    {
        if (refusal is StillBeingDone) http.Response.Headers.RetryAfter = "1";
        if (refusal is IRetryLater pause) http.Response.Headers.RetryAfter = pause.Seconds.ToString(CultureInfo.InvariantCulture);
        return ApiEnvelope.Refuse(http, status, refusal);
    }

    /// <summary>SPEC P4.</summary>
    public static Task TooMany(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ApiEnvelope.Fault(http, StatusCodes.Status429TooManyRequests, "tooManyRequests",
            "This API key has made too many requests. Wait for the number of seconds in Retry-After.");
    }

    /// <summary>The password was right and the sign-in goes on. An app shows no QR code to itself: setting up two-step verification is done
    /// in a browser, and then the app signs in anew.</summary>
    public static Task Step(HttpContext http, StepNeeded needed) => needed.Step is SignInStep.SetUpTwoStep
        ? Refuse(http, new SetUpInBrowser(http.RequestServices.GetRequiredService<WebSettings>().PublicUrl))
        : Write(http, StatusCodes.Status403Forbidden,
            new ApiStep(needed.Code, needed.Sentence, JsonNamingPolicy.CamelCase.ConvertName($"{needed.Step}"), needed.Ticket));

    /// <summary>An app holds no browser's cookies, so a provider's answer would have nowhere to go: the person works in a browser, or with
    /// an API token made there.</summary>
    public static Task AtProvider(HttpContext http) =>
        Refuse(http, new InBrowserAtProvider(http.RequestServices.GetRequiredService<WebSettings>().PublicUrl));

    sealed record InBrowserAtProvider(Uri Site)
        : Refusal("signInAtProvider",
            $"Your organization signs you in through its identity provider, which needs a browser. Sign in at {new Uri(Site, "/sign-in")}; "
            + "if your organization allows it, create an API token there for this app.");

    sealed record SetUpInBrowser(Uri Site)
        : Refusal("setUpTwoStep",
            $"Your organization requires two-step verification. Sign in at {new Uri(Site, "/sign-in")} in a browser to set it up, then "
            + "sign in here.");

    /// <summary>No valid token: what to send is said as RFC 6750 has it.</summary>
    public static Task Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiEnvelope.Fault(http, StatusCodes.Status401Unauthorized, "unauthorized",
            "Send a valid token in the Authorization header.");
    }

    public static Task NotFound(HttpContext http) =>
        ApiEnvelope.Fault(http, StatusCodes.Status404NotFound, "notFound", "There is nothing at this address, "
            + "or you do not have access to it.");

    public static Task Unlike(HttpContext http, int status)
    {
        Later.SayWhenAway(http.Response, status);
        return Fault(http, status);
    }

    static Task Fault(HttpContext http, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthorized(http),
        StatusCodes.Status404NotFound => NotFound(http),
        StatusCodes.Status405MethodNotAllowed => WrongMethod(http),
        < 500 => ApiEnvelope.Fault(http, status, "badRequest", "This request cannot be read."),
        StatusCodes.Status503ServiceUnavailable =>
            ApiEnvelope.Fault(http, status, "notAvailable", "The database does not answer, or has no room. Wait for the number "
                + "of seconds in Retry-After."),
        _ => ApiEnvelope.Fault(http, status, "broken", $"This is our fault. If you report it, "
            + $"include the request ID {http.TraceIdentifier}."),
    };

    /// <summary>Routes do not name HEAD, which stands for GET (<see cref="HeadAsGet"/>).</summary>
    static Task WrongMethod(HttpContext http)
    {
        var allowed = $"{http.Response.Headers.Allow}";
        if (allowed.Split(", ").Contains(HttpMethods.Get)) http.Response.Headers.Allow = allowed = $"{allowed}, {HttpMethods.Head}";
        return ApiEnvelope.Fault(http, StatusCodes.Status405MethodNotAllowed, "methodNotAllowed", $"This address only supports {allowed}.");
    }

    public static Task Write<T>(HttpContext http, int status, T value, JsonSerializerOptions? names = null)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(value, names ?? KernelJson.Options, CancellationToken.None);
    }

    public static Task Nothing(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <summary>Whatever a sign-in may ask for besides the password is a refusal with a code of its own,
    /// and so a 403 that says what.</summary>
    public static int StatusOf(Refusal refusal) => Later.StatusOf(refusal) ?? refusal switch
    {
        BadBody bad => bad.Status,
        Kernel.Outcomes.NotFound => StatusCodes.Status404NotFound,
        InvalidValue => StatusCodes.Status422UnprocessableEntity,
        WrongCredentials or RefreshTokenVoid or SignInTicketVoid => StatusCodes.Status401Unauthorized,
        IdempotencyKeyReused => StatusCodes.Status422UnprocessableEntity,
        // As RFC 8628 and RFC 6749 have them.
        AuthorizationPending or PollingTooFast or DeviceRequestRefused or DeviceCodeVoid => StatusCodes.Status400BadRequest,
        StillBeingDone => StatusCodes.Status409Conflict,
        RefreshedJustNow => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status403Forbidden,
    };
}
