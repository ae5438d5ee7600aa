using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>Which roles of SPEC S7 somebody holds on one site; null for an unknown site.
/// The organization's own admins hold theirs beside these.</summary>
public sealed record ReadSiteRoles(SiteId Site, AccountId Account) : IRequest<SiteRoles?>;

/// <param name="AccessAdminOf">Apps on the site whose access the person looks after.</param>
public sealed record SiteRoles(OrganizationId Organization, bool SiteAdmin, IReadOnlyList<string> AccessAdminOf);

/// <summary>The sites on which somebody holds a role, by name: where a person who administers no organization begins.</summary>
public sealed record ReadSitesAdministered(AccountId Account) : IRequest<IReadOnlyList<SiteView>>;

/// <summary>
/// Makes whoever has this address an admin of the site, or of the access to one app on it (SPEC S7). Any active account will do; there is
/// one answer for every other address.
/// </summary>
/// <param name="App">Null for the whole site.</param>
public sealed record AppointSiteAdmin(SiteId Site, string? App, string? Email, Origin Origin) : IRequest<Outcome<AccountView>>;

public sealed record DismissSiteAdmin(SiteId Site, string? App, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>;
