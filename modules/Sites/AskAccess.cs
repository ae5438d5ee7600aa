using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>Refuses with <see cref="NotFound"/> for an unknown site.</summary>
public sealed record ReadStanding(SiteId Site, string App, AccountId Account) : IRequest<Outcome<Standing>>;

/// <summary>
/// The door's question (SPEC U11): may this person, whom the gate has just recognised, enter this app now? A yes is remembered for half a
/// second, a no is never: SPEC A9 allows a second on any node, and what the gate itself remembers runs at the same time, not on top.
/// Refuses with the reason for the person. Notes the activity, at most once an hour.
/// </summary>
/// <param name="Site">Its id, or the host of its address.</param>
public sealed record MayEnterApp(string? Site, string? App, AccountId Account) : IRequest<Outcome<AppRole>>;

/// <summary>The sites of one person with the apps that open (SPEC U4: what a suspended person sees), by name.</summary>
public sealed record ReadOwnSites(AccountId Account) : IRequest<IReadOnlyList<OwnSite>>;

public sealed record OwnSite(string Organization, SiteView Site, UserStatus Status, IReadOnlyList<string> Open);
