namespace DirectoryPlatform.Reporting;

/// <summary>Who administers the organization (SPEC S7), by name.</summary>
public sealed record ReadOrganizationAdmins(OrganizationId Organization) : IRequest<IReadOnlyList<OrganizationAdminView>>;

/// <param name="Since">By the audit log.</param>
/// <param name="AppointedBy">Null for the platform itself, as at setup.</param>
/// <param name="ManagedHere">Whether this organization manages the account, so that its profile can be seen.</param>
/// <param name="OnlyOne">The only one who can act: stays (SPEC A8).</param>
/// <param name="TwoStep">Whether two-step verification is set up here.</param>
/// <param name="Picture">Version of the picture, where this organization manages the account and so may see it; null for none.</param>
public sealed record OrganizationAdminView(AccountId Id, string Name, string Email, AccountState State, DateTimeOffset? Since,
    string? AppointedBy, bool ManagedHere, bool OnlyOne, bool TwoStep, Guid? Picture)
{
    /// <summary>Whether this organization's identity provider signs in: then the second step is there.</summary>
    public bool AtProvider { get; init; }

    /// <summary>Whether another organization manages the account, and so says how it signs in.</summary>
    public bool ManagedElsewhere { get; init; }
}

/// <summary>Who looks after a site, or after the access to one of its apps (SPEC S7): site admins first, then by app and name.</summary>
public sealed record ReadSiteAdmins(SiteId Site) : IRequest<IReadOnlyList<SiteAdminView>>;

/// <param name="App">Null for the whole site.</param>
public sealed record SiteAdminView(AccountId Id, string Name, string Email, string? App, string? AppName, DateTimeOffset Since);
