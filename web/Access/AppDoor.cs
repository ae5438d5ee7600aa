using DirectoryPlatform.Web.Api;

namespace DirectoryPlatform.Web.Access;

/// <summary>
/// The door of the guarded apps (SPEC U11), for nginx's auth_request or any other proxy: 200 when the session cookie or the bearer token of
/// the request opens the app, 401 for who is not recognised, 403 for who is and may not. Site and app stand in the query, or in the headers
/// X-Access-Site and X-Access-App; what a proxy sets there, a visitor cannot. See docs/nginx.conf.
/// </summary>
static class AppDoor
{
    public static void MapDoor(this IEndpointRouteBuilder app) => app.MapGet("/access/check", Check).Requires(Permission.Anyone)
        .WithoutDoor("A reverse proxy asks it with each request to an app; one look by index for a session or token of 256 random bits.");

    /// <summary>A machine on which the check takes longer than it may be old lets nobody in.</summary>
    const int MostTries = 5;

    static async Task Check(HttpContext http, IMediator mediator, Admissions admissions, WebSettings settings)
    {
        http.Response.Headers.CacheControl = "no-store";
        // Judged once more when a pause in between has made it old; the first time, the gate has recognised whoever shows a cookie.
        var (visitor, entry) = await Judge(http, mediator, http.Visitor());
        for (var tries = 1; admissions.Now is { IsOld: true }; tries++)
        {
            if (tries == MostTries)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            admissions.Begin(http.RequestAborted);
            (visitor, entry) = await Judge(http, mediator, http.Request.Cookies[settings.SessionCookie] is { Length: > 0 } token
                ? await mediator.Send(new AuthenticateSession(token, MayBeKnown: true), http.RequestAborted)
                : null);
        }
        if (visitor is null || entry is not { } judged)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (!judged.Granted)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.Headers["X-Access-Refusal"] = judged.Refusal is NotFound ? new NotOnThisSite().Code : judged.Refusal.Code;
            return;
        }
        http.Response.Headers["X-Access-Account"] = visitor.Account.ToString();
        http.Response.Headers["X-Access-Email"] = visitor.Email;
        http.Response.Headers["X-Access-Role"] = judged.Value is AppRole.Admin ? "admin" : "user";
    }

    /// <summary>A request that shows a token is judged by it, whatever cookies come along.</summary>
    static async Task<(Visitor?, Outcome<AppRole>?)> Judge(HttpContext http, IMediator mediator, Visitor? byCookie)
    {
        var (query, headers) = (http.Request.Query, http.Request.Headers);
        var visitor = headers.Authorization.Count == 0 ? byCookie
            : BearerToken.Of(http.Request) is { } token
            ? await mediator.Send(new AuthenticateBearer(token, MayBeKnown: true), http.RequestAborted)
            : null;
        if (visitor is null) return default;
        return (visitor, await mediator.Send(new MayEnterApp(query["site"].FirstOrDefault() ?? headers["X-Access-Site"], query["app"]
            .FirstOrDefault() ?? headers["X-Access-App"], visitor.Account), http.RequestAborted));
    }
}
