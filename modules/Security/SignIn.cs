using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Password sign-in (SPEC S1, A9): throttled per account and per address, the same answer and the same time whether the account exists or
/// not. Only after the right password does a refusal say more, such as the deactivation's message, or <see cref="StepNeeded"/> when
/// something is left to do.
/// </summary>
/// <param name="Device">The browser's User-Agent, shortened; becomes the session's device name.</param>
public sealed record SignIn(string? Email, string? Password, string Device, Origin Origin) : IRequest<Outcome<SignedIn>>;

/// <param name="Token">The session's secret for the cookie: base64url of 256 random bits. Only its hash is stored.</param>
public sealed record SignedIn(string Token, AccountId Account);

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
