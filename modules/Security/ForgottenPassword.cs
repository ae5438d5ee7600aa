using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>Somebody has forgotten a password (SPEC S1). The same answer,
/// work and time whether there is an account or not: see <see cref="PasswordResetAsked"/>.</summary>
public sealed record RequestPasswordReset(string? Email, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Whether a link is still good, for the page that it leads to; changes nothing. What stands against the account is told to the
/// holder of a good link only (SPEC A9).</summary>
public sealed record ReadPasswordReset(string? Token) : IRequest<Outcome<AccountId>>;

/// <summary>
/// Sets the password by the link of a mail: good for one hour, once, for the address that it was sent to, and void after any change of
/// password or address. All sessions end, API tokens are revoked, other links, tickets and pending changes are void (A14); two-step
/// verification is still asked for at the sign-in that follows.
/// </summary>
public sealed record FollowPasswordReset([property: Secret] string? Token, [property: Secret] string? Password, Origin Origin)
    : IRequest<Outcome<Done>>;
