using System.Security.Cryptography;
using System.Text;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Sessions;

/// <summary>Server-side sessions (SPEC S3): random 256-bit tokens, of which only the hash is kept.</summary>
sealed class SessionStore(NpgsqlDataSource database, IMediator mediator, TimeProvider clock)
{
    /// <summary>Idle and whole life of a session while there are no authentication policies to say otherwise (S5 allows up to 30 days).</summary>
    static readonly TimeSpan IdleLife = TimeSpan.FromDays(7), WholeLife = TimeSpan.FromDays(30);

    /// <summary>Last active is kept to the minute, so that a click does not cost a write.</summary>
    static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public async Task<string> Begin(AccountId account, string device, Origin origin, CancellationToken ct)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("insert into security.session (id, token_hash, account_id, kind, device, address, created_at, last_active_at) values ($1, $2, $3, 'browser', $4, $5, $6, $6)")
        {
            Parameters =
            {
                new() { Value = id }, new() { Value = HashOf(token) }, new() { Value = account.Value }, new() { Value = device.Length <= 200 ? device : device[..200] },
                new() { Value = (object?)origin.Address ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new() { Value = now.UtcDateTime },
            },
        });
        batch.BatchCommands.Add(AuditLog.Insert([new(Guid.CreateVersion7(now), now, null, origin with { Actor = account.Value }, account.Value, "SignedIn", null, null, null, null, null)]));
        await batch.ExecuteNonQueryAsync(ct);
        await mediator.Send(new NoteActivity(account, now), ct);
        return token;
    }

    public async Task<(Guid Session, AccountId Account)?> Live(string token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var found = await Live(token, now, ct);
        // Not while a connection is held: waiting for a second one with the first in hand is how a pool runs dry.
        if (found is var (_, account, noted) && noted) await mediator.Send(new NoteActivity(account, now), ct);
        return found is var (session, who, _) ? (session, who) : null;
    }

    async Task<(Guid Session, AccountId Account, bool Noted)?> Live(string token, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var live = (await connection.QueryAsync<(Guid Id, Guid Account, DateTime LastActive)>("""
            select id, account_id, last_active_at from security.session
            where token_hash = @hash and ended_at is null and last_active_at > @idleSince and created_at > @bornSince
            """, new { hash = HashOf(token), idleSince = (now - IdleLife).UtcDateTime, bornSince = (now - WholeLife).UtcDateTime })).AsList();
        if (live is not [var (id, account, lastActive)]) return null;
        var note = now.UtcDateTime - lastActive > Precision;
        if (note) await connection.ExecuteAsync("update security.session set last_active_at = @now where id = @id and last_active_at < @now", new { id, now = now.UtcDateTime });
        return (id, new(account), note);
    }

    public Task End(string token, string why, CancellationToken ct) => End("token_hash = @key", HashOf(token), why, ct);

    /// <param name="begunBefore">Later ones stay: a fact may be heard late or twice, and the person may have come back since.</param>
    /// <param name="except">The session that stays.</param>
    public Task EndAll(IReadOnlyList<AccountId> accounts, DateTimeOffset begunBefore, string why, CancellationToken ct, Guid? except = null) =>
        End("account_id = any(@key) and created_at <= @begunBefore and (@except::uuid is null or id <> @except::uuid)", accounts.Select(a => a.Value).ToArray(), why, ct, begunBefore, except);

    async Task End(string which, object key, string why, CancellationToken ct, DateTimeOffset? begunBefore = null, Guid? except = null)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"update security.session set ended_at = @now, ended_why = @why where {which} and ended_at is null", new { key, why, now = clock.GetUtcNow().UtcDateTime, begunBefore = begunBefore?.UtcDateTime, except });
    }

    static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
