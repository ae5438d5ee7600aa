using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Password sign-in (SPEC S1, A9): throttled per account and per address, the same answer and the same time whether the account exists or not.
/// Only after the right password does a refusal say more, such as the deactivation's message, or <see cref="StepNeeded"/> when something is left to do.
/// </summary>
/// <param name="Device">The browser's User-Agent, shortened; becomes the session's device name.</param>
public sealed record SignIn(string? Email, string? Password, string Device, Origin Origin) : IRequest<Outcome<SignedIn>>;

/// <param name="Token">The session's secret for the cookie: base64url of 256 random bits. Only its hash is stored.</param>
public sealed record SignedIn(string Token, AccountId Account);

/// <summary>
/// Creates an account with a password and sends the verification mail (SPEC A2). When an organization claims the domain automatically, the account is claimed in
/// the same moment (C4). An address in use gets the same answer and a mail that says so, so that nobody can probe for accounts.
/// </summary>
public sealed record SignUp(string? Email, string? Name, string? Password, Origin Origin) : IRequest<Outcome<Done>>;
