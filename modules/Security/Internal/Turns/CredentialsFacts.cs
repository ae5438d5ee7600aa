using System.Text.Json.Serialization;

namespace DirectoryPlatform.Security.Internal.Turns;

/// <summary>What can happen to an account's sessions and tokens. Nobody listens: it is the answer of a turn, and what is a deed of somebody
/// stands in the audit log (<see cref="CredentialsStore.EntryOf"/>).</summary>
abstract record CredentialsFact(AccountId Account, DateTimeOffset At) : Fact
{
    [JsonIgnore]
    public sealed override bool IsTold => false;
}

/// <param name="Session">Null where a turn that was done before is answered once more.</param>
/// <param name="Ended">Those that made room.</param>
sealed record SessionBegun(AccountId Account, DateTimeOffset At, HeldSession? Session, IReadOnlyList<Guid> Ended)
    : CredentialsFact(Account, At)
{
    /// <summary>What was found behind the commit; null where the turn did not look.</summary>
    public FoundBehind? Found { get; init; }
}

/// <param name="Stamp">Of the password, when every change of it that was under way was over; null for none.</param>
/// <param name="MustChange">Of the same.</param>
/// <param name="SameAccount">Whether the account's state and manager were as they had been read.</param>
sealed record FoundBehind(Guid? Stamp, bool MustChange, bool SameAccount);

sealed record SessionUsed(AccountId Account, DateTimeOffset At, Guid Session) : CredentialsFact(Account, At);

/// <summary>The person has shown once more who it is.</summary>
sealed record SessionProved(AccountId Account, DateTimeOffset At, Guid Session) : CredentialsFact(Account, At);

/// <param name="Shown">Hash of the refresh token that is used up, as <paramref name="Next"/> is of the one in its place.</param>
sealed record SessionRenewed(AccountId Account, DateTimeOffset At, Guid Session, byte[] Shown, byte[] Next) : CredentialsFact(Account, At);

/// <param name="Sessions">As they stood.</param>
sealed record SessionsEnded(AccountId Account, DateTimeOffset At, IReadOnlyList<HeldSession> Sessions) : CredentialsFact(Account, At);

sealed record TokenMade(AccountId Account, DateTimeOffset At, HeldToken Token) : CredentialsFact(Account, At);

sealed record TokenUsed(AccountId Account, DateTimeOffset At, Guid Token) : CredentialsFact(Account, At);

/// <param name="Token">As it stood.</param>
sealed record TokenRevoked(AccountId Account, DateTimeOffset At, HeldToken Token) : CredentialsFact(Account, At);
