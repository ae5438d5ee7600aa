namespace DirectoryPlatform.Security.Internal.Sessions;

sealed class MobileSessions(NpgsqlDataSource database, UnitOfWork work, Gate gate)
    : IRequestHandler<RefreshSession, Outcome<MobileTokens>>
{
    /// <summary>SPEC M6 grants mobile sessions an hour to end; this is only how long a token that was overheard is good for.</summary>
    static readonly TimeSpan AccessFor = TimeSpan.FromMinutes(10);

    public static NpgsqlBatchCommand Insert(string refreshToken, Guid session) =>
        Statement.Of("insert into security.refresh_token (token_hash, session_id) values ($1, $2)", TokenText.HashOf(refreshToken),
            session);

    public async Task<Outcome<MobileTokens>> Handle(RefreshSession command, CancellationToken ct)
    {
        if (!TokenText.IsOne(command.RefreshToken, TokenText.Refresh)) return new RefreshTokenVoid();
        var hash = TokenText.HashOf(command.RefreshToken!);
        // Asked before anything is used up: whoever may not act now loses no token by trying.
        if (await OwnerOf(hash, ct) is not { } owner || await gate.MayAct(owner, ct) is not { Granted: true, Value: var person })
            return new RefreshTokenVoid();
        var refreshed = await work.Run<Refreshed>(command.Origin, async change =>
        {
            var now = change.Now.UtcDateTime;
            // The session's row is locked first: refreshes of one session wait for one another, and for its end.
            if (await change.Rows<(Guid Session, Guid Account, DateTime? UsedAt)>("""
                select s.id, s.account_id, t.used_at from security.refresh_token t join security.session s on s.id = t.session_id
                where t.token_hash = @hash and s.ended_at is null and s.last_active_at + s.idle > @now and s.ends_at > @now for update
                """, new { hash, now }) is not [var (session, account, usedAt)]) return new RefreshTokenVoid();
            if (usedAt is { } used && now - used <= RefreshSession.Grace) return new RefreshedJustNow();
            if (usedAt is not null)
            {
                await change.Write(
                    "update security.session set ended_at = @now, ended_why = 'refresh token used twice' where id = @session",
                    new { session, now });
                change.WriteAudit(person.ManagedBy, account, SecurityActions.RefreshTokenReused);
                return new Refreshed(null);
            }
            change.Quiet("the session goes on as it was");
            var (access, refresh) = (TokenText.New(TokenText.Access), TokenText.New(TokenText.Refresh));
            change.Queue(Statement.Of("update security.refresh_token set used_at = $2 where token_hash = $1", hash, now));
            change.Queue(Insert(refresh, session));
            change.Queue(Statement.Of("update security.session set token_hash = $1, token_until = $2, last_active_at = $3, "
                + "address = coalesce($4, address) where id = $5",
                TokenText.HashOf(access), now + AccessFor, now, command.Origin.Address, session));
            return new Refreshed(new(access, AccessFor, refresh));
        }, ct);
        if (!refreshed.Granted) return refreshed.Refusal;
        if (refreshed.Value.Tokens is { } tokens) return tokens;
        return new RefreshTokenVoid();
    }

    /// <param name="Tokens">Null where the session has ended instead, which commits as well.</param>
    sealed record Refreshed(MobileTokens? Tokens);

    async Task<AccountId?> OwnerOf(byte[] hash, CancellationToken ct) =>
        await database.Value<Guid?>("""
            select s.account_id from security.refresh_token t join security.session s on s.id = t.session_id where t.token_hash = @hash
            """, new { hash }, ct) is { } id ? new(id) : null;
}
