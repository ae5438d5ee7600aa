namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>
/// Ends what was begun in an account between the wish for another address and the moment in which the old one was taken back (SPEC A15):
/// whoever had it in between keeps nothing. An organization that has claimed it since manages it no longer, and a deletion is cancelled;
/// all sessions, links, tickets and pending changes go, and of API tokens, API keys, two-step verification, recovery codes and the password
/// those that are younger than the wish. A password that goes has to be set anew by mail. Done twice it changes nothing more.
/// </summary>
sealed class BegunSince(UnitOfWork work, IMediator mediator, Settlement settlement)
{
    /// <summary>Of the account <c>$1</c>, between <c>$2</c> and <c>$3</c>; each says how it is called in the history.</summary>
    static readonly (string What, string Sql)[] Kinds =
    [
        ("apiTokens",
            "update security.api_token set revoked_at = $3 where account_id = $1 and revoked_at is null and created_at between $2 and $3"),
        ("apiKeys", "update security.api_key set revoked_at = $3 where account_id = $1 and revoked_at is null "
            + "and created_at between $2 and $3"),
        ("twoStep", "delete from security.two_step where account_id = $1 and on_since between $2 and $3"),
        ("recoveryCodes",
            "delete from security.recovery_code where account_id = $1 and (made_at between $2 and $3 "
            + "or not exists (select from security.two_step where account_id = $1))"),
        ("password", "delete from security.password where account_id = $1 and set_at between $2 and $3"),
    ];

    public async Task End(EmailAddressChanged fact, Origin origin, CancellationToken ct)
    {
        if (fact is not { TakenBack: not null, Since: { } since }) return;
        await GiveBack(fact.Account, since, origin, ct);
        var (id, begun) = (fact.Account.Value, settlement.Begin());
        await work.Run(origin, async change =>
        {
            await change.Run([PasswordStore.Lock(id), CredentialsStore.Raise([id])], ct);
            var ended = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (what, sql) in Kinds)
                if (await change.Run([Statement.Of(sql, id, since.UtcDateTime, fact.At.UtcDateTime)], ct) is > 0 and var rows)
                    ended[what] = rows.ToString(CultureInfo.InvariantCulture);
            // Heard again later, the sessions and links since are the owner's.
            if (await Sessions(change, id, fact.At, ct) is > 0 and var sessions)
                ended["sessions"] = sessions.ToString(CultureInfo.InvariantCulture);
            if (ended.Count > 0) change.WriteAudit(null, id, SecurityActions.CredentialsTakenBack, after: ended);
            else change.Quiet("nothing was begun since");
        }, ct);
        await settlement.Settle(begun);
    }

    static async Task<int> Sessions(Change change, Guid account, DateTimeOffset until, CancellationToken ct)
    {
        await change.Run(
        [
            Statement.Of("update security.password set stamp = gen_random_uuid() where account_id = $1 and set_at <= $2", account,
                until.UtcDateTime),
            Statement.Of("""
                update security.password_reset set used_at = $2 where account_id = $1 and used_at is null and sent_at <= $2
                """, account, until.UtcDateTime),
            Statement.Of("""
                update security.provider_answer set taken_at = $2 where account_id = $1 and taken_at is null and answered_at <= $2
                """, account, until.UtcDateTime),
        ], ct);
        return await change.Run([Statement.Of("""
            update security.session set ended_at = $3, ended_why = 'address taken back'
            where id in (select id from security.session where account_id = $1 and ended_at is null and created_at <= $2
              order by id for update)
            """, account, until.UtcDateTime, change.Now.UtcDateTime)], ct);
    }

    /// <summary>Only who moved the account to its domain could have claimed it; the deletion that waits was not the owner's wish.</summary>
    async Task GiveBack(AccountId account, DateTimeOffset since, Origin origin, CancellationToken ct)
    {
        var read = await mediator.Send(new ReadAccount(account), ct);
        if (read is { Granted: true, Value: { ManagedBy: { } organization, ClaimedAt: { } claimed } } && claimed >= since)
            await mediator.Send(new UnclaimAccount(account, organization, Exclude: true, origin), ct);
        if (read is { Granted: true, Value.State: AccountState.PendingDeletion })
            await mediator.Send(new CancelDeletion(account, null, origin) { TakenBack = true }, ct);
    }
}
