namespace DirectoryPlatform.Security.Internal.Turns;

/// <summary>
/// By what one account is signed in: its sessions and API tokens that have not been ended, as its grain remembers them (SPEC S3, S4). Pure:
/// a command in, a fact or a refusal out; <see cref="After"/> gives the next state. Secrets are not in it but for the hashes of the last
/// refresh tokens.
/// </summary>
/// <param name="Version">Another one after every change of a session or a token, whoever has made it.</param>
/// <param name="Stamp">Of the password, see <see cref="PasswordRow"/>; null for none.</param>
/// <param name="Sessions">Not ended, though their time may be over; latest first, and no more than <see cref="MostSessions"/>.</param>
/// <param name="Tokens">Not revoked, though they may have expired; no more than <see cref="MostTokens"/>.</param>
sealed record HeldCredentials(AccountId Account, long Version, Guid? Stamp, IReadOnlyList<HeldSession> Sessions,
    IReadOnlyList<HeldToken> Tokens)
{
    /// <summary>Twice as many as may stand after a sign-in: bounds what a grain remembers.</summary>
    public const int MostSessions = 2 * SessionStore.MostDevices;

    /// <summary>Ten times as many as may work: those that have expired go after a while (<see cref="OldCredentials"/>).</summary>
    public const int MostTokens = 10 * CreateApiToken.MostTokens;

    /// <summary>When something was last used is kept to the minute, so that a click does not cost a write.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public static HeldCredentials None(AccountId account) => new(account, 0, null, [], []);

    public Outcome<CredentialsFact> Begin(HeldSession session, DateTimeOffset now) => Sessions.Any(s => s.Id == session.Id)
        ? new ChangedMeanwhile()
        // More devices than a person has: those that were silent for longest are logged out for the next one.
        : new SessionBegun(Account, now, session, [.. Sessions.Skip(SessionStore.MostDevices - 1).Select(s => s.Id)]);

    public Outcome<CredentialsFact> Use(Guid session, DateTimeOffset now) => Live(session, now) switch
    {
        null => new NoSuchDevice(),
        { } live when now - live.LastActiveAt <= Precision => new UsedJustNow(),
        _ => new SessionUsed(Account, now, session),
    };

    public Outcome<CredentialsFact> Prove(Guid session, DateTimeOffset now) =>
        Sessions.Any(s => s.Id == session) ? new SessionProved(Account, now, session) : new NoSuchDevice();

    /// <param name="shown">Hash of the refresh token that was shown, which belongs to the session.</param>
    /// <param name="usedAt">As it stood when it was looked up: for one that is too old to be remembered.</param>
    /// <param name="next">Hash of the one that takes its place.</param>
    public Outcome<CredentialsFact> Renew(Guid session, byte[] shown, DateTimeOffset? usedAt, byte[] next, DateTimeOffset now)
    {
        if (Live(session, now) is not { } live) return new RefreshTokenVoid();
        var found = live.Refresh.FirstOrDefault(r => r.Is(shown));
        // This very renewal, whose answer got lost, or one that was never used.
        if (found is { UsedAt: null } || live.Refresh.Any(r => r.Is(next))) return new SessionRenewed(Account, now, session, shown, next);
        return now - (found?.UsedAt ?? usedAt ?? now) <= RefreshSession.Grace
            ? new RefreshedJustNow()
            : new SessionsEnded(Account, now, [live]);
    }

    /// <param name="evenIfOver">Whether one whose time is over is ended as well.</param>
    public Outcome<CredentialsFact> End(Guid session, bool evenIfOver, DateTimeOffset now) =>
        Sessions.FirstOrDefault(s => s.Id == session && (evenIfOver || s.IsLive(now))) is { } held
            ? new SessionsEnded(Account, now, [held])
            : new NoSuchDevice();

    public Outcome<CredentialsFact> EndAll(Guid? butNot, DateTimeOffset now) =>
        Sessions.Where(s => s.Id != butNot && s.IsLive(now)).ToArray() is { Length: > 0 } live
            ? new SessionsEnded(Account, now, live)
            : new NoSuchDevice();

    /// <param name="stamp">Of the password that stood when the token was asked for: a reset since then takes it along (SPEC A14).</param>
    public Outcome<CredentialsFact> MakeToken(HeldToken token, Guid? stamp, DateTimeOffset now) => this switch
    {
        _ when stamp != Stamp || Tokens.Any(t => t.Id == token.Id) => new ChangedMeanwhile(),
        _ when Tokens.Count(t => t.ExpiresAt > now) >= CreateApiToken.MostTokens => new TooManyApiTokens(CreateApiToken.MostTokens),
        _ => new TokenMade(Account, now, token),
    };

    public Outcome<CredentialsFact> UseToken(Guid token, DateTimeOffset now) => Tokens.FirstOrDefault(t => t.Id == token) switch
    {
        { } held when held.ExpiresAt <= now => new NoSuchApiToken(),
        { LastUsedAt: { } used } when now - used <= Precision => new UsedJustNow(),
        { } => new TokenUsed(Account, now, token),
        null => new NoSuchApiToken(),
    };

    public Outcome<CredentialsFact> RevokeToken(Guid token, DateTimeOffset now) =>
        Tokens.FirstOrDefault(t => t.Id == token) is { } held ? new TokenRevoked(Account, now, held) : new NoSuchApiToken();

    public HeldCredentials After(CredentialsFact fact)
    {
        var next = this with { Version = Version + 1 };
        return fact switch
        {
            SessionBegun { Session: { } begun } f => next with { Sessions = [begun, .. Sessions.Where(s => !f.Ended.Contains(s.Id))] },
            SessionUsed f => next.With(f.Session, s => s with { LastActiveAt = f.At }),
            SessionRenewed f => next.With(f.Session, s => s.Renewed(f)),
            SessionsEnded f => next with { Sessions = [.. Sessions.Where(s => f.Sessions.All(e => e.Id != s.Id))] },
            TokenMade f => next with { Tokens = [f.Token, .. Tokens] },
            TokenUsed f => next with { Tokens = [.. Tokens.Select(t => t.Id == f.Token ? t with { LastUsedAt = f.At } : t)] },
            TokenRevoked f => next with { Tokens = [.. Tokens.Where(t => t.Id != f.Token.Id)] },
            _ => next,
        };
    }

    HeldSession? Live(Guid session, DateTimeOffset now) => Sessions.FirstOrDefault(s => s.Id == session && s.IsLive(now));

    /// <summary>The session that has just been active, which thereby is the latest.</summary>
    HeldCredentials With(Guid session, Func<HeldSession, HeldSession> change) => this with
    {
        Sessions = [.. Sessions.Where(s => s.Id == session).Select(change), .. Sessions.Where(s => s.Id != session)],
    };
}

/// <param name="Kind">See <see cref="SessionKind"/>.</param>
/// <param name="IdleSeconds">For so long it may be silent.</param>
/// <param name="Refresh">Of a mobile one: the refresh token that is good now, and the last ones that were used.</param>
sealed record HeldSession(Guid Id, string Kind, string Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastActiveAt,
    double IdleSeconds, DateTimeOffset EndsAt, IReadOnlyList<HeldRefresh> Refresh)
{
    /// <summary>An app that sends the same one several times within <see cref="RefreshSession.Grace"/> is told so.</summary>
    public const int MostRefresh = 4;

    /// <summary>As <see cref="SessionStore.IsLive"/> says it in SQL.</summary>
    public bool IsLive(DateTimeOffset now) => LastActiveAt + TimeSpan.FromSeconds(IdleSeconds) > now && EndsAt > now;

    public HeldSession Renewed(SessionRenewed fact) => this with
    {
        LastActiveAt = fact.At,
        Refresh = [new(fact.Next, null), new(fact.Shown, fact.At),
            .. Refresh.Where(r => !r.Is(fact.Shown) && !r.Is(fact.Next)).Take(MostRefresh - 2)],
    };
}

/// <summary>A refresh token, by its hash.</summary>
sealed record HeldRefresh(byte[] Hash, DateTimeOffset? UsedAt)
{
    public bool Is(byte[] hash) => Hash.AsSpan().SequenceEqual(hash);
}

sealed record HeldToken(Guid Id, string Label, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>It stands there already, to the minute.</summary>
sealed record UsedJustNow() : Refusal("usedJustNow", "This was noted within the last minute.");
