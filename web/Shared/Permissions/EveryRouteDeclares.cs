using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.StaticAssets;

namespace DirectoryPlatform.Web.Permissions;

/// <summary>Where the start-up check finds the application's routes, those that the host maps included.</summary>
sealed class MappedRoutes
{
    public IEnumerable<EndpointDataSource> Sources { get; set; } = [];
}

/// <summary>Keeps the host from starting while a page or route declares no permission, or asks for an organization's permission without
/// naming one in its path (SPEC S8).</summary>
sealed class EveryRouteDeclares(MappedRoutes routes) : IHostedService
{
    public Task StartAsync(CancellationToken ct)
    {
        Check(routes.Sources.SelectMany(s => s.Endpoints));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    /// <exception cref="InvalidOperationException">Names every route at fault.</exception>
    public static void Check(IEnumerable<Endpoint> endpoints)
    {
        var faults = endpoints.Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null).Select(Fault).OfType<string>().Distinct()
            .ToList();
        if (faults.Count > 0) throw new InvalidOperationException($"These routes cannot be served: {string.Join("; ", faults)}.");
    }

    /// <summary>Paths that API keys alone open.</summary>
    static readonly string[] OfPrograms = ["admin/", "users/"];

    static string? Fault(Endpoint endpoint) => endpoint.Metadata.GetMetadata<RequiresAttribute>() switch
    {
        null => $"{endpoint.DisplayName} declares no permission",
        { Scope: null } when OfPrograms.Any(o => endpoint is RouteEndpoint { RoutePattern.RawText: { } path } && path.TrimStart('/')
            .StartsWith(o, StringComparison.Ordinal)) => $"{endpoint.DisplayName} declares no scope for API keys",
        { Scope: not null, Permission: var p } when p.IsOfOrganization() => null,
        { Permission: var p } when p.IsOfOrganization() && !Carries(endpoint, RouteKeys.Organization) =>
            $"{endpoint.DisplayName} requires {p} but its path has no {{{RouteKeys.Organization}}}",
        { Permission: var p } when p.IsOfSite() && !Carries(endpoint, RouteKeys.Site) =>
            $"{endpoint.DisplayName} requires {p} but its path has no {{{RouteKeys.Site}}}",
        { FreshToSend: true } or { Fresh: true } when endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null
            && !OnlyLooks(endpoint) =>
            $"{endpoint.DisplayName} requires a fresh proof, for which only pages and downloads can ask",
        _ => null,
    };

    static bool OnlyLooks(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods
            && methods.All(m => HttpMethods.IsGet(m) || HttpMethods.IsHead(m));

    static bool Carries(Endpoint endpoint, string key) => endpoint is RouteEndpoint { RoutePattern: var pattern }
        && pattern.GetParameter(key) is not null;
}
