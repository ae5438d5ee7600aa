using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>What would go with an organization, and what has to go before it.</summary>
/// <param name="InTheWay">One sentence each; the organization can be deleted when there is none.</param>
/// <param name="Admins">Who administer it, and do not any more.</param>
public sealed record OrganizationWeight(OrganizationView Organization, IReadOnlyList<string> InTheWay, long Admins, long Groups);

public sealed record WeighOrganization(OrganizationId Organization) : IRequest<Outcome<OrganizationWeight>>;

/// <summary>
/// Deletes an organization that owns nothing any more: no domain, no managed account, no site, no unfinished work. Its groups, policies,
/// keys, webhooks and admins go with it; the audit log stays. It cannot be undone.
/// </summary>
/// <param name="TypedName">The organization's name, as its admin typed it to confirm.</param>
public sealed record DeleteOrganization(OrganizationId Organization, string? TypedName, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record OrganizationInUse(string Why) : Refusal("organizationInUse", Why);

/// <summary>Its admins are told no more of it.</summary>
public sealed record OrganizationDeleted(OrganizationId Organization, DateTimeOffset At, Guid? By) : Fact;
