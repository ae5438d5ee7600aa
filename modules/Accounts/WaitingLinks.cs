namespace DirectoryPlatform.Accounts;

/// <summary>
/// What waits in this room to be confirmed by a link: changes of address and verifications. The statements are for the transaction in which
/// Security resets a password, so that what somebody began before is not carried out behind it (SPEC A14). The links with which an old
/// address is taken back are left alone: they are for the person from whom an account was taken, password and all.
/// </summary>
public static class WaitingLinks
{
    /// <summary>In one order of rows, so that two who void the same ones never wait in a circle.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Void(Guid[] accounts, DateTimeOffset now)
    {
        foreach (var table in (string[])["email_change", "email_verification"])
            yield return Statement.Of($"""
                update accounts.{table} set used_at = $2 where token_hash in (
                  select token_hash from accounts.{table} where account_id = any($1) and (used_at is null or used_at = expires_at)
                    order by token_hash for update)
                """, accounts, now.UtcDateTime);
    }

    /// <summary>Those that were sent until then: what is younger is the owner's, who has taken an address back (SPEC A15).</summary>
    public static IEnumerable<NpgsqlBatchCommand> VoidSent(Guid account, DateTimeOffset until)
    {
        foreach (var table in (string[])["email_change", "email_verification"])
            yield return Statement.Of($"""
                update accounts.{table} set used_at = $2 where token_hash in (
                  select token_hash from accounts.{table} where account_id = $1 and sent_at <= $2
                    and (used_at is null or used_at = expires_at) order by token_hash for update)
                """, account, until.UtcDateTime);
    }
}
