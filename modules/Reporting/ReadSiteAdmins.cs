using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>Who looks after a site, or after the access to one of its apps (SPEC S7): site admins first, then by app and name.</summary>
public sealed record ReadSiteAdmins(SiteId Site) : IRequest<IReadOnlyList<SiteAdminView>>;

/// <param name="App">Null for the whole site.</param>
public sealed record SiteAdminView(AccountId Id, string Name, string Email, string? App, string? AppName, DateTimeOffset Since);
