namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary><c>GET /admin/v1/orgs</c>: the one organization that the key belongs to; and its directories, of which there is one until
/// identity providers bring theirs.</summary>
static class Orgs
{
    public const string V1 = "/admin/v1/orgs/{orgId:guid}", V2 = "/admin/v2/orgs/{orgId:guid}";

    public const string DirectoryKey = "directoryId";

    /// <summary>The organization's own directory, of which there is one, has its id.</summary>
    public const string EveryDirectory = "-";

    public const string Directory = $"{V2}/directories/{{{DirectoryKey}}}";

    public static void MapOrgs(this IEndpointRouteBuilder app)
    {
        app.MapGet("/admin/v1/orgs", async (ApiCall call) =>
                call.PageOf([await One(call)], o => o.Id).Shown(page => ApiResult.Of(page.Rows, new SelfLink(call.Here))))
            .Requires(Permission.OwnAccount, ApiScope.Organization);
        app.MapGet(V1, async (ApiCall call) => ApiResult.Of(await One(call)))
            .Requires(Permission.ViewManagedAccounts, ApiScope.Organization);
        app.MapGet($"{V2}/directories", Directories).Requires(Permission.ManageUsers, ApiScope.Organization);
    }

    static async Task<ApiResult> Directories(ApiCall call)
    {
        var name = (await Read(call)).Name;
        var meant = IsOwn(call)
            && (call.Asked.Text("searchTerm") is not { } term || name.Contains(term, StringComparison.OrdinalIgnoreCase))
            && (call.Asked.Ids("accountId") is not [var account]
                || await call.Send(new IsUser(new(call.Organization), new(account))));
        var own = new[] { new { directoryId = $"{call.Organization}", name, type = "local" } };
        return call.PageOf(own.Where(_ => meant), d => d.directoryId)
            .Shown(page => ApiResult.Of(page.Rows, call.CursorLinks(page)));
    }

    /// <summary>Whether the organization's own directory is among those that are asked for.</summary>
    public static bool IsOwn(ApiCall call) => call.Asked.Ids("directoryIds")?.Contains(call.Organization.Value) != false;

    static async Task<OrganizationView> Read(ApiCall call) => (await call.Send(new ReadOrganizations([call.Organization])))[0];

    static async Task<Resource> One(ApiCall call)
    {
        var (organization, self) = (await Read(call), call.LinkOf(""));
        return new($"{organization.Id}", "orgs", new { organization.Name, organization.Slug },
            new { self, domains = $"{self}/domains", users = $"{self}/users" })
        {
            Relationships = new { domains = Related($"{self}/domains"), users = Related($"{self}/users") },
        };

        static object Related(string related) => new { links = new { related } };
    }
}
