namespace DirectoryPlatform.Security.Internal.Tokens;

/// <summary>The API token rows: found by the hash of what a program shows, and noted when they are used.</summary>
sealed class ApiTokenStore(NpgsqlDataSource database, IGrains<HeldCredentials, CredentialsFact> grains, IMediator mediator,
    Admissions admissions, TimeProvider clock)
{
    public sealed record LiveToken(Guid Id, AccountId Account, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

    /// <returns>Null when there is none, or it is revoked or expired. Whether the account may act is the gate's question.</returns>
    public async Task<LiveToken?> Live(string token, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Id, Guid Account, DateTime Expires, DateTime? LastUsed)>("""
            select id, account_id, expires_at, last_used_at from security.api_token where token_hash = @hash and revoked_at is null
              and expires_at > @now
            """, new { hash = TokenText.HashOf(token), now = clock.GetUtcNow().UtcDateTime }, ct);
        return rows is [var (id, account, expires, used)] ? new(id, new(account), expires, used) : null;
    }

    /// <summary>Only for those that were let in: a refused one was not used.</summary>
    /// <returns>When it has to be looked at again: it is over by then, or its use has to be noted.</returns>
    public async Task<DateTimeOffset> Used(LiveToken token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (token.LastUsedAt is { } used && now - used <= HeldCredentials.Precision) return Earlier(used);
        if (admissions.IsRepeat) return now;
        await grains.Turn(new UseToken(token.Account, token.Id, new(token.Account.Value, "api token")), ct);
        await mediator.Send(new NoteActivity(token.Account, now), ct);
        return Earlier(now);

        DateTimeOffset Earlier(DateTimeOffset noted) =>
            token.ExpiresAt < noted + HeldCredentials.Precision ? token.ExpiresAt : noted + HeldCredentials.Precision;
    }
}
