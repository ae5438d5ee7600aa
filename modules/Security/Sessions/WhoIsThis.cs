using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.SignInRules;
using DirectoryPlatform.Security.Tokens;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// The one gate (SPEC A9), asked on every request of a browser: the session must be live and the account must be allowed to act now. Reads the rows each time; nothing is cached.
/// </summary>
/// <param name="Token">From the session cookie; no other kind of secret is recognised here.</param>
public sealed record WhoIsThis(string Token) : IRequest<Visitor?>;

/// <summary>The same gate for programs, which show a secret in the Authorization header: an API token (SPEC S4) or a mobile session's access token (S3).</summary>
public sealed record WhoBears(string Token) : IRequest<Visitor?>;

/// <summary>The person behind a request.</summary>
/// <param name="Session">Of the session, or of the API token.</param>
public sealed record Visitor(AccountId Account, Guid Session, string Email, string Name, IReadOnlyList<OrganizationId> AdminOf)
{
    /// <summary>When the person last showed the password in this session; null where nobody can be asked for it.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>For the audit log: "web", "mobile", "api token".</summary>
    public string Means { get; init; } = "web";
}

public sealed record SignOut(string? Token, Origin Origin) : IRequest<Outcome<Done>>;

sealed class WhoIsThisHandler(Sessions.SessionStore sessions, ApiTokenStore tokens, Policies.PolicyOf policy, Gate gate) : IRequestHandler<WhoIsThis, Visitor?>, IRequestHandler<WhoBears, Visitor?>
{
    public async Task<Visitor?> Handle(WhoIsThis query, CancellationToken ct) => query.Token.Length <= 100 ? await Of(await sessions.Live(query.Token, Sessions.SessionKind.Browser, ct), "web", ct) : null;

    public async Task<Visitor?> Handle(WhoBears query, CancellationToken ct)
    {
        if (TokenText.IsOne(query.Token, TokenText.Access)) return await Of(await sessions.Live(query.Token, Sessions.SessionKind.Mobile, ct), "mobile", ct);
        if (!TokenText.IsOne(query.Token, TokenText.Api) || await tokens.Live(query.Token, ct) is not { } token) return null;
        if (await gate.MayAct(token.Account, ct) is not { Granted: true, Value: var account }) return null;
        if (account.ManagedBy is { } organization && !(await policy.Managed(account.Id, organization, ct)).ApiTokens) return null;
        await tokens.Used(token, ct);
        return new Visitor(account.Id, token.Id, account.Email, account.Name, account.AdminOf) { Means = "api token" };
    }

    async Task<Visitor?> Of(Sessions.LiveSession? session, string means, CancellationToken ct) =>
        session is not null && await gate.MayAct(session.Account, ct) is { Granted: true, Value: var account }
            ? new Visitor(account.Id, session.Id, account.Email, account.Name, account.AdminOf) { ProvedAt = session.ProvedAt, Means = means }
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
