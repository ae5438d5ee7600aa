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
    /// <summary>Who is an admin of the organization, and who may do what in it.</summary>
    ManageAdmins,
}

/// <summary>Who somebody can be towards what a request is about (SPEC S7).</summary>
public enum Role
{
    Anybody,
    Person,
    OrganizationAdmin,
}

/// <summary>What a permission is about, and so what its route must name.</summary>
public enum PermissionScope { Nothing, Organization }

/// <summary>One row of the table.</summary>
/// <param name="Roles">Whoever holds one of them towards the target has the permission.</param>
/// <param name="Words">For the page that shows the table: what its holder may do.</param>
public sealed record PermissionRow(Permission Permission, PermissionScope Scope, IReadOnlyList<Role> Roles, string Words);

/// <summary>
/// Who may do what (SPEC S7): this one table. The gate reads it and a page shows it. A role that belongs to a site or to an app becomes one more <see cref="Role"/>, one more scope, and an
/// entry in the rows that it may have; <see cref="Holds"/> then says who holds it.
/// </summary>
public static class PermissionTable
{
    /// <summary>A switch and not a list, so that a permission without a row does not compile.</summary>
    public static PermissionRow Row(Permission permission) => permission switch
    {
        Permission.Anyone => new(permission, PermissionScope.Nothing, [Role.Anybody, Role.Person, Role.OrganizationAdmin], "Sign in, sign up, and follow links from mails"),
        Permission.OwnAccount => new(permission, PermissionScope.Nothing, [Role.Person, Role.OrganizationAdmin], "See and change the own account: details, picture, devices, API tokens"),
        Permission.ManageDomains => OfAdmins(permission, "See, add, verify and remove domains"),
        Permission.ClaimAccounts => OfAdmins(permission, "Claim and unclaim accounts, and edit exclusion lists"),
        Permission.ViewManagedAccounts => OfAdmins(permission, "See, search and export the managed accounts and their history"),
        Permission.ManageAccounts => OfAdmins(permission, "Change, deactivate, reactivate and delete managed accounts; end their sessions and API tokens"),
        Permission.ViewJobs => OfAdmins(permission, "See, cancel, resume and undo background work"),
        Permission.ManageMail => OfAdmins(permission, "See which mails did not arrive, and word the organization’s mails"),
        Permission.ManagePolicies => OfAdmins(permission, "See and change authentication policies, and put people under them"),
        Permission.Demo => new(permission, PermissionScope.Nothing, [Role.Anybody, Role.Person, Role.OrganizationAdmin], "Use the demo’s mailbox and DNS zone (demo only)"),
        Permission.ManageAdmins => OfAdmins(permission, "See, appoint and remove admins, and see this table"),
    };

    public static IReadOnlyList<PermissionRow> Rows { get; } = [.. Enum.GetValues<Permission>().Select(Row)];

    /// <param name="organization">The organization of the target; null where the permission is about no organization.</param>
    public static bool Allows(this Visitor? visitor, Permission permission, OrganizationId? organization) => Row(permission).Roles.Any(role => Holds(visitor, role, organization));

    /// <summary>Whether the permission is about an organization, so that its route must carry <c>orgId</c>.</summary>
    public static bool IsOfOrganization(this Permission permission) => Row(permission).Scope is PermissionScope.Organization;

    static bool Holds(Visitor? visitor, Role role, OrganizationId? organization) => role switch
    {
        Role.Anybody => true,
        Role.Person => visitor is not null,
        Role.OrganizationAdmin => visitor is not null && organization is { } o && visitor.AdminOf.Contains(o),
    };

    static PermissionRow OfAdmins(Permission permission, string words) => new(permission, PermissionScope.Organization, [Role.OrganizationAdmin], words);
}
