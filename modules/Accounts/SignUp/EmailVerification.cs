using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>Follows the link of a verification mail (SPEC A2): 24 hours, once, for the address it was sent to.</summary>
public sealed record FollowVerificationLink(string? Token, Origin Origin) : IRequest<Outcome<AccountId>>;

/// <summary>Sends the verification mail again: at most one a minute and ten a day (SPEC A2).</summary>
/// <param name="Organization">Null when the person asks for the own account; otherwise the managing organization.</param>
public sealed record SendVerificationMail(AccountId Account, OrganizationId? Organization, Origin Origin) : IRequest<Outcome<Done>>;
