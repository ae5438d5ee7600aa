using System.Buffers.Binary;

namespace DirectoryPlatform.Security.Internal.Sessions;

/// <summary>By the hash of the secret, which is not kept itself.</summary>
/// <param name="Browser">A cookie's secret opens no API and a token no page, here as well.</param>
readonly record struct VisitorKey(bool Browser, UInt128 High, UInt128 Low)
{
    public static VisitorKey Of(bool browser, string token)
    {
        var hash = TokenText.HashOf(token);
        return new(browser, BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash.AsSpan(16)));
    }
}

/// <summary>Whom the gate has let in within the last half second. What this node does by itself is seen at once: whatever ends a session or
/// a token here calls <c>Forget</c>.</summary>
sealed class RecentVisitors(TimeProvider clock) : RecentAnswers<VisitorKey, Visitor>(clock, Most)
{
    /// <summary>More people than one node answers within half a second (own choice); some ten megabytes.</summary>
    const int Most = 20_000;
}
