namespace DirectoryPlatform.Web.Permissions;

/// <summary>Where a route names whose it is: <c>/o/{orgId}</c>, <c>/s/{siteId}</c>.</summary>
static class RouteKeys
{
    public const string Organization = "orgId";
    public const string Site = "siteId";
}
