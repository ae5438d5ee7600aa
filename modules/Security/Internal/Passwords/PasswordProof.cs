using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Policies;
using DirectoryPlatform.Security.Internal.SigningIn;

namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>A signed-in person shows the password again before something dangerous.
/// Guessing in a stolen session is slowed down as at sign-in.</summary>
sealed class PasswordProof(PasswordStore passwords, PasswordHashing hashing, PolicyResolver policies, Throttle throttle)
{
    /// <param name="field">The form's, for the refusal.</param>
    public async Task<Outcome<PasswordRow>> Show(AccountView account, string? typed, string field, Origin origin, CancellationToken ct)
    {
        if ((await policies.Of(account, ct)).SingleSignOn) return new SignsInAtProvider();
        var entered = hashing.Enter(HashLane.Known);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        var attempt = await throttle.Enter(ThrottledBy.Proof, account.Email, account.Id, origin.Address, ct);
        if (attempt.Pause is { } pause) return new TooManyAttempts(pause);
        var row = await passwords.Of(account.Id, ct);
        if (!await hashing.IsRight(row?.Hash, typed is { Length: <= PasswordHashing.Longest } ? typed : "", seat, ct))
            return new InvalidValue(field, "This is not your password.");
        await throttle.GiveBack(attempt, ct);
        return row!;
    }
}
