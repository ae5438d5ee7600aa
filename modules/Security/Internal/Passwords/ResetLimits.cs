namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>
/// How many reset links are sent, and which stay good (SPEC S11, A2): so that a stranger's asking neither voids anybody's link nor keeps
/// anybody from getting one, and fills no mailbox either.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>One a minute for whoever asks from one place, and one a minute for all places that the account does not know together.</item>
/// <item>Ten a day for all places that the account does not know together; five a day for each from which its person has signed in within
/// 30 days.</item>
/// <item>Over these, a link is sent only while none is good: whoever asks always has a good one in the mailbox, and a stranger fills it
/// with 34 mails a day at most.</item>
/// <item>A link is passed over by the third newer one that the same place has asked for; otherwise it is good for its hour.</item>
/// </list>
/// </remarks>
static class ResetLimits
{
    const int PerMinute = 1, UnknownPerDay = 10, KnownPerDay = 5, GoodOfOnePlace = 3;

    /// <summary>As <see cref="Throttle"/> has it (own choice).</summary>
    static readonly TimeSpan Known = TimeSpan.FromDays(30);

    /// <summary>A digest of the address that somebody asks from, made with the mailbox's own,
    /// so that one place is another one for each mailbox.</summary>
    /// <returns>Null where there is no address.</returns>
    public static byte[]? Asker(EmailAddress email, string? address) =>
        address is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes($"asks for a reset\n{email}\n{address}"))[..16];

    /// <summary>Decided by one at a time, under the caller's lock.</summary>
    public static async Task<bool> MaySend(NpgsqlConnection connection, Guid account, EmailAddress email, byte[]? asker, DateTimeOffset now)
    {
        var known = (
            await connection.QueryAsync<string>(
                "select distinct address from security.session where account_id = @account and address is not null and created_at > @since",
            new { account, since = (now - Known).UtcDateTime })).Select(address => Asker(email, address)!).ToArray();
        var isKnown = asker is not null && known.Any(k => k.AsSpan().SequenceEqual(asker));
        var (minute, day, good) = await connection.QuerySingleAsync<(long, long, long)>("""
            select count(*) filter (where sent_at > @minuteAgo and counts), count(*) filter (where sent_at > @dayAgo
              and counts), count(*) filter (where used_at is null and expires_at > @now)
            from (select sent_at, used_at, expires_at, case when @isKnown then asker is not distinct from @asker else asker is null
              or asker <> all(@known) end as counts
                  from security.password_reset where account_id = @account and sent_at > @dayAgo) r
            """, new
        {
            account,
            asker,
            known,
            isKnown,
            now = now.UtcDateTime,
            minuteAgo = now.AddMinutes(-1).UtcDateTime,
            dayAgo = now.AddDays(-1).UtcDateTime
        });
        return minute < PerMinute && (day < (isKnown ? KnownPerDay : UnknownPerDay) || good == 0);
    }

    /// <summary>After another link was written down.</summary>
    public static NpgsqlBatchCommand PassOver(Guid account, byte[]? asker, DateTimeOffset now) => Statement.Of($"""
        update security.password_reset set used_at = $3 where token_hash in (
          select token_hash from security.password_reset where account_id = $1 and asker is not distinct from $2 and used_at is null
            and expires_at > $3
          order by sent_at desc, token_hash offset {GoodOfOnePlace})
        """, account, asker, now.UtcDateTime);
}
