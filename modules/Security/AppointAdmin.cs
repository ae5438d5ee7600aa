namespace DirectoryPlatform.Security;

/// <summary>
/// Makes whoever has this address an admin of the organization (SPEC S7). Any active account will do, managed or not, and there is one
/// answer for every other: whether an address has an account that is unverified, deactivated or somebody else's is nobody's business here.
/// </summary>
/// <param name="Email">As typed.</param>
public sealed record AppointAdmin(OrganizationId Organization, string? Email, Origin Origin) : IRequest<Outcome<AccountView>>;

/// <summary>Ends the role; of oneself, too. The last admin who can act stays (SPEC A8).
/// An id that is no admin's is answered as an unknown one.</summary>
public sealed record RemoveAdmin(OrganizationId Organization, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>;
