using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// Routes that API keys open: each is one of <see cref="Operations"/>, or the host does not start, and takes what is declared there and
/// nothing else (SPEC P6). Which directory is meant is looked at before what is asked of it.
/// </summary>
static class DeclaredRoutes
{
    /// <summary>Of a body where none is asked for: an empty object and some blanks (own choice).</summary>
    const int MostBytes = 1_024;

    public static RouteGroupBuilder MapDeclared(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("");
        routes.AddEndpointFilter(async (asked, next) => await Refusal(asked.HttpContext) is { } refusal
            ? (ApiResult)refusal
            : await next(asked));
        ((IEndpointConventionBuilder)routes).Add(route => route.Metadata.Add(OpenApi.Declared((RouteEndpointBuilder)route)));
        return routes;
    }

    /// <returns>Null when the route's own work may begin.</returns>
    static async Task<Refusal?> Refusal(HttpContext http)
    {
        var operation = Operation(http);
        if (operation.LeftOut is not null) return null;
        // An id that is empty leaves the address of all of them, with a slash behind it: routing would take it for that.
        if (http.Request.Path.Value!.EndsWith('/')) return new NotFound("address");
        var organization = http.Visitor()!.Key!.Organization;
        if (http.GetRouteValue(Organizations.Orgs.DirectoryKey) is string directory && directory != Organizations.Orgs.EveryDirectory
            && !(Guid.TryParse(directory, out var id) && id == organization.Value)) return new NotFound("directory");
        var read = Asked.OfQuery(operation, http.Request.QueryString);
        if (!read.Granted) return read.Refusal;
        http.Features.Set(read.Value);
        return operation.Body is null && !HttpMethods.IsGet(http.Request.Method) && await SaysSomething(http)
            ? new BadBody(StatusCodes.Status400BadRequest, "This takes no body.")
            : null;
    }

    public static Operation Operation(HttpContext http) => http.GetEndpoint()!.Metadata.GetMetadata<Operation>()!;

    /// <summary>Clients send an empty object where they have nothing to say.</summary>
    static async Task<bool> SaysSomething(HttpContext http)
    {
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false) return false;
        if (await ApiBody.Bytes(http, MostBytes) is not { } bytes) return true;
        return Encoding.UTF8.GetString(bytes).Where(c => !char.IsWhiteSpace(c)).Take(3).ToArray() is not ([] or ['{', '}']);
    }
}
