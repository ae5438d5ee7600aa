using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Sites;

/// <param name="Slug">Short name for the command line and for people; lower case letters, digits and dashes.</param>
public sealed record OrganizationView(OrganizationId Id, string Slug, string Name);

/// <summary>Unknown ids are left out of the answer.</summary>
public sealed record ReadOrganizations(IReadOnlyCollection<OrganizationId> Ids) : IRequest<IReadOnlyList<OrganizationView>>;
