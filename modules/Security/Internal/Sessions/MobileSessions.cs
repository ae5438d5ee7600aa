namespace DirectoryPlatform.Security.Internal.Sessions;

sealed class MobileSessions(NpgsqlDataSource database, IGrains<HeldCredentials, CredentialsFact> grains, Gate gate)
    : IRequestHandler<RefreshSession, Outcome<MobileTokens>>
{
    /// <summary>SPEC M6 grants mobile sessions an hour to end; this is only how long a token that was overheard is good for.</summary>
    static readonly TimeSpan AccessFor = TimeSpan.FromMinutes(10);

    public async Task<Outcome<MobileTokens>> Handle(RefreshSession command, CancellationToken ct)
    {
        if (!TokenText.IsOne(command.RefreshToken, TokenText.Refresh)) return new RefreshTokenVoid();
        var hash = TokenText.HashOf(command.RefreshToken!);
        // Asked before anything is used up: whoever may not act now loses no token by trying.
        if (await database.Rows<(Guid Account, Guid Session, DateTime? UsedAt)>("""
            select s.account_id, s.id, t.used_at from security.refresh_token t join security.session s on s.id = t.session_id
            where t.token_hash = @hash
            """, new { hash }, ct) is not [var (owner, session, usedAt)]
            || await gate.MayAct(new(owner), ct) is not { Granted: true, Value: var person }) return new RefreshTokenVoid();
        var (access, refresh) = (TokenText.New(TokenText.Access), TokenText.New(TokenText.Refresh));
        var renewed = await grains.Turn(new RenewSession(person, session, hash, usedAt, TokenText.HashOf(refresh),
            TokenText.HashOf(access), AccessFor, command.Origin), ct);
        if (!renewed.Granted) return renewed.Refusal;
        if (renewed.Value is SessionRenewed) return new MobileTokens(access, AccessFor, refresh);
        return new RefreshTokenVoid();
    }
}
