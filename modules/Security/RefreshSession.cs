using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// The next pair of tokens of a mobile session (SPEC S3). A refresh token works once. Whoever shows a used one again has copied it, or was
/// copied from: the whole session ends. Within <see cref="Grace"/> of its use it is only refused, because an app that sends two requests at
/// once is no thief.
/// </summary>
public sealed record RefreshSession(string? RefreshToken, Origin Origin) : IRequest<Outcome<MobileTokens>>
{
    /// <summary>Longer than a request that was sent twice takes to arrive (own choice).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
}

/// <param name="AccessToken">For the Authorization header; checked as a session is, see <see cref="AuthenticateBearer"/>.</param>
/// <param name="AccessFor">Ten minutes.</param>
public sealed record MobileTokens(string AccessToken, TimeSpan AccessFor, string RefreshToken);
