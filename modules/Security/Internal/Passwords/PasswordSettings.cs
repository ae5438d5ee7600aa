namespace DirectoryPlatform.Security.Internal.Passwords;

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
