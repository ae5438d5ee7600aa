using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.SignInRules;
using DirectoryPlatform.Security.Tokens;
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

sealed class AuthenticateSessionHandler(Sessions.SessionStore sessions, ApiTokenStore tokens, Policies.PolicyResolver policy, Gate gate,
    Sessions.RecentVisitors recent)
    : IRequestHandler<AuthenticateSession, Visitor?>, IRequestHandler<AuthenticateBearer, Visitor?>
{
    public Task<Visitor?> Handle(AuthenticateSession query, CancellationToken ct) =>
        query.Token.Length > 100 ? Task.FromResult<Visitor?>(null)
        : query.MayBeRecent
        ? recent.Ask(Sessions.VisitorKey.Of(browser: true, query.Token), () => Browser(query.Token, CancellationToken.None), ct)
        : Browser(query.Token, ct);

    public Task<Visitor?> Handle(AuthenticateBearer query, CancellationToken ct) =>
        !TokenText.IsOne(query.Token, TokenText.Access) && !TokenText.IsOne(query.Token, TokenText.Api) ? Task.FromResult<Visitor?>(null)
        : query.MayBeRecent
        ? recent.Ask(Sessions.VisitorKey.Of(browser: false, query.Token), () => Program(query.Token, CancellationToken.None), ct)
        : Program(query.Token, ct);

    async Task<Visitor?> Browser(string token, CancellationToken ct) =>
        await Of(await sessions.Live(token, Sessions.SessionKind.Browser, ct), "web", ct);

    async Task<Visitor?> Program(string secret, CancellationToken ct)
    {
        if (secret.StartsWith(TokenText.Access, StringComparison.Ordinal))
            return await Of(await sessions.Live(secret, Sessions.SessionKind.Mobile, ct), "mobile", ct);
        if (await tokens.Live(secret, ct) is not { } token) return null;
        if (await gate.MayAct(token.Account, ct) is not { Granted: true, Value: var account }) return null;
        if (!(await policy.Of(account, ct)).ApiTokens) return null;
        await tokens.Used(token, ct);
        return new Visitor(account.Id, token.Id, account.Email, account.Name, account.AdminOf) { Means = "api token" };
    }

    async Task<Visitor?> Of(Sessions.LiveSession? session, string means, CancellationToken ct) =>
        session is not null && await gate.MayAct(session.Account, ct) is { Granted: true, Value: var account }
            ? new Visitor(account.Id, session.Id, account.Email, account.Name, account.AdminOf)
            {
                ProvedAt = session.ProvedAt,
                Means = means
            }
            : null;
}

sealed class SignOutHandler(Sessions.SessionStore sessions) : IRequestHandler<SignOut, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(SignOut command, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(command.Token)) await sessions.End(command.Token, command.Origin, ct);
        return Done.It;
    }
}
