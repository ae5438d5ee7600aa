using MediatR;

namespace DirectoryPlatform.Sites;

/// <param name="Slug">Short name for the command line and for people; lower case letters, digits and dashes.</param>
public sealed record OrganizationView(OrganizationId Id, string Slug, string Name)
{
    public Experience Experience { get; init; } = Experience.Centralized;
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
public sealed record ReadExperience(OrganizationId Organization) : IRequest<Outcome<Experience>>;

public sealed record ChooseExperience(OrganizationId Organization, Experience Experience, Origin Origin) : IRequest<Outcome<Done>>;

public sealed record SlugTaken() : Refusal("slugTaken", "Another organization uses this short name.");
