using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// An admin resets passwords (SPEC M7, A10): all sessions end at once, API tokens, links, tickets and pending changes are void (A14), the
/// next sign-in has to choose another one, and the people are told by mail. Another admin's password is reset by a person only, and the
/// other admins are told (S13).
/// </summary>
public sealed record ResetPasswords(IReadOnlyList<AccountId> Accounts, OrganizationId By, Origin Origin)
    : IRequest<IReadOnlyList<Outcome<Done>>>
{
    /// <summary>The organizations that the asker administers, of a person at a browser who has just shown the password;
    /// null for programs (see <see cref="AdminReach"/>).</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}

/// <summary>An admin takes two-step verification away from somebody who has lost the phone and the recovery codes (SPEC M2).</summary>
public sealed record ResetTwoStep(AccountId Account, OrganizationId By, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>As in <see cref="ResetPasswords"/>.</summary>
    public IReadOnlyList<OrganizationId>? Asker { get; init; }
}
