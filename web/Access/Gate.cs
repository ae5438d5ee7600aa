using System.Security.Claims;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Scim;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Access;

/// <summary>
/// Asks once per request who the visitor is and whether the route's permission is theirs (SPEC S8). What somebody may not see answers
/// exactly as what does not exist. Runs after routing; static files pass. Who only looks may be let in on an answer of half a second ago;
/// who changes something, and who is refused, never (A9).
/// </summary>
sealed class Gate(RequestDelegate next, WebSettings settings, KeyLimits limits, ScimAuthentication providers, TimeProvider clock)
{

    /// <summary>A session's secret has 43 characters; anything much longer is not one and need not reach the database.</summary>
    const int LongestToken = 100;

    public async Task InvokeAsync(HttpContext http, IMediator mediator)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiresAttribute>() is not { } required)
        {
            await next(http);
            return;
        }
        // An identity provider's program is nobody's visitor: it has a door of its own.
        if (required.Permission is Permission.Provision)
        {
            await providers.Let(http, mediator, next);
            return;
        }
        var looks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        // An error page is made for whoever was recognised when the request came.
        var visitor = http.Visitor() ?? await Who(http, mediator, required, mayBeRecent: looks && !required.Fresh);
        // Nobody is refused on what was true a moment ago: a role that was given just now counts.
        if (looks && !required.Fresh && visitor is not null && await Refused(http, mediator, visitor, required.Permission) is not null)
            visitor = await Who(http, mediator, required, mayBeRecent: false);
        Let(http, visitor);
        // Whatever a key is answered counts, so that nobody tries ids for free.
        if (visitor?.Key is { } used && !BadInput.IsErrorPage(http) && await limits.Take(used.Id, http.RequestAborted) is { } wait)
        {
            await ApiAnswer.TooMany(http, wait);
            return;
        }
        // Whatever it changes, and for whomever: this node shows it from the answer on.
        if (!looks && visitor is not null)
            http.Response.OnStarting(() => mediator.Send(new InvalidateVisitorCache(), CancellationToken.None));
        // Said before anything is looked at, so that it tells nothing about it.
        if (required.Scope is { } scope && visitor?.Key is { } key && !key.Scopes.Cover(scope))
        {
            await ApiAnswer.Refuse(http, new ScopeMissing(scope));
            return;
        }
        var refusal = await Refused(http, mediator, visitor, required.Permission);
        // A page asks by itself, with all that was typed; a download leads to the question.
        var isPage = http.GetEndpoint()!.Metadata.GetMetadata<PageActionDescriptor>() is not null;
        if (refusal is null && required.Fresh && !isPage && visitor is not null && ProofAge.IsTooOld(visitor, clock))
            http.Response.Redirect(ProofAge.PathToQuestion(http));
        else if (refusal is null) await next(http);
        else if (required.Bearer)
            await (refusal is StatusCodes.Status401Unauthorized ? ApiAnswer.Unauthorized(http) : ApiAnswer.NotFound(http));
        else if (refusal is StatusCodes.Status401Unauthorized) AskToSignIn(http);
        else http.Response.StatusCode = refusal.Value;
    }

    /// <summary>Null when the route's permission is the visitor's.</summary>
    async Task<int?> Refused(HttpContext http, IMediator mediator, Visitor? visitor, Permission permission) => permission switch
    {
        Permission.Demo when !settings.Demo => StatusCodes.Status404NotFound,
        _ when permission.IsOfSite() => await OnSite(http, mediator, visitor, permission) ? null
            : visitor is null ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status404NotFound,
        _ when visitor.Allows(permission, Organization(http, visitor)) => null,
        _ when visitor is null => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status404NotFound,
    };

    /// <summary>Programs: the header alone counts, whatever cookies come along.</summary>
    async Task<Visitor?> Who(HttpContext http, IMediator mediator, RequiresAttribute required, bool mayBeRecent)
    {
        if (required.Scope is not null)
            return BearerToken.Of(http.Request) is { } key
                ? await mediator.Send(new AuthenticateApiKey(key, mayBeRecent), http.RequestAborted)
                : null;
        if (required.Bearer)
            return BearerToken.Of(http.Request) is { } secret
                ? await mediator.Send(new AuthenticateBearer(secret, mayBeRecent), http.RequestAborted)
                : null;
        return http.Request.Cookies[settings.SessionCookie] is { Length: > 0 and <= LongestToken } token
            ? await mediator.Send(new AuthenticateSession(token, mayBeRecent), http.RequestAborted)
            : null;
    }

    static void Let(HttpContext http, Visitor? visitor)
    {
        http.Features.Set(visitor);
        // Ties every form to the session it was made for: a token replayed in another session is refused.
        if (visitor is { Means: "web" })
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, visitor.Session.ToString())],
                "session"));
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

    /// <summary>The site's organization and the visitor's roles on the site are read from the site's own rows;
    /// the path names neither.</summary>
    static async Task<bool> OnSite(HttpContext http, IMediator mediator, Visitor? visitor, Permission permission)
    {
        if (visitor is null || !Guid.TryParse(http.Request.RouteValues[RouteKeys.Site] as string, out var site)) return false;
        if (await mediator.Send(new ReadSiteRoles(new(site), visitor.Account), http.RequestAborted) is not { } roles
            || !visitor.Allows(permission, roles.Organization, roles)) return false;
        http.Features.Set(roles);
        return true;
    }

    /// <summary>Of the path; where it names none, that of the key.</summary>
    static OrganizationId? Organization(HttpContext http, Visitor? visitor) =>
        http.Request.RouteValues[RouteKeys.Organization] is not { } named ? visitor?.Key?.Organization
        : Guid.TryParse(named as string, out var id) ? new OrganizationId(id) : null;
}
