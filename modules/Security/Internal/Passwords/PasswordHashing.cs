using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>
/// Salted slow hashes (SPEC S1), by ASP.NET Core's own hasher. A hash takes a core for some hundred milliseconds, so no more are in flight
/// than there are cores: a crowd at the sign-in page waits in <see cref="HashQueue"/> and leaves the rest of the site alone.
/// </summary>
sealed class PasswordHashing
{
    /// <summary>Anything longer is no password of ours (SPEC S1 allows 100) and need not be hashed.</summary>
    public const int Longest = 1_000;

    static readonly object Nobody = new();

    readonly int _iterations;
    readonly PasswordHasher<object> _hasher;
    readonly HashQueue _queue = new(Environment.ProcessorCount);
    readonly Lazy<string> _nobodysHash;

    public PasswordHashing(PasswordSettings settings)
    {
        _iterations = settings.Iterations;
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = settings.Iterations }));
        _nobodysHash = new(() => _hasher.HashPassword(Nobody, Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
    }

    /// <summary>A place in the queue, before anything is counted or written; or why there is none.</summary>
    public Outcome<HashSeat> Enter(HashLane lane) => _queue.Enter(lane) is { } seat ? seat : _queue.Full(lane);

    public Task<string> Hash(string password, HashSeat seat, CancellationToken ct) =>
        _queue.Run(seat.Lane, () => _hasher.HashPassword(Nobody, password), ct);

    /// <summary>For whoever works at the console, and is never turned away.</summary>
    public Task<string> Hash(string password, CancellationToken ct) =>
        _queue.Run(HashLane.Link, () => _hasher.HashPassword(Nobody, password), ct);

    /// <param name="hash">Null when there is no such account: the same work is done, so that the time tells nothing.</param>
    public Task<bool> IsRight(string? hash, string password, HashSeat seat, CancellationToken ct) =>
        _queue.Run(seat.Lane, () => Verify(hash, password), ct);

    bool Verify(string? hash, string password)
    {
        var looked = hash ?? _nobodysHash.Value;
        var right = _hasher.VerifyHashedPassword(Nobody, looked, password) != PasswordVerificationResult.Failed;
        // One from before the number was raised would be answered sooner than where there is no account.
        if (_iterations - IterationsOf(looked) is var missing and > 0)
            Rfc2898DeriveBytes.Pbkdf2(password, new byte[16], missing, HashAlgorithmName.SHA512, 32);
        return right & hash is not null;
    }

    /// <summary>As the hash itself says: the big-endian number behind its version and its algorithm (ASP.NET Core's format 3).</summary>
    /// <returns>0 for what is no such hash.</returns>
    internal static int IterationsOf(string hash)
    {
        Span<byte> bytes = stackalloc byte[200];
        var isOne = Convert.TryFromBase64String(hash, bytes, out var length) && length > 9 && bytes[0] == 1;
        return isOne ? BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) : 0;
    }
}

/// <summary>What a stored password costs whoever guesses at it.</summary>
/// <remarks>
/// Internal, and read from no configuration: no installation can be set to less, by mistake or otherwise. Only tests register one of their
/// own, because a hash that is dear takes most of the time of a test that signs somebody in.
/// </remarks>
sealed record PasswordSettings
{
    /// <summary>
    /// Iterations of PBKDF2 with HMAC-SHA-512 in new hashes: what OWASP's Password Storage Cheat Sheet asks for with this algorithm
    /// (December 2022); ASP.NET Core's own default is 100,000. A stored hash names its own number, so that older ones stay good.
    /// </summary>
    public int Iterations { get; init; } = 210_000;
}
