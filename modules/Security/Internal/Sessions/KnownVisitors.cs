using System.Buffers.Binary;

namespace DirectoryPlatform.Security.Internal.Sessions;

/// <summary>By the hash of the secret, which is not kept itself.</summary>
/// <param name="Browser">A cookie's secret opens no API and a token no page, here as well.</param>
readonly record struct VisitorKey(bool Browser, UInt128 High, UInt128 Low)
{
    /// <summary>Of what a page asks by itself: kept apart, because it holds for longer than until the next click has to be noted.</summary>
    public bool Unattended { get; init; }

    /// <summary>Characters; a session's secret has 43, a token 53, and anything much longer is neither.</summary>
    public const int Longest = 100;

    /// <param name="token">Of <see cref="Longest"/> characters at most.</param>
    public static VisitorKey Of(bool browser, string token)
    {
        // Asked by every request, so nothing is allocated.
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Longest)], hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(token, text)], hash);
        return new(browser, BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}

/// <summary>Whom the gate lets in: by session, API token or API key, until it is revoked, filed under the account. What an API token may
/// rests on the organization's policies as well.</summary>
sealed class KnownVisitors(Revocations revocations, Admissions admissions, TimeProvider clock)
    : FollowedAnswers<VisitorKey, Visitor>(revocations, admissions, clock, Most)
{
    /// <summary>More people than one node answers within a minute (own choice); some fifty megabytes.</summary>
    const int Most = 50_000;
}
