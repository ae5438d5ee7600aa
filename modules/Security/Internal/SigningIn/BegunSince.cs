namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>
/// Ends what was begun in an account since the wish for another address, once the old one is taken back (SPEC A15): whoever had it in
/// between keeps nothing. An organization that has claimed it since manages it no longer since that turn. All sessions, links, tickets,
/// device codes and pending changes go, a deletion is cancelled, and of API tokens, API keys, two-step verification, recovery codes and the
/// password those go that are younger than the wish. A password that goes has to be set anew by mail. Done twice it changes nothing more.
/// </summary>
sealed class BegunSince(UnitOfWork work, IMediator mediator, Settlement settlement, TimeProvider clock)
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

    /// <summary>Before the time is taken, and before the keys: one that a program is fetching right now is there behind its code's row.
    /// </summary>
    const string LockDeviceCodes = "select from security.device_code where account_id = $1 and used_at is null order by id for update";

    /// <summary>What was confirmed in the account <c>$1</c> until <c>$2</c> and no program has fetched yet (SPEC P9). Over since it was
    /// asked for: a program that waits for the row compares with a time from before.</summary>
    const string DeviceCodes = """
        update security.device_code set expires_at = asked_at
        where account_id = $1 and used_at is null and answered_at <= $2 and expires_at > $2
        """;

    public async Task End(EmailAddressChanged fact, Origin origin, CancellationToken ct)
    {
        if (fact is not { TakenBack: { } left, Since: { } since }) return;
        var (id, begun, until) = (fact.Account.Value, settlement.Begin(), fact.At);
        await work.Run(origin, async change =>
        {
            await change.Run([PasswordStore.Lock(id), CredentialsStore.Raise([id]), Statement.Of(LockDeviceCodes, id)], ct);
            // Not the moment of the turn: sessions were there until now. By the clock behind the locks, for which somebody may have waited.
            until = await AddressTakenBack.Settle(change.Connection, left, clock.GetUtcNow(), ct) ?? fact.At;
            var ended = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (await change.Run([Statement.Of(DeviceCodes, id, until.UtcDateTime)], ct) is > 0 and var codes)
                ended["deviceCodes"] = codes.ToString(CultureInfo.InvariantCulture);
            foreach (var (what, sql) in Kinds)
                if (await change.Run([Statement.Of(sql, id, since.UtcDateTime, until.UtcDateTime)], ct) is > 0 and var rows)
                    ended[what] = rows.ToString(CultureInfo.InvariantCulture);
            // Heard again later, the sessions and links since are the owner's.
            if (await Sessions(change, id, until, ct) is > 0 and var sessions)
                ended["sessions"] = sessions.ToString(CultureInfo.InvariantCulture);
            if (ended.Count > 0) change.WriteAudit(null, id, SecurityActions.CredentialsTakenBack, after: ended);
            else change.Quiet("nothing was begun since");
        }, ct);
        // It was not the owner's wish, unless it was scheduled since; behind the sessions, in which it could be scheduled anew.
        if (await mediator.Send(new ReadAccount(fact.Account), ct) is
            { Granted: true, Value: { State: AccountState.PendingDeletion, DeletionDueAt: { } due } }
            && due - Account.DeletionGrace <= until)
            await mediator.Send(new CancelDeletion(fact.Account, null, origin) { TakenBack = true }, ct);
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
            .. WaitingLinks.VoidSent(account, until),
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
}
