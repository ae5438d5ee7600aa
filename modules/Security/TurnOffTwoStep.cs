using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>A person turns two-step verification off (SPEC S2); asks for the password. Refused while the policy asks for it.</summary>
public sealed record TurnOffTwoStep(AccountId Account, [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Ten new recovery codes in place of all earlier ones; asks for the password.</summary>
public sealed record ReplaceRecoveryCodes(AccountId Account, [property: Secret] string? Password, Origin Origin)
    : IRequest<Outcome<TwoStepConfirmed>>;
