namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary><c>GET /admin/v1/orgs</c>: the one organization that the key belongs to; and its directories, of which there is one until
/// identity providers bring theirs.</summary>
static class Orgs
{
    public const string V1 = "/admin/v1/orgs/{orgId:guid}", V2 = "/admin/v2/orgs/{orgId:guid}";

    public static void MapOrgs(this IEndpointRouteBuilder app)
    {
        app.MapGet("/admin/v1/orgs", async (HttpContext http, IMediator mediator) =>
            await OrganizationShape.Write(http, (object[])[await One(http, mediator)], new SelfLink(OrganizationShape.Here(http))))
            .Requires(Permission.OwnAccount, ApiScope.Organization);
        app.MapGet(V1, async (HttpContext http, IMediator mediator) => await OrganizationShape.Write(http, await One(http, mediator)))
            .Requires(Permission.ViewManagedAccounts, ApiScope.Organization);
        app.MapGet($"{V2}/directories", async (HttpContext http, IMediator mediator) =>
            await OrganizationShape.Write(http, (Directory[])[new($"{http.Organization()}", (await Read(http, mediator)).Name, "local")],
                new { next = (string?)null })).Requires(Permission.ManageUsers, ApiScope.Organization);
    }

    /// <summary>"-" is every directory; the organization's own has its id.</summary>
    public static bool IsDirectory(HttpContext http, string directoryId) =>
        directoryId == "-" || (Guid.TryParse(directoryId, out var id) && id == http.Organization().Value);

    static async Task<OrganizationView> Read(HttpContext http, IMediator mediator) =>
        (await mediator.Send(new ReadOrganizations([http.Organization()]), http.RequestAborted))[0];

    static async Task<Resource> One(HttpContext http, IMediator mediator)
    {
        var organization = await Read(http, mediator);
        var self = OrganizationShape.Link(http, $"/admin/v1/orgs/{organization.Id}");
        return new($"{organization.Id}", "orgs", new { organization.Name, organization.Slug },
            new { self, domains = $"{self}/domains", users = $"{self}/users" });
    }

    sealed record Directory(string DirectoryId, string Name, string Type);
}
