namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary><c>GET /admin/v1/orgs</c>: the one organization that the key belongs to; and its directories, of which there is one until
/// identity providers bring theirs.</summary>
static class Orgs
{
    public const string V1 = "/admin/v1/orgs/{orgId:guid}", V2 = "/admin/v2/orgs/{orgId:guid}";

    /// <summary>Routes below it are <see cref="OfDirectory"/>.</summary>
    public const string Directory = $"{V2}/directories/{{directoryId}}";

    public static void MapOrgs(this IEndpointRouteBuilder app)
    {
        app.MapGet("/admin/v1/orgs", async (ApiCall call) => ApiResult.Of((object[])[await One(call)], new SelfLink(call.Here)))
            .Requires(Permission.OwnAccount, ApiScope.Organization);
        app.MapGet(V1, async (ApiCall call) => ApiResult.Of(await One(call)))
            .Requires(Permission.ViewManagedAccounts, ApiScope.Organization);
        app.MapGet($"{V2}/directories", async (ApiCall call) => ApiResult.Of(
            (object[])[new { directoryId = $"{call.Organization}", (await Read(call)).Name, type = "local" }],
            new { next = (string?)null }))
            .Requires(Permission.ManageUsers, ApiScope.Organization);
    }

    /// <summary>"-" is every directory; the organization's own has its id.</summary>
    public static RouteGroupBuilder OfDirectory(this RouteGroupBuilder routes) => routes.AddEndpointFilter(async (asked, next) =>
    {
        var directory = asked.HttpContext.GetRouteValue("directoryId") as string;
        return directory == "-" || (Guid.TryParse(directory, out var id) && id == asked.HttpContext.Visitor()!.Key!.Organization.Value)
            ? await next(asked)
            : (ApiResult)new NotFound("directory");
    });

    static async Task<OrganizationView> Read(ApiCall call) => (await call.Send(new ReadOrganizations([call.Organization])))[0];

    static async Task<Resource> One(ApiCall call)
    {
        var (organization, self) = (await Read(call), call.LinkOf(""));
        return new($"{organization.Id}", "orgs", new { organization.Name, organization.Slug },
            new { self, domains = $"{self}/domains", users = $"{self}/users" });
    }
}
