namespace DirectoryPlatform.Sites;

/// <param name="Slug">Short name for the command line and for people; lower case letters, digits and dashes.</param>
public sealed record OrganizationView(OrganizationId Id, string Slug, string Name)
{
    public Experience Experience { get; init; } = Experience.Centralized;

    /// <summary>As <see cref="AllowSiteGroups"/> says.</summary>
    public bool SiteAdminsGiveGroups { get; init; }
}

/// <summary>Unknown ids are left out of the answer.</summary>
public sealed record ReadOrganizations(IReadOnlyCollection<OrganizationId> Ids) : IRequest<IReadOnlyList<OrganizationView>>;

/// <summary>By slug, for the command line; null when there is none.</summary>
public sealed record FindOrganization(string Slug) : IRequest<OrganizationView?>;

public sealed record IsThereAnyOrganization : IRequest<bool>;

/// <summary>A new organization without anybody in it. Refused when the slug is taken or not a slug.</summary>
/// <param name="Slug">Null to make one from the name.</param>
public sealed record CreateOrganization(OrganizationId Id, string? Slug, string? Name, Origin Origin) : IRequest<Outcome<OrganizationView>>;

/// <summary>Gives the organization another name; its short name stays, because commands and templates of mails are found by it. Refuses
/// with <see cref="InvalidValue"/> of field "name".</summary>
public sealed record RenameOrganization(OrganizationId Organization, string? Name, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>How the organization's admins reach its people (SPEC U1); refuses with <see cref="NotFound"/>.</summary>
public sealed record ChooseExperience(OrganizationId Organization, Experience Experience, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record SlugTaken() : Refusal("slugTaken", "Another organization uses this short name.");

/// <summary>How an organization's admins reach its people (SPEC U1): in one place, or under each site.</summary>
public enum Experience { Centralized = 1, Original = 2 }

/// <summary>The organization's own words at the end of every mail that is written in its name (SPEC R8).</summary>
/// <param name="Contact">Whom to ask; null for nothing.</param>
/// <param name="Signature">Who writes; null for nothing.</param>
public sealed record OrganizationWording(string? Contact, string? Signature);

/// <summary>Refuses with <see cref="NotFound"/> for an unknown organization.</summary>
public sealed record ReadOrganizationWording(OrganizationId Organization) : IRequest<Outcome<OrganizationWording>>;

/// <summary>Holds from the next mail on that is sent, queued ones included.
/// Refuses with <see cref="InvalidValue"/> of field "contact" or "signature".</summary>
/// <param name="Contact">At most <see cref="MaxText"/> characters, some lines of plain text; blank for nothing.</param>
public sealed record ChangeOrganizationWording(OrganizationId Organization, string? Contact, string? Signature, Origin Origin)
    : IRequest<Outcome<Done>>
{
    /// <summary>Some lines, not an essay (own choice).</summary>
    public const int MaxText = 500;
}

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
