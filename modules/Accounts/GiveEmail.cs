using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>As <see cref="ChangeEmail"/>, for programs, which say what they want and not what they saw: whatever the address is now, it
/// becomes this one.</summary>
public sealed record GiveEmail(AccountId Account, OrganizationId Organization, string? Email, Origin Origin) : IRequest<Outcome<Done>>;
