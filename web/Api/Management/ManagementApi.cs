using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api.Management;

/// <summary>The API for an organization's programs (SPEC P1). Each resource maps its own routes.</summary>
static class ManagementApi
{
    public static void MapManagementApi(this IEndpointRouteBuilder app)
    {
        app.MapPrivileges();
        app.MapProfiles();
        app.MapEmails();
        app.MapUserTokens();
        app.MapLifecycle();
        app.MapOrgs();
        app.MapManagedAccounts();
        app.MapDomains();
        app.MapClaims();
        app.MapJobs();
        app.MapUsers();
        app.MapInvitations();
        app.MapRoles();
        app.MapGroups();
        app.MapPolicies();
        app.MapExports();
        app.MapEvents();
    }

    /// <summary>Whose key it is; the gate has seen to it that there is one.</summary>
    public static OrganizationId KeysOrganization(this HttpContext http) => http.Visitor()!.Key!.Organization;

    /// <summary>In whose name the key acts.</summary>
    public static AccountId KeysAdmin(this HttpContext http) => http.Visitor()!.Account;
}
