namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// <c>POST /admin/v1/orgs/{orgId}/users/{accountId}/roles/assign</c> and <c>/revoke</c> (SPEC U6): a role in an app on a site.
/// Admins are appointed by people alone: a stolen key must not be able to make one.
/// </summary>
static class RolesApi
{
    public static void MapRoles(this IEndpointRouteBuilder app)
    {
        foreach (var (verb, gives) in ((string, bool)[])[("assign", true), ("revoke", false)])
            app.MapPost($"{Orgs.V1}/users/{{accountId:guid}}/roles/{verb}", (ApiCall call, Guid accountId) =>
                Change(call, new(accountId), gives)).Requires(Permission.ManageUsers, ApiScope.UsersManage);
    }

    static async Task<ApiResult> Change(ApiCall call, AccountId account, bool gives)
    {
        var body = await call.Body<RoleBody>();
        var read = await body.Then(b => Read(call, b));
        if (!read.Granted) return read.Refusal;
        var (role, app, site) = read.Value;
        if (!gives)
        {
            var user = await call.Execute(new ReadUser(new(call.Organization, site), account));
            // Whoever has another role than the one to be revoked keeps it.
            if (user is not { Granted: true, Value.Sites: [{ Apps: var apps }] } || apps.All(a => a.Id != app || a.Direct != role))
                return user.Done();
        }
        return (await call.Execute(new GiveRole(site, account, app, gives ? role : null, null, call.Origin))).Done();
    }

    /// <summary>The resource is looked up among the organization's own sites: another's is answered as none.</summary>
    public static async Task<Outcome<GivenRole>> Read(ApiCall call, RoleBody body)
    {
        if (body is { Role: not null, RoleId: not null } or { Resource: not null, ResourceId: not null })
            return new InvalidValue("role", "Send either role and resource, or roleId and resourceId.");
        if ((body.Role ?? body.RoleId) is OrganizationShape.OrganizationAdminRole or OrganizationShape.SiteAdminRole
            or OrganizationShape.AccessAdminRole)
            return new NotYours("Admins can only be added and removed by an admin in the browser.");
        if (OrganizationShape.RoleOf(body.Role ?? body.RoleId) is not { } role)
            return new InvalidValue("role", "The role (role or roleId) is atlassian/user or atlassian/admin.");
        if (OrganizationShape.ReadResource(body.Resource ?? body.ResourceId) is not var (app, site))
            return new InvalidValue("resource", "The resource (resource or resourceId) looks like ari:cloud:jira::site/ID.");
        return (await call.Send(new ReadSites(call.Organization)))
            .FirstOrDefault(s => s.Id == site)?.Apps.Any(a => a.Id == app) == true
                ? new GivenRole(role, app, site) : new NotFound("resource");
    }

    public sealed record GivenRole(AppRole Role, string App, SiteId Site);
}

/// <param name="RoleId">The name in version 2 of the same; so, too, <paramref name="ResourceId"/>.</param>
sealed record RoleBody(string? Role, string? Resource, string? RoleId, string? ResourceId);
