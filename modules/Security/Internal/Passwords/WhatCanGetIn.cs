namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>How far a reset goes (SPEC A14).</summary>
enum TakeAlong
{
    /// <summary>Sessions, links, tickets and pending changes: after any change of a password.</summary>
    Links,
    /// <summary>API tokens, too: after a reset by mail or by an admin, and when the person wishes so.</summary>
    LinksAndTokens,
}

/// <summary>
/// Everything by which somebody else could still get in when a password is reset or changed, and the one way in which all of it is taken
/// along (SPEC A14). Whatever kind of credential, link, ticket or pending change is added to the product is added here, or said to outlive
/// a reset in the test that looks for such kinds in the database and in the code.
/// </summary>
static class WhatCanGetIn
{
    /// <summary>In the transaction that resets or changes the passwords, after they are written.</summary>
    /// <param name="keep">The session in which the person does it; null for none.</param>
    /// <returns>The labels of the API tokens that were revoked, by account.</returns>
    public static async Task<ILookup<Guid, string>> TakeAlongWith(NpgsqlConnection connection, Guid[] accounts, TakeAlong how, Guid? keep,
        string why, DateTimeOffset now, CancellationToken ct)
    {
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(CredentialsStore.Raise(accounts));
            batch.BatchCommands.Add(Statement.Of(
                "update security.password set stamp = gen_random_uuid() where account_id = any($1)", accounts));
            batch.BatchCommands.Add(PasswordResets.Void(accounts, now));
            foreach (var statement in WaitingLinks.Void(accounts, now)) batch.BatchCommands.Add(statement);
            batch.BatchCommands.Add(Statement.Of(
                "update security.provider_answer set taken_at = $2 where account_id = any($1) and taken_at is null", accounts,
                now.UtcDateTime));
            batch.BatchCommands.Add(VoidDeviceCodes(accounts, now));
            batch.BatchCommands.Add(SessionStore.EndLive(accounts, now, why, keep));
            await batch.ExecuteNonQueryAsync(ct);
        }
        return how is TakeAlong.LinksAndTokens ? await RevokeTokens(connection, accounts, now, ct)
            : Enumerable.Empty<(Guid Account, string Label)>().ToLookup(t => t.Account, t => t.Label);
    }

    /// <summary>What an admin has confirmed and no program has fetched yet; in one order of rows.</summary>
    static NpgsqlBatchCommand VoidDeviceCodes(Guid[] accounts, DateTimeOffset now) => Statement.Of("""
        update security.device_code set expires_at = $2 where id in (
          select id from security.device_code where account_id = any($1) and used_at is null and expires_at > $2 order by id for update)
        """, accounts, now.UtcDateTime);

    /// <summary>For an account that gets its first right owner: all that its last one could prove itself by, as if it had never been (SPEC
    /// P2, U3). One statement, for transactions of other rooms.</summary>
    /// <param name="hash">Placeholder of the new password's hash.</param>
    /// <param name="now">Placeholder of the time.</param>
    public static string GiveAfresh(string hash, string now) => $"""
        with raised as (update security.credentials set version = version + 1, raised_in = pg_current_xact_id()
            where account_id = any($1)),
          links as (update security.password_reset set used_at = {now} where account_id = any($1) and used_at is null),
          answers as (update security.provider_answer set taken_at = {now} where account_id = any($1) and taken_at is null),
          devices as (update security.device_code set expires_at = {now} where account_id = any($1) and used_at is null),
          sessions as (update security.session set ended_at = {now}, ended_why = 'password given afresh' where account_id = any($1)
            and ended_at is null),
          tokens as (update security.api_token set revoked_at = {now} where account_id = any($1) and revoked_at is null),
          steps as (delete from security.two_step where account_id = any($1)), codes as (delete from security.recovery_code
            where account_id = any($1)),
          earlier as (delete from security.password_before where account_id = any($1))
        insert into security.password (account_id, hash, set_at) select id, {hash}, {now} from unnest($1) id
        on conflict (account_id) do update set hash = excluded.hash, set_at = excluded.set_at, must_change = false, stamp =
          gen_random_uuid()
        """;

    /// <summary>In the caller's history, for each account that lost any.</summary>
    public static IReadOnlyList<AuditEntry> Entries(ILookup<Guid, string> revoked, Func<Guid, Guid?> organization, Origin origin,
        DateTimeOffset now) =>
    [
        .. revoked.Select(t => new AuditEntry(
            Guid.CreateVersion7(now), now, organization(t.Key), origin, t.Key, SecurityActions.ApiTokensRevoked,
            Personal: AuditLabels.Personal("labels", Quoted(t)))),
    ];

    /// <summary>For letters: the labels, each in quotes.</summary>
    public static string Quoted(IEnumerable<string> labels) =>
        string.Join(", ", labels.Order(StringComparer.Ordinal).Select(l => $"“{l}”"));

    /// <summary>In one order of rows, so that two who revoke the same ones never wait in a circle.</summary>
    public static async Task<ILookup<Guid, string>> RevokeTokens(NpgsqlConnection connection, Guid[] accounts, DateTimeOffset now,
        CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                CredentialsStore.Raise(accounts),
                Statement.Of("""
                    update security.api_token set revoked_at = $2
                    where id in (select id from security.api_token where account_id = any($1) and revoked_at is null and expires_at > $2
                      order by id for update) returning account_id, label
                    """, accounts, now.UtcDateTime),
            },
        };
        var revoked = new List<(Guid Account, string Label)>();
        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) revoked.Add((rows.GetGuid(0), rows.GetString(1)));
        return revoked.ToLookup(t => t.Account, t => t.Label);
    }
}
