using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Security;

/// <summary>Everything that a page, form or route can require (SPEC S8).</summary>
public enum Permission
{
    /// <summary>Anybody, signed in or not.</summary>
    Anyone,
    /// <summary>Any signed-in person, for the own account.</summary>
    OwnAccount,
    ManageDomains,
    ClaimAccounts,
    ViewManagedAccounts,
    ManageAccounts,
    ViewJobs,
    /// <summary>The organization's mails: what has not arrived, and its words in them.</summary>
    ManageMail,
    /// <summary>Authentication policies, and who is in which.</summary>
    ManagePolicies,
    /// <summary>The demo's pages, which exist in demo mode only.</summary>
    Demo,
}

/// <summary>Who may do what (SPEC S7): this one table.</summary>
public static class PermissionTable
{
    /// <param name="organization">The organization of the target; null where the permission is about no organization.</param>
    public static bool Allows(this Visitor? visitor, Permission permission, OrganizationId? organization) => permission switch
    {
        Permission.Anyone or Permission.Demo => true,
        Permission.OwnAccount => visitor is not null,
        Permission.ManageDomains or Permission.ClaimAccounts or Permission.ViewManagedAccounts
            or Permission.ManageAccounts or Permission.ViewJobs or Permission.ManageMail or Permission.ManagePolicies => visitor is not null && organization is { } o && visitor.AdminOf.Contains(o),
    };

    /// <summary>Whether the permission is about an organization, so that its route must carry <c>orgId</c>.</summary>
    public static bool IsOfOrganization(this Permission permission) => permission is not (Permission.Anyone or Permission.OwnAccount or Permission.Demo);
}
