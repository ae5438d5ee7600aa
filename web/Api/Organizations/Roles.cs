namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// <c>POST /admin/v1/orgs/{orgId}/users/{accountId}/roles/assign</c> and <c>/revoke</c> (SPEC U6): a role in an app on a site.
/// Administrators are appointed by people alone: a stolen key must not be able to make one.
/// </summary>
static class RolesApi
{
    public static void MapRoles(this IEndpointRouteBuilder app)
    {
        foreach (var (verb, gives) in ((string, bool)[])[("assign", true), ("revoke", false)])
            app.MapPost($"{Orgs.V1}/users/{{accountId:guid}}/roles/{verb}", (HttpContext http, IMediator mediator, Guid accountId) =>
                Change(http, mediator, accountId, gives)).Requires(Permission.ManageUsers, ApiScope.UsersManage);
    }

    static async Task Change(HttpContext http, IMediator mediator, Guid account, bool gives)
    {
        var body = await ApiBody.ReadLenient<RoleBody>(http);
        var read = body.Granted ? await Read(http, mediator, body.Value) : body.Refusal;
        if (!read.Granted)
        {
            await OrganizationShape.Refuse(http, read.Refusal);
            return;
        }
        var (role, app, site) = read.Value;
        var refusal = gives || await Holds(http, mediator, account, role, app, site)
            ? (await mediator.Send(new GiveRole(site, new(account), app, gives ? role : null, null, http.Origin()),
                CancellationToken.None)).Refusal
            : (await mediator.Send(new ReadUser(new(http.Organization(), site), new(account)), CancellationToken.None)).Refusal;
        await (refusal is null ? ApiAnswer.Nothing(http) : OrganizationShape.Refuse(http, refusal));
    }

    /// <summary>Whoever has another role than the one to be revoked keeps it.</summary>
    static async Task<bool> Holds(HttpContext http, IMediator mediator, Guid account, AppRole role, string app, SiteId site) =>
        await mediator.Send(new ReadUser(new(http.Organization(), site), new(account)), CancellationToken.None) is
        {
            Granted: true,
            Value.Sites: [{ Apps: var apps }]
        } && apps.Any(a => a.Id == app && a.Direct == role);

    /// <summary>The resource is looked up among the organization's own sites: another's is answered as none.</summary>
    public static async Task<Outcome<GivenRole>> Read(HttpContext http, IMediator mediator, RoleBody body)
    {
        if (body.Role is "atlassian/org-admin" or "atlassian/site-admin")
            return new NotYours("Administrators are appointed and removed by an admin in the browser.");
        if (OrganizationShape.RoleOf(body.Role) is not { } role)
            return new InvalidValue("role", "A role is atlassian/user or atlassian/admin.");
        if (OrganizationShape.ReadResource(body.Resource) is not var (app, site))
            return new InvalidValue("resource", "A resource looks like ari:cloud:jira::site/ID.");
        return (await mediator.Send(new ReadSites(http.Organization()), http.RequestAborted))
            .FirstOrDefault(s => s.Id == site)?.Apps.Any(a => a.Id == app) == true
                ? new GivenRole(role, app, site) : new NotFound("resource");
    }

    public sealed record GivenRole(AppRole Role, string App, SiteId Site);
}

sealed record RoleBody(string? Role, string? Resource);
