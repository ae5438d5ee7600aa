using System.Security.Claims;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Scim;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Access;

/// <summary>
/// Asks once per request who the visitor is and whether the route's permission is theirs (SPEC S8). What somebody may not see answers
/// exactly as what does not exist. Runs after routing; static files pass. Who only looks may be let in as somebody who is known and not
/// revoked; who changes something, and who is refused, never (A9). What was found is asked again before it is used when it has become old:
/// by whatever writes, and here before an answer begins.
/// </summary>
sealed class Gate(RequestDelegate next, WebSettings settings, KeyLimits limits, ScimAuthentication providers, Admissions admissions,
    IMediator questions, TimeProvider clock)
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
        var admission = admissions.Begin(http.RequestAborted);
        var wire = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        // Who has changed something may have ended their own session by it: what they are answered is theirs.
        var body = LeaveRoom.Looks(http) ? new AdmittedBody(wire, () => admissions.Stand(admission).AsTask()) : null;
        if (body is not null)
        {
            http.Features.Set<IHttpResponseBodyFeature>(body);
            http.Response.OnStarting(() => StillIn(http, admission));
        }
        try
        {
            // An identity provider's program is nobody's visitor: it has a door of its own.
            await (required.Permission is Permission.Provision
                ? providers.Let(http, mediator, next)
                : Judge(http, mediator, required, admission));
            if (body is not null && !http.RequestAborted.IsCancellationRequested) await body.End();
        }
        catch (NoLongerAdmittedException)
        {
            Let(http, null);
            throw;
        }
        finally
        {
            if (body is not null) http.Features.Set(wire);
            admission.End();
        }
    }

    async Task Judge(HttpContext http, IMediator mediator, RequiresAttribute required, Admission admission)
    {
        var looks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        // An error page is made for whoever was recognised when the request came, and what broke is not asked again.
        var (visitor, broke) = (http.Visitor(), http.Features.Get<IExceptionHandlerFeature>() is not null);
        var secret = visitor is null && !broke ? Secret(http, required) : null;
        var unattended = looks && LiveStreams.IsAskedByPage(http);
        if (secret is not null)
            visitor = await Who(mediator, required, secret, mayBeKnown: looks && !required.Fresh, http.RequestAborted, unattended);
        // Nobody is refused on what was true a moment ago: a role that was given just now counts.
        if (secret is not null && looks && !required.Fresh && visitor is not null
            && await Refused(http, mediator, visitor, required.Permission) is not null)
            visitor = await Who(mediator, required, secret, mayBeKnown: false, http.RequestAborted, unattended);
        Let(http, visitor);
        // Whatever a key is answered counts, so that nobody tries ids for free.
        if (visitor?.Key is { } used && !BadInput.IsErrorPage(http) && await limits.Take(used.Id, http.RequestAborted) is { } wait)
        {
            Meters.Gate.Count("answer", "limited");
            await ApiAnswer.TooMany(http, wait);
            return;
        }
        // Said before anything is looked at, so that it tells nothing about it.
        if (required.Scope is { } scope && visitor?.Key is { } key && !key.Scopes.Cover(scope))
        {
            Meters.Gate.Count("answer", "scope");
            await ApiAnswer.Refuse(http, new ScopeMissing(scope));
            return;
        }
        var refusal = await Refused(http, mediator, visitor, required.Permission);
        if (!BadInput.IsErrorPage(http))
            Meters.Gate.Count("answer",
                refusal switch { null => "in", StatusCodes.Status401Unauthorized => "sign_in", _ => "not_found" });
        if (refusal is null && visitor is not null && secret is not null)
        {
            admission.LetIn(Again(http, required, secret, mayBeKnown: true));
            if (LiveStreams.IsStream(http)) http.Features.Set(new StillLetIn(admissions, known => Again(http, required, secret, known)()));
        }
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

    /// <summary>The same check once more, whatever has become of the request; it notes no use.</summary>
    Func<Task<bool>> Again(HttpContext http, RequiresAttribute required, string secret, bool mayBeKnown)
    {
        var unattended = LiveStreams.IsAskedByPage(http);
        var permission = required.Permission;
        var site = permission.IsOfSite() ? Guid.Parse((string)http.Request.RouteValues[RouteKeys.Site]!) : (Guid?)null;
        var named = http.Request.RouteValues[RouteKeys.Organization] as string;
        return async () =>
        {
            if (await Who(questions, required, secret, mayBeKnown, CancellationToken.None, unattended) is not { } visitor) return false;
            if (site is not { } on) return visitor.Allows(permission, Organization(named, visitor));
            return await questions.Send(new ReadSiteRoles(new(on), visitor.Account), CancellationToken.None) is { } roles
                && visitor.Allows(permission, roles.Organization, roles);
        };
    }

    /// <summary>Between <see cref="AdmittedBody"/> and the wire there may be a pause as well. What is on its way by then can only be cut.
    /// </summary>
    async Task StillIn(HttpContext http, Admission admission)
    {
        try { await admissions.Stand(admission); }
        catch (Exception) { http.Abort(); }
    }

    /// <summary>Null when the route's permission is the visitor's.</summary>
    async Task<int?> Refused(HttpContext http, IMediator mediator, Visitor? visitor, Permission permission) => permission switch
    {
        Permission.Demo when !settings.Demo => StatusCodes.Status404NotFound,
        _ when permission.IsOfSite() => await OnSite(http, mediator, visitor, permission) ? null
            : visitor is null ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status404NotFound,
        _ when visitor.Allows(permission, Organization(http.Request.RouteValues[RouteKeys.Organization], visitor)) => null,
        _ when visitor is null => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status404NotFound,
    };

    /// <summary>Programs: the header alone counts, whatever cookies come along.</summary>
    string? Secret(HttpContext http, RequiresAttribute required) =>
        required.OfNobody ? null
        : required.Scope is not null || required.Bearer ? BearerToken.Of(http.Request)
        : http.Request.Cookies[settings.SessionCookie] is { Length: > 0 and <= LongestToken } token ? token
        : null;

    static Task<Visitor?> Who(IMediator mediator, RequiresAttribute required, string secret, bool mayBeKnown, CancellationToken ct,
        bool unattended = false) =>
        required.Scope is not null ? mediator.Send(new AuthenticateApiKey(secret, mayBeKnown), ct)
        : required.Bearer ? mediator.Send(new AuthenticateBearer(secret, mayBeKnown), ct)
        : mediator.Send(new AuthenticateSession(secret, mayBeKnown) { Unattended = unattended }, ct);

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
    static OrganizationId? Organization(object? named, Visitor? visitor) =>
        named is null ? visitor?.Key?.Organization
        : Guid.TryParse(named as string, out var id) ? new OrganizationId(id) : null;
}
