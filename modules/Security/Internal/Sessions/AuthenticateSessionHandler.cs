using DirectoryPlatform.Security.Internal.Tokens;

namespace DirectoryPlatform.Security.Internal.Sessions;

sealed class AuthenticateSessionHandler(SessionStore sessions, ApiTokenStore tokens, PolicyResolver policy, Gate gate,
    KnownVisitors known)
    : IRequestHandler<AuthenticateSession, Visitor?>, IRequestHandler<AuthenticateBearer, Visitor?>,
    IRequestHandler<SignOut, Outcome<Done>>
{
    public async Task<Visitor?> Handle(AuthenticateSession query, CancellationToken ct) =>
        query.Token.Length > VisitorKey.Longest ? null
        : query.MayBeKnown ? await known.Ask(
            VisitorKey.Of(browser: true, query.Token) with { Unattended = query.Unattended }, () => Browser(query, ct))
        : (await Browser(query, ct))?.Yes;

    public async Task<Visitor?> Handle(AuthenticateBearer query, CancellationToken ct) =>
        !TokenText.LooksLike(query.Token, TokenText.Access) && !TokenText.LooksLike(query.Token, TokenText.Api) ? null
        : query.MayBeKnown ? await known.Ask(VisitorKey.Of(browser: false, query.Token), () => Program(query.Token, ct))
        : (await Program(query.Token, ct))?.Yes;

    async Task<Followed<Visitor>?> Browser(AuthenticateSession query, CancellationToken ct) =>
        await Of(await sessions.Live(query.Token, SessionKind.Browser, ct, query.Unattended), "web", ct);

    async Task<Followed<Visitor>?> Program(string secret, CancellationToken ct)
    {
        if (TokenText.IsOne(secret, TokenText.Access))
            return await Of(await sessions.Live(secret, SessionKind.Mobile, ct), "mobile", ct);
        if (!TokenText.IsOne(secret, TokenText.Api) || await tokens.Live(secret, ct) is not { } token) return null;
        if (await gate.MayAct(token.Account, ct) is not { Granted: true, Value: var account }) return null;
        if (!(await policy.Of(account, ct)).ApiTokens) return null;
        var until = await tokens.Used(token, ct);
        return new(new Visitor(account.Id, token.Id, account.Email, account.Name, account.AdminOf) { Means = "api token" }, until,
            account.ManagedBy is { } organization ? [account.Id.Value, organization.Value] : [account.Id.Value]);
    }

    async Task<Followed<Visitor>?> Of(LiveSession? session, string means, CancellationToken ct) =>
        session is not null && await gate.MayAct(session.Account, ct) is { Granted: true, Value: var account }
            ? new(new Visitor(account.Id, session.Id, account.Email, account.Name, account.AdminOf)
            {
                ProvedAt = session.ProvedAt,
                ManagedBy = account.ManagedBy,
                Means = means
            }, session.Until, account.Id.Value)
            : null;

    public async Task<Outcome<Done>> Handle(SignOut command, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(command.Token)) await sessions.End(command.Token, command.Origin, ct);
        return Done.It;
    }
}
