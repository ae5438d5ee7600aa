using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Somebody without a usable account follows an invitation (SPEC U3). The link came by mail, so it verifies the address. An account that
/// somebody began with this address and never verified gets the new password in place of its own:
/// whoever began it must not come in with it.
/// </summary>
/// <param name="Name">For a new account only.</param>
public sealed record JoinByInvitation(string? Token, string? Name, string? Password, Origin Origin) : IRequest<Outcome<SiteId>>;

public sealed record SignInToJoin()
    : Refusal("signInToJoin", "There is an account with this email address already. Sign in to it, and follow the link again.");
