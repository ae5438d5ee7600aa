namespace DirectoryPlatform.Web.Permissions;

/// <summary>Declares what a page or a route requires (SPEC S8). A route that carries none keeps the host from starting.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;

    /// <summary>
    /// Whether the visitor must have shown the password within <see cref="ProofAge.Lasts"/>, to look as well as to send: for pages that
    /// are there only to do something of <see cref="StepUp.Rows"/>, and for files that carry data off.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>The same for whatever the page is sent, while looking is free: for pages that show something besides.</summary>
    public bool FreshToSend { get; init; }

    /// <summary>For programs: the visitor is recognised by the Authorization header alone. A cookie opens none of these routes, and the
    /// header none of the others, so that no other site's form can act through them.</summary>
    public bool Bearer { get; init; }

    /// <summary>For probes: nobody is recognised, so that the database is not asked, which may be what is away.</summary>
    public bool OfNobody { get; init; }

    /// <summary>For an organization's programs: only an API key that covers this scope opens the route (SPEC P1), and the organization is
    /// the key's where the path names none. Null for people.</summary>
    public ApiScope? Scope { get; init; }
}

/// <summary>On a route that is asked by POST and changes nothing.</summary>
sealed class OnlyLooks;

public static class RequiresOnRoutes
{
    /// <summary>The same declaration for routes that are not pages.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission, bool bearer = false, bool fresh = false)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiresAttribute(permission) { Bearer = bearer, Fresh = fresh });

    /// <summary>Several routes that require the same.</summary>
    public static RouteGroupBuilder Requiring(this IEndpointRouteBuilder app, Permission permission, ApiScope scope) =>
        app.MapGroup("").Requires(permission, scope);

    /// <summary>For API keys: what their admin must be allowed to do, and what they must have been given.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission, ApiScope scope)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiresAttribute(permission) { Bearer = true, Scope = scope });
}

/// <summary>Where a route names whose it is: <c>/o/{orgId}</c>, <c>/s/{siteId}</c>.</summary>
static class RouteKeys
{
    public const string Organization = "orgId";
    public const string Site = "siteId";
}
