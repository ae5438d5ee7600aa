using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api.Management;

/// <summary>The API for an organization's programs (SPEC P1). Each resource maps its own routes.</summary>
static class ManagementApi
{
    public static void MapManagementApi(this IEndpointRouteBuilder program)
    {
        var app = program.MapDeclared();
        app.MapPrivileges();
        app.MapProfiles();
        app.MapManagedUser();
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
        app.MapPolicyTasks();
        app.MapUserSearchV1();
        app.MapExports();
        app.MapEvents();
        app.MapWorkspaces();
        app.MapApiAccess();
        app.MapScimLinks();
        app.MapLeftOut();
    }
}
