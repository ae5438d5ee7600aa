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

/// <summary>What can be left to do between the right password and the session, in this order (SPEC S1, S2, M7).</summary>
public enum SignInStep { TwoStepCode, NewPassword, SetUpTwoStep }

/// <summary>The code of the authenticator app, or a recovery code, after the right password (SPEC S2). The gate is asked again; guesses are
/// slowed down per account.</summary>
/// <param name="Ticket">From <see cref="StepNeeded"/>.</param>
public sealed record GiveTwoStepCode([property: Secret] string? Ticket, [property: Secret] string? Code, string Device, Origin Origin)
    : IRequest<Outcome<SignedIn>>;

/// <summary>Another password at the sign-in, because it has expired (S1) or an admin has reset it (M7).</summary>
/// <param name="Ticket">From <see cref="StepNeeded"/>.</param>
public sealed record ChoosePasswordAtSignIn([property: Secret] string? Ticket, [property: Secret] string? Password, string Device,
    Origin Origin) : IRequest<Outcome<SignedIn>>;

/// <summary>Within the 14 days the person comes back: the deletion is cancelled,
/// and the sign-in goes on to its session (SPEC A12).</summary>
/// <param name="Ticket">From <see cref="OwnDeletionAtSignIn"/>: given out for the right password only, and after the code where two-step
/// verification is on; good for ten minutes, for this one deletion, and until the password is changed or reset.</param>
public sealed record CancelOwnDeletion(string? Ticket, string Device, Origin Origin) : IRequest<Outcome<SignedIn>>;
