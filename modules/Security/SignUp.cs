namespace DirectoryPlatform.Security;

/// <summary>
/// Begins an account and mails the link behind which its password is set (SPEC A2, A13): whoever signs up with somebody else's address
/// gets nothing from the owner's click. An address in use gets the
/// same answer and a mail that says so, so that nobody can probe for accounts; one that waits to be verified gets its link again.
/// </summary>
public sealed record SignUp(string? Email, string? Name, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Whether the link of a verification mail is still good, for the page that it leads to; changes nothing.</summary>
public sealed record ReadSignUp(string? Token) : IRequest<Outcome<AccountView>>;

/// <summary>
/// Sets the password behind the link of a verification mail: the same step verifies the address and arms the account (SPEC A13). Of many
/// who follow one link, one does.
/// </summary>
public sealed record FinishSignUp([property: Secret] string? Token, [property: Secret] string? Password, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>
/// Somebody without a usable account follows an invitation (SPEC U3). The link came by mail, so it verifies the address. An account that
/// somebody began with this address and never verified gets the new password in place of its own:
/// whoever began it must not come in with it.
/// </summary>
/// <param name="Name">For a new account only.</param>
public sealed record JoinByInvitation(string? Token, string? Name, string? Password, Origin Origin) : IRequest<Outcome<SiteId>>;

public sealed record SignInToJoin()
    : Refusal("signInToJoin", "There is already an account with this email address. Sign in to it, and follow the link again.");
