using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>How strong a password would be, and whether it would be taken: for the meter, and for choices before an account exists (SPEC
/// S1). Nothing is kept.</summary>
/// <param name="Account">Whose policy holds; null before there is an account.</param>
/// <param name="About">What a guesser would try first: the person's name and address, the organization's name.</param>
public sealed record MeasurePassword(string? Password, AccountId? Account, params IReadOnlyList<string?> About)
    : IRequest<MeasuredPassword>;

/// <param name="Advice">What makes it easy to guess, and how to do better; null when there is nothing to say.</param>
/// <param name="Refusal">Why it would not be taken; null when it would.</param>
public sealed record MeasuredPassword(PasswordStrength Strength, string? Advice, Refusal? Refusal);
