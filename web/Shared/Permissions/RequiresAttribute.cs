using DirectoryPlatform.Security;

namespace DirectoryPlatform.Web.Permissions;

/// <summary>Declares what a page or a route requires (SPEC S8). A route that carries none keeps the host from starting.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;
}

public static class RequiresOnRoutes
{
    /// <summary>The same declaration for routes that are not pages.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiresAttribute(permission));
}
