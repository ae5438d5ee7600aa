using System.Security.Claims;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Api;
using MediatR;

namespace DirectoryPlatform.Web.Permissions;

/// <summary>
/// Asks once per request who the visitor is and whether the route's permission is theirs (SPEC S8). What somebody may not see answers exactly
/// as what does not exist. Runs after routing; static files pass.
/// </summary>
sealed class Gate(RequestDelegate next, WebSettings settings)
{
    public const string OrganizationKey = "orgId";
    public const string SiteKey = "siteId";

    /// <summary>A session's secret has 43 characters; anything much longer is not one and need not reach the database.</summary>
    const int LongestToken = 100;

    public async Task InvokeAsync(HttpContext http, IMediator mediator)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiresAttribute>() is not { Permission: var permission } required)
        {
            await next(http);
            return;
        }
        var visitor = required.Bearer ? await Bearer(http, mediator) : await Recognise(http, mediator);
        var refusal = permission switch
        {
            Permission.Demo when !settings.Demo => StatusCodes.Status404NotFound,
            _ when permission.IsOfSite() => await OnSite(http, mediator, visitor, permission) ? (int?)null : visitor is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status404NotFound,
            _ when visitor.Allows(permission, Organization(http)) => (int?)null,
            _ when visitor is null => StatusCodes.Status401Unauthorized,
            _ => StatusCodes.Status404NotFound,
        };
        if (refusal is null) await next(http);
        else if (required.Bearer) await (refusal is StatusCodes.Status401Unauthorized ? ApiAnswer.Unauthorized(http) : ApiAnswer.NotFound(http));
        else if (refusal is StatusCodes.Status401Unauthorized) AskToSignIn(http);
        else http.Response.StatusCode = refusal.Value;
    }

    async Task<Visitor?> Recognise(HttpContext http, IMediator mediator)
    {
        if (http.Visitor() is { } known) return known;
        if (http.Request.Cookies[settings.SessionCookie] is not { Length: > 0 and <= LongestToken } token) return null;
        if (await mediator.Send(new WhoIsThis(token), http.RequestAborted) is not { } visitor) return null;
        http.Features.Set(visitor);
        // Ties every form to the session it was made for: a token replayed in another session is refused.
        http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, visitor.Session.ToString())], "session"));
        return visitor;
    }

    /// <summary>Programs: the header alone counts, whatever cookies come along.</summary>
    static async Task<Visitor?> Bearer(HttpContext http, IMediator mediator)
    {
        if (BearerToken.Of(http.Request) is not { } token || await mediator.Send(new WhoBears(token), http.RequestAborted) is not { } visitor) return null;
        http.Features.Set(visitor);
        return visitor;
    }

    static void AskToSignIn(HttpContext http)
    {
        var address = $"/sign-in?returnTo={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}";
        if (http.Request.Headers.ContainsKey("HX-Request")) http.Response.Headers["HX-Redirect"] = "/sign-in";
        else if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Redirect(address);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    /// <summary>The site's organization and the visitor's roles on the site are read from the site's own rows; the path names neither.</summary>
    static async Task<bool> OnSite(HttpContext http, IMediator mediator, Visitor? visitor, Permission permission)
    {
        if (visitor is null || !Guid.TryParse(http.Request.RouteValues[SiteKey] as string, out var site)) return false;
        if (await mediator.Send(new ReadSiteRoles(new(site), visitor.Account), http.RequestAborted) is not { } roles || !visitor.Allows(permission, roles.Organization, roles)) return false;
        http.Features.Set(roles);
        return true;
    }

    static OrganizationId? Organization(HttpContext http) =>
        Guid.TryParse(http.Request.RouteValues[OrganizationKey] as string, out var id) ? new OrganizationId(id) : null;
}
