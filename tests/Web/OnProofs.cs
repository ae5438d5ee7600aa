using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What tests of proofs that somebody is still there have in common.</summary>
public abstract class OnProofs(FurnishedSite all) : OnFurnishedSite(all)
{
    protected static readonly TimeSpan TooLong = ProofAge.Lasts + TimeSpan.FromMinutes(1);

    /// <summary>What a browser can ask: not what a bearer alone opens.</summary>
    protected IReadOnlyList<(RouteEndpoint Endpoint, RequiresAttribute Requires)> BrowserRoutes() =>
        [.. Routes().Where(r => !r.Requires.Bearer)];

    protected static bool IsPage(RouteEndpoint route) => route.Metadata.GetMetadata<PageActionDescriptor>() is not null;
}
