namespace DirectoryPlatform.Security.Internal.Keys;

/// <summary>The key rows: found by the hash of what a program shows, and noted when they are used.</summary>
sealed class ApiKeyStore(NpgsqlDataSource database, IMediator mediator, Gate gate, KnownVisitors known, Admissions admissions,
    TimeProvider clock)
    : IRequestHandler<AuthenticateApiKey, Visitor?>
{
    public async Task<Visitor?> Handle(AuthenticateApiKey query, CancellationToken ct) =>
        !TokenText.LooksLike(query.Secret, TokenText.Key) ? null
        : query.MayBeKnown ? await known.Ask(VisitorKey.Of(browser: false, query.Secret), () => Read(query.Secret, ct))
        : (await Read(query.Secret, ct))?.Yes;

    /// <summary>Whatever else its admin administers: the key reaches its own organization alone.</summary>
    async Task<Followed<Visitor>?> Read(string secret, CancellationToken ct)
    {
        if (!TokenText.IsOne(secret, TokenText.Key) || await Live(secret, ct) is not { } key) return null;
        if (await gate.MayAct(key.ActsFor, ct) is not { Granted: true, Value: var admin }
            || !admin.AdminOf.Contains(key.Grant.Organization)) return null;
        var until = await Used(key, ct);
        return new(new Visitor(admin.Id, key.Grant.Id, admin.Email, admin.Name, [key.Grant.Organization])
        { Means = $"{Visitor.KeyMeans} {key.Grant.Id}", Key = key.Grant }, until, admin.Id.Value);
    }

    /// <summary>Last used is kept to the minute, so that a request does not cost a write.</summary>
    static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    sealed record LiveKey(KeyGrant Grant, AccountId ActsFor, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

    /// <returns>Null when there is none, or it is revoked or expired. Whether its admin may act is the gate's question.</returns>
    async Task<LiveKey?> Live(string secret, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Id, Guid Organization, Guid Account, string[] Scopes, DateTime Expires,
            DateTime? LastUsed)>("""
            select id, organization_id, account_id, scopes, expires_at, last_used_at from security.api_key where token_hash = @hash
              and revoked_at is null and expires_at > @now
            """, new { hash = TokenText.HashOf(secret), now = clock.GetUtcNow().UtcDateTime }, ct);
        return rows is [var (id, organization, account, scopes, expires, used)]
            ? new(new(id, new OrganizationId(organization), ScopesOf(scopes)), new(account), expires, used)
            : null;
    }

    /// <summary>Only for those that were let in: a refused one was not used.</summary>
    /// <returns>When it has to be looked at again.</returns>
    async Task<DateTimeOffset> Used(LiveKey key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (key.LastUsedAt is { } used && now - used <= Precision) return Earlier(used);
        if (admissions.IsRepeat) return now;
        await database.Write(
            "update security.api_key set last_used_at = @now where id = @Id and (last_used_at is null or last_used_at < @before)",
            new { key.Grant.Id, now = now.UtcDateTime, before = (now - Precision).UtcDateTime }, ct);
        await mediator.Send(new NoteActivity(key.ActsFor, now), ct);
        return Earlier(now);

        DateTimeOffset Earlier(DateTimeOffset noted) => key.ExpiresAt < noted + Precision ? key.ExpiresAt : noted + Precision;
    }

    /// <summary>A scope that a newer version wrote is none for an older one.</summary>
    public static ApiScope[] ScopesOf(string[] names) => [.. names.Select(ApiScopes.Named).OfType<ApiScope>()];
}
