using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>What else can get in to an account, for the page behind a reset link (SPEC A14); for the holder of a good link alone, who is
/// about to be the account's only owner. Changes nothing.</summary>
public sealed record ReadWhatElseCanGetIn(string? Token) : IRequest<Outcome<OtherWaysIn>>;

/// <summary>The same for the signed-in person, who is about to change the password.</summary>
public sealed record ReadMyWaysIn(AccountId Account) : IRequest<OtherWaysIn>;

/// <param name="Devices">Names of those that are signed in, latest first.</param>
/// <param name="ApiTokens">Labels of those that work.</param>
/// <param name="PendingEmail">An address that waits to be confirmed; null for none.</param>
/// <param name="TwoStepSince">Null while two-step verification is off. It stays.</param>
/// <param name="ApiKeys">Names of organizations' keys that act in this person's name. They stay.</param>
public sealed record OtherWaysIn(IReadOnlyList<string> Devices, IReadOnlyList<string> ApiTokens, string? PendingEmail,
    DateTimeOffset? TwoStepSince, IReadOnlyList<string> ApiKeys);
