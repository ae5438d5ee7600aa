using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// A signed-in person chooses another password (SPEC S1, A12). All other sessions end, links, tickets and pending changes are void (A14),
/// API tokens are revoked unless the person wishes to keep them, and a mail says so.
/// </summary>
/// <param name="Session">The one in which it is done; it stays.</param>
public sealed record ChangePassword(AccountId Account, Guid Session, [property: Secret] string? Current,
    [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>Programs go on; for whoever changes the password by habit.</summary>
    public bool KeepApiTokens { get; init; }
}
