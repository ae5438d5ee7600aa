namespace DirectoryPlatform.Security;

/// <summary>An account has another password, or has to choose one: whoever came in by the last one leaves.</summary>
/// <param name="Keep">The session in which the person made the change; null for none.</param>
public sealed record PasswordReplaced(AccountId Account, DateTimeOffset At, Guid? Keep) : Fact;

/// <summary>
/// Somebody typed an address at "forgot your password". Written down the same for known and unknown addresses, so that neither the answer
/// nor its time tells them apart (SPEC S1); whether there is an account is looked up afterwards. Where the request came from is not kept:
/// it may have been anybody, so that nobody's erasure would find it (A6); a digest of it serves to count the requests of one place (S11).
/// </summary>
public sealed record PasswordResetAsked([property: Personal] string Email, DateTimeOffset At, string? RequestId) : Fact
{
    /// <summary>Of the asking address, see <see cref="Passwords.ResetLimits.Asker"/>; null where there was none.</summary>
    public byte[]? Asker { get; init; }
}
