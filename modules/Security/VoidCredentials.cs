using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Takes everything away by which somebody could come in to an account that was begun with an address and never verified, before the
/// address is given to its person (SPEC P2): whoever began it may have been somebody else. Changes nothing where there is nothing.
/// </summary>
public sealed record VoidCredentials(AccountId Account, OrganizationId Organization, Origin Origin) : IRequest<Outcome<Done>>;
