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

    static async Task Check(HttpContext http, IMediator mediator)
    {
        var (query, headers) = (http.Request.Query, http.Request.Headers);
        http.Response.Headers.CacheControl = "no-store";
        // A request that shows a token is judged by it, whatever cookies come along.
        var visitor = headers.Authorization.Count == 0 ? http.Visitor()
            : BearerToken.Of(http.Request) is { } token
            ? await mediator.Send(new AuthenticateBearer(token, MayBeRecent: true), http.RequestAborted)
            : null;
        if (visitor is null)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        var entry = await mediator.Send(new MayEnterApp(query["site"].FirstOrDefault() ?? headers["X-Access-Site"], query["app"]
            .FirstOrDefault() ?? headers["X-Access-App"], visitor.Account), http.RequestAborted);
        if (!entry.Granted)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.Headers["X-Access-Refusal"] = entry.Refusal is NotFound ? new NotOnThisSite().Code : entry.Refusal.Code;
            return;
        }
        http.Response.Headers["X-Access-Account"] = visitor.Account.ToString();
        http.Response.Headers["X-Access-Email"] = visitor.Email;
        http.Response.Headers["X-Access-Role"] = entry.Value is AppRole.Admin ? "admin" : "user";
    }
}
