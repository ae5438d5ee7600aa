using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// The one gate (SPEC A9), asked on every request of a browser: the session must be live and the account must be allowed to act now.
/// </summary>
/// <param name="Token">From the session cookie; no other kind of secret is recognised here.</param>
/// <param name="MayBeRecent">Whether a yes of half a second ago will do: for requests that only look. Otherwise the rows are read; a no is
/// never given without reading them.</param>
public sealed record AuthenticateSession(string Token, bool MayBeRecent = false) : IRequest<Visitor?>;

/// <summary>The same gate for programs, which show a secret in the Authorization header: an API token (SPEC S4) or a mobile session's
/// access token (S3).</summary>
/// <param name="MayBeRecent">As in <see cref="AuthenticateSession"/>.</param>
public sealed record AuthenticateBearer(string Token, bool MayBeRecent = false) : IRequest<Visitor?>;

/// <summary>Something was changed through this node, who may do what perhaps: whoever asks here next is recognised anew. Other nodes find
/// out within half a second.</summary>
public sealed record InvalidateVisitorCache : IRequest<Done>;

/// <summary>The person behind a request.</summary>
/// <param name="Session">Of the session, or of the API token.</param>
public sealed record Visitor(AccountId Account, Guid Session, string Email, string Name, IReadOnlyList<OrganizationId> AdminOf)
{
    /// <summary>When the person last showed the password in this session; null where nobody can be asked for it.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>For the audit log: "web", "mobile", "api token"; for a key <see cref="KeyMeans"/> and its id.</summary>
    public string Means { get; init; } = "web";

    /// <summary>How the means of everything begin that was done with an organization's API key.</summary>
    public const string KeyMeans = "api key";

    /// <summary>The organization's API key that was shown, in the name of <see cref="Account"/>; null for everybody else.</summary>
    public KeyGrant? Key { get; init; }
}

public sealed record SignOut(string? Token, Origin Origin) : IRequest<Outcome<Done>>;
