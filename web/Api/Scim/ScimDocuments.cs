using System.Text.Json.Nodes;

namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>What a provider asks of the server itself (RFC 7644, 4), and many requests in one (3.7).</summary>
static class ScimDocuments
{
    public static void MapScimDocuments(this IEndpointRouteBuilder app)
    {
        Map("/ServiceProviderConfig", (scim, root, _) => scim.ServiceProviderConfig(root));
        Map("/Schemas", (scim, root, _) => scim.Schemas(root));
        Map("/Schemas/{urn}", (scim, root, urn) => scim.Schema(root, urn));
        Map("/ResourceTypes", (scim, root, _) => scim.ResourceTypes(root));
        Map("/ResourceTypes/{urn}", (scim, root, name) => scim.ResourceType(root, name));
        app.MapPost($"{Scim.Root}/Bulk", (HttpContext http, IMediator mediator) =>
            ScimAnswer.With(http, body => mediator.Send(new CarryOutBulk(http.Provider(), body, http.ProviderOrigin()),
                CancellationToken.None))).Requires(Permission.Provision, bearer: true);

        void Map(string path, Func<IScimDiscovery, string, string, JsonObject?> document) =>
            app.MapGet(Scim.Root + path, (HttpContext http, WebSettings settings, [FromServices] IScimDiscovery scim) =>
                Answer(http, settings, scim, document))
            .Requires(Permission.Provision, bearer: true);
    }

    static Task Answer(HttpContext http, WebSettings settings, IScimDiscovery scim,
        Func<IScimDiscovery, string, string, JsonObject?> document)
    {
        // RFC 7644, 4: what is asked for with a filter here is not understood and must not look like an answer.
        if (http.Request.Query.ContainsKey("filter"))
            return ScimAnswer.Refuse(http, new ScimFault(403, null, "These documents take no filter."));
        var root = new Uri(settings.PublicUrl, $"/scim/directory/{http.Provider().Directory}").ToString();
        return document(scim, root, http.Request.RouteValues["urn"] as string ?? "") is { } found
            ? ScimAnswer.Write(http, StatusCodes.Status200OK, found)
            : ScimAnswer.Refuse(http, ScimFault.NotFound("document"));
    }
}
