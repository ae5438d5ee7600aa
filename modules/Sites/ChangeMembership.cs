namespace DirectoryPlatform.Sites;

public enum MembershipChange { Suspend, Restore, Remove }

/// <summary>
/// Suspends, restores or removes people on one site, or on all sites of an organization (SPEC U4, U5): one outcome a person, in the order
/// given. Suspending keeps roles and groups, dormant; removing takes the roles on the site, and the memberships of groups that open an app
/// there or, with the last site, of all groups. Accounts stay as they are.
/// </summary>
/// <param name="Organization">Whose site it is; another's is answered as an unknown one.</param>
/// <param name="Site">Null for all sites of the organization: then a person's outcome is granted when it was on any.</param>
public sealed record ChangeMembership(OrganizationId Organization, SiteId? Site, IReadOnlyList<AccountId> Accounts, MembershipChange Change,
    Origin Origin) : IRequest<IReadOnlyList<Outcome<Done>>>;

/// <summary>The same, decided and not done: what the confirmation says is what the deed will do.</summary>
public sealed record PreviewMembership(OrganizationId Organization, SiteId? Site, IReadOnlyList<AccountId> Accounts,
    MembershipChange Change, AccountId By) : IRequest<MembershipPreview>;

/// <param name="Will">Who will change.</param>
/// <param name="Refused">By the refusal's sentence.</param>
/// <param name="Groups">Names of the groups that are left by a removal; at most 20 are named.</param>
public sealed record MembershipPreview(IReadOnlyList<AccountId> Will, IReadOnlyList<(AccountId Account, Refusal Why)> Refused,
    IReadOnlyList<string> Groups, long Grants);
