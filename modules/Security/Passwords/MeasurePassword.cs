using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
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

sealed class MeasurePasswordHandler(IMediator mediator, PolicyResolver policies) : IRequestHandler<MeasurePassword, MeasuredPassword>
{
    public async Task<MeasuredPassword> Handle(MeasurePassword query, CancellationToken ct)
    {
        if (query.Account is not { } id) return PasswordMeter.Measure(query.Password, query.About, PolicyRules.WithoutPolicy);
        var account = await mediator.Send(new ReadAccount(id), ct);
        return PasswordMeter.Measure(query.Password,
            account.Granted ? [.. query.About, account.Value.Email, account.Value.Name] : query.About, await policies.Account(id, ct));
    }
}
