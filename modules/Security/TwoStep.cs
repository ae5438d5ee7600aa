namespace DirectoryPlatform.Security;

/// <summary>A key for the authenticator app (SPEC S2). Nothing is kept until a code shows that the app has it.</summary>
/// <param name="Enrolment">Of a page shown before: its key again, as long as it is good,
/// so that a mistyped code does not cost a new one.</param>
public sealed record PrepareTwoStep(AccountId Account, [property: Secret] string? Enrolment) : IRequest<Outcome<TwoStepEnrolment>>;

/// <summary>The same within a sign-in that asks for it.</summary>
/// <param name="Ticket">From <see cref="StepNeeded"/>.</param>
public sealed record PrepareTwoStepAtSignIn([property: Secret] string? Ticket, [property: Secret] string? Enrolment)
    : IRequest<Outcome<TwoStepEnrolment>>;

/// <param name="Key">For typing: base32.</param>
/// <param name="Uri">For the QR code.</param>
/// <param name="Enrolment">The key, sealed for this account for an hour: what the form sends back.</param>
public sealed record TwoStepEnrolment(string Key, string Uri, string Enrolment);

/// <summary>Turns two-step verification on, once a code of the app is right.</summary>
public sealed record ConfirmTwoStep(AccountId Account, [property: Secret] string? Enrolment, [property: Secret] string? Code,
    Origin Origin) : IRequest<Outcome<TwoStepConfirmed>>;

/// <param name="RecoveryCodes">Ten, in the clear for this one time.</param>
public sealed record TwoStepConfirmed(IReadOnlyList<string> RecoveryCodes);

/// <summary>The same within a sign-in that asks for it; then the sign-in goes on.</summary>
public sealed record ConfirmTwoStepAtSignIn([property: Secret] string? Ticket, [property: Secret] string? Enrolment,
    [property: Secret] string? Code, string Device, Origin Origin)
    : IRequest<Outcome<SignedInWithTwoStep>>;

/// <param name="SignedIn">Refused when something else has come up meanwhile; two-step verification is on all the same.</param>
public sealed record SignedInWithTwoStep(IReadOnlyList<string> RecoveryCodes, Outcome<SignedIn> SignedIn);

/// <summary>A person turns two-step verification off (SPEC S2); asks for the password. Refused while the policy asks for it.</summary>
public sealed record TurnOffTwoStep(AccountId Account, [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Ten new recovery codes in place of all earlier ones; asks for the password.</summary>
public sealed record ReplaceRecoveryCodes(AccountId Account, [property: Secret] string? Password, Origin Origin)
    : IRequest<Outcome<TwoStepConfirmed>>;
