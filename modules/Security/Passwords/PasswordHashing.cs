using Microsoft.AspNetCore.Identity;

namespace DirectoryPlatform.Security.Passwords;

/// <summary>
/// Salted slow hashes (SPEC S1), by ASP.NET Core's own hasher. A hash takes a core for some fifty milliseconds, so no more are in flight than there are cores:
/// a crowd at the sign-in page queues here and leaves the rest of the site alone.
/// </summary>
sealed class PasswordHashing
{
    /// <summary>Anything longer is no password of ours (SPEC S1 allows 100) and need not be hashed.</summary>
    public const int Longest = 1_000;

    static readonly PasswordHasher<object> Hasher = new();
    static readonly object Nobody = new();

    readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount - 1));
    readonly Lazy<string> _nobodysHash = new(() => Hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));

    public Task<string> Hash(string password, CancellationToken ct) => Bounded(() => Hasher.HashPassword(Nobody, password), ct);

    /// <param name="hash">Null when there is no such account: the same work is done, so that the time tells nothing.</param>
    public Task<bool> IsRight(string? hash, string password, CancellationToken ct) =>
        Bounded(() => Hasher.VerifyHashedPassword(Nobody, hash ?? _nobodysHash.Value, password) != PasswordVerificationResult.Failed & hash is not null, ct);

    async Task<T> Bounded<T>(Func<T> work, CancellationToken ct)
    {
        await _cores.WaitAsync(ct);
        try { return await Task.Run(work, ct); }
        finally { _cores.Release(); }
    }
}
