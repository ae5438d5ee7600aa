using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>What that API has and this one has not, on purpose: 501 with the reason, so that nobody looks for a wrong path.</summary>
static class LeftOut
{
    public static void MapLeftOut(this IEndpointRouteBuilder app)
    {
        foreach (var operation in Operations.All.Where(o => o.LeftOut is not null))
            app.MapMethods(operation.Path.Replace("{orgId}", "{orgId:guid}", StringComparison.Ordinal), [operation.Method],
                () => (ApiResult)new NotHere(operation.LeftOut!)).Requires(Permission.ViewManagedAccounts, ApiScope.Organization);
    }
}

/// <summary>A published operation that is left out.</summary>
sealed record NotHere(string Why) : Refusal("notHere", Why);
