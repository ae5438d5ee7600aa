using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// An admin gives a managed account another address, on a domain that the organization has verified (SPEC M4). It counts as verified; all
/// sessions end. Refused with <see cref="EmailTaken"/> when another account has it,
/// <see cref="EmailDomainForeign"/> off the organization's domains.
/// </summary>
/// <param name="Seen">The address that the form was made from.</param>
public sealed record ChangeEmail(AccountId Account, OrganizationId Organization, string? Seen, string? Email, Origin Origin)
    : IRequest<Outcome<Done>>
{
    /// <summary>The organizations that the asker administers, of a person at a browser who has just shown the password;
    /// null for programs (SPEC S13).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}
