using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>The code of the authenticator app, or a recovery code, after the right password (SPEC S2). The gate is asked again; guesses are
/// slowed down per account.</summary>
/// <param name="Ticket">From <see cref="StepNeeded"/>.</param>
public sealed record GiveTwoStepCode([property: Secret] string? Ticket, [property: Secret] string? Code, string Device, Origin Origin)
    : IRequest<Outcome<SignedIn>>;

/// <summary>Another password at the sign-in, because it has expired (S1) or an admin has reset it (M7).</summary>
/// <param name="Ticket">From <see cref="StepNeeded"/>.</param>
public sealed record ChoosePasswordAtSignIn([property: Secret] string? Ticket, [property: Secret] string? Password, string Device,
    Origin Origin) : IRequest<Outcome<SignedIn>>;
