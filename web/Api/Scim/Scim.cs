using System.Text.Json.Nodes;

namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>The routes of identity providers (SPEC P2; RFC 7644, 3.2), each below its directory's own address: of its resources, of what it
/// asks of the server itself (4), and of many requests in one (3.7).</summary>
static class Scim
{
    public const string DirectoryKey = "directoryId";

    /// <summary>Without constraints on its parameters: what is no id is answered as an id that is unknown.</summary>
    public const string Root = $"/scim/directory/{{{DirectoryKey}}}";

    public static readonly PathString Place = "/scim";

    public static void MapScim(this IEndpointRouteBuilder app)
    {
        ScimRoutes.Users.Map(app);
        ScimRoutes.Groups.Map(app);
        Map("/ServiceProviderConfig", (scim, root, _) => scim.ServiceProviderConfig(root));
        Map("/Schemas", (scim, root, _) => scim.Schemas(root));
        Map("/Schemas/{urn}", (scim, root, urn) => scim.Schema(root, urn));
        Map("/ResourceTypes", (scim, root, _) => scim.ResourceTypes(root));
        Map("/ResourceTypes/{urn}", (scim, root, name) => scim.ResourceType(root, name));
        app.MapPost($"{Root}/Bulk", (HttpContext http, IMediator mediator) =>
            ScimAnswer.With(http, body => mediator.Send(new CarryOutBulk(http.Provider(), body, http.ProviderOrigin()),
                CancellationToken.None))).Requires(Permission.Provision, bearer: true);

        app.MapPost($"{Root}/.search", ScimRoutes.Looking(ScimAsked.Search, (by, query) => new SearchScim(by, query)))
            .Requires(Permission.Provision, bearer: true).WithMetadata(new OnlyLooks());
        app.MapMethods($"{Root}/Me", ["GET", "POST", "PUT", "PATCH", "DELETE"], (HttpContext http) => ScimAnswer.Refuse(http, NobodysOwn))
            .Requires(Permission.Provision, bearer: true);

        void Map(string path, Func<IScimDiscovery, string, string, JsonObject?> document) =>
            app.MapGet(Root + path, (HttpContext http, WebSettings settings, [FromServices] IScimDiscovery scim) =>
                Answer(http, settings, scim, document))
            .Requires(Permission.Provision, bearer: true);
    }

    /// <summary>RFC 7644, 3.11: a directory's token is no person's, so that there is nobody whom it could mean.</summary>
    static readonly ScimFault NobodysOwn = new(StatusCodes.Status501NotImplemented, null,
        "There is no /Me here: the token belongs to the directory, not to a person. Ask for /Users with a filter.");

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
