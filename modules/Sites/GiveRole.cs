using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>Gives a user of the site a role in an app, or takes it (SPEC U6). What groups open stays open.</summary>
/// <param name="Role">Null to take the role away.</param>
/// <param name="OnlyApps">The apps that whoever asks may decide about; null for all of the site.</param>
public sealed record GiveRole(SiteId Site, AccountId Account, string App, AppRole? Role, IReadOnlyList<string>? OnlyApps, Origin Origin)
    : IRequest<Outcome<Done>>;
