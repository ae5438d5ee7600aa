using MediatR;

namespace DirectoryPlatform.Sites;

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
