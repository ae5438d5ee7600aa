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
    /// <summary>The organization's API keys (SPEC P1).</summary>
    ManageApiKeys,
    /// <summary>Which identity providers make and change people here (SPEC P2).</summary>
    ManageProvisioning,
    /// <summary>For identity providers' programs alone, each in its own directory (SPEC P2).</summary>
    Provision,
    /// <summary>The demo's pages, which exist in demo mode only.</summary>
    Demo,
    /// <summary>Who is an admin of the organization, and who may do what in it.</summary>
    ManageAdmins,
    ViewAuditLog,
    /// <summary>Where the audit log is sent.</summary>
    ManageWebhooks,
    /// <summary>Organizations and sites: their apps, their admins, the experience.</summary>
    ManageSites,
    ManageGroups,
    /// <summary>Everybody on the organization's sites.</summary>
    ManageUsers,
    /// <summary>The people of one site.</summary>
    ViewSiteUsers,
    /// <summary>Who is on one site: invite, suspend, restore, remove, export.</summary>
    ManageSiteUsers,
    /// <summary>Roles in apps on one site; the command asks which apps.</summary>
    ManageAppAccess,
}

/// <summary>Who somebody can be towards what a request is about (SPEC S7).</summary>
public enum Role
{
    Anybody,
    Person,
    OrganizationAdmin,
    /// <summary>Of the site that the request is about.</summary>
    SiteAdmin,
    /// <summary>Of any app on that site.</summary>
    AccessAdmin,
    /// <summary>The program behind a directory's token, which is no person: no visitor ever is one.</summary>
    Provider,
}

/// <summary>What a permission is about, and so what its route must name.</summary>
public enum PermissionScope { Nothing, Organization, Site }

/// <summary>One row of the table.</summary>
/// <param name="Roles">Whoever holds one of them towards the target has the permission.</param>
/// <param name="Words">For the page that shows the table: what its holder may do.</param>
public sealed record PermissionRow(Permission Permission, PermissionScope Scope, IReadOnlyList<Role> Roles, string Words);

/// <summary>
/// Who may do what (SPEC S7): this one table. The gate reads it and a page shows it. Roles of a site and of an app on it are held by what
/// <see cref="SiteRoles"/> says of the visitor; which app a user access admin may decide about is asked again by the command, from the
/// target's own row.
/// </summary>
public static class PermissionTable
{
    /// <summary>A switch and not a list, so that a permission without a row does not compile.</summary>
    public static PermissionRow Row(Permission permission) => permission switch
    {
        Permission.Anyone => new(permission, PermissionScope.Nothing, Everybody, "Sign in, sign up, and follow links from emails"),
        Permission.OwnAccount =>
            new(permission, PermissionScope.Nothing, People, "See and change your own account: details, picture, devices, API tokens"),
        Permission.ManageDomains => OfAdmins(permission, "See, add, verify and remove domains"),
        Permission.ClaimAccounts => OfAdmins(permission, "Claim and unclaim accounts, and edit exclusion lists"),
        Permission.ViewManagedAccounts => OfAdmins(permission, "See, search and export the managed accounts and their history"),
        Permission.ManageAccounts =>
            OfAdmins(permission, "Change, deactivate, reactivate and delete managed accounts; end their sessions and API tokens"),
        Permission.ViewJobs => OfAdmins(permission, "See, cancel, resume and undo jobs"),
        Permission.ManageMail => OfAdmins(permission, "See undelivered emails and change the organization’s email branding"),
        Permission.ManagePolicies => OfAdmins(permission, "See and change authentication policies and their members"),
        Permission.ManageApiKeys => OfAdmins(permission, "See, create, take over and revoke the organization’s API keys"),
        Permission.ManageProvisioning =>
            OfAdmins(permission, "See, add and remove identity providers, renew their tokens, and unlink people"),
        Permission.Provision =>
            new(permission, PermissionScope.Nothing, [Role.Provider],
                "Create and change people and groups of one identity provider (only with its token)"),
        Permission.Demo => new(permission, PermissionScope.Nothing, Everybody, "Use the demo’s mailbox and DNS zone (demo only)"),
        Permission.ManageAdmins => OfAdmins(permission, "See, add and remove admins, and see this table"),
        Permission.ViewAuditLog => OfAdmins(permission, "See, search and export the audit log"),
        Permission.ManageWebhooks => OfAdmins(permission, "Manage webhooks for the audit log, and see deliveries"),
        Permission.ManageSites =>
            OfAdmins(permission, "Create organizations and sites, add apps to them, add site admins and user access admins"),
        Permission.ManageGroups => OfAdmins(permission, "See and change groups, their members and their app access"),
        Permission.ManageUsers => OfAdmins(permission, "See, suspend, restore, remove and export users of all the organization’s sites"),
        Permission.ViewSiteUsers =>
            OfSite(permission, [Role.OrganizationAdmin, Role.SiteAdmin, Role.AccessAdmin], "See the users of the site"),
        Permission.ManageSiteUsers =>
            OfSite(permission, [Role.OrganizationAdmin, Role.SiteAdmin], "Invite, suspend, restore, remove and export users of the site; "
                + "add them to groups of the site where the organization allows it"),
        Permission.ManageAppAccess =>
            OfSite(permission, [Role.OrganizationAdmin, Role.SiteAdmin, Role.AccessAdmin],
                "Assign and remove roles in apps of the site (user access admins: only in their app)"),
    };

    /// <param name="organization">The organization of the target; null where the permission is about no organization.</param>
    /// <param name="site">What the visitor is on the site of the target; null where the permission is about no site.</param>
    public static bool Allows(this Visitor? visitor, Permission permission, OrganizationId? organization, SiteRoles? site = null) =>
        Row(permission).Roles.Any(role => Holds(visitor, role, organization, site));

    /// <summary>Whether the permission is about a site, so that its route must carry <c>siteId</c>.</summary>
    public static bool IsOfSite(this Permission permission) => Row(permission).Scope is PermissionScope.Site;

    /// <summary>Whether the permission is about an organization, so that its route must carry <c>orgId</c>.</summary>
    public static bool IsOfOrganization(this Permission permission) => Row(permission).Scope is PermissionScope.Organization;

    static bool Holds(Visitor? visitor, Role role, OrganizationId? organization, SiteRoles? site) => role switch
    {
        Role.Anybody => true,
        Role.Person => visitor is not null,
        Role.OrganizationAdmin => visitor is not null && organization is { } o && visitor.AdminOf.Contains(o),
        Role.SiteAdmin => visitor is not null && site is { SiteAdmin: true },
        Role.AccessAdmin => visitor is not null && site is { AccessAdminOf.Count: > 0 },
        Role.Provider => false,
    };

    static readonly Role[] People = [Role.Person, Role.OrganizationAdmin, Role.SiteAdmin, Role.AccessAdmin];

    static readonly Role[] Everybody = [Role.Anybody, .. People];

    /// <summary>Behind the roles that it names.</summary>
    public static IReadOnlyList<PermissionRow> Rows { get; } = [.. Enum.GetValues<Permission>().Select(Row)];

    static PermissionRow OfAdmins(Permission permission, string words) =>
        new(permission, PermissionScope.Organization, [Role.OrganizationAdmin], words);

    static PermissionRow OfSite(Permission permission, Role[] roles, string words) => new(permission, PermissionScope.Site, roles, words);
}
