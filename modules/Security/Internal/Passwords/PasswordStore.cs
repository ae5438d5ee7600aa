namespace DirectoryPlatform.Security.Internal.Passwords;

/// <param name="MustChange">Set by an admin's reset: another one is asked for at the next sign-in.</param>
/// <param name="Stamp">Another one after every reset and change: what was begun under the last one is void (SPEC A14).</param>
sealed record PasswordRow(string Hash, DateTimeOffset SetAt, bool MustChange, Guid Stamp);

/// <summary>The password rows.</summary>
sealed class PasswordStore(NpgsqlDataSource database, PasswordHashing hashing, TimeProvider clock)
    : IRequestHandler<GivePassword, Outcome<Done>>
{
    /// <summary>SPEC S1.</summary>
    const int Min = 8, Max = 100;

    public static Refusal? Check(string? password) =>
        password?.Length is not (>= Min and <= Max)
            ? new InvalidValue("password", $"Choose a password of {Min} to {Max} characters.")
            : null;

    public async Task<PasswordRow?> Of(AccountId account, CancellationToken ct) =>
        Read(await database.Rows<Row>(Sql, new { id = account.Value }, ct));

    /// <summary>Rows for <see cref="Read(IEnumerable{Row})"/>.</summary>
    public const string Sql = "select hash, set_at, must_change, stamp from security.password where account_id = @id";

    public sealed record Row(string Hash, DateTime Set_At, bool Must_Change, Guid Stamp);

    public static PasswordRow? Read(IEnumerable<Row> rows) =>
        rows.Select(r => new PasswordRow(r.Hash, r.Set_At, r.Must_Change, r.Stamp)).SingleOrDefault();

    /// <summary>
    /// As it stands when every change that is under way is over, in a batch behind a session that is committed. Whoever begins a session
    /// and finds the password here as it was shown, began before a change took the row: what ends the sessions in that change's
    /// transaction sees this one.
    /// </summary>
    public static NpgsqlBatchCommand Settled(AccountId account) =>
        Statement.Of("select hash, set_at, must_change, stamp from security.password where account_id = $1 for share", account.Value);

    /// <summary>First in a transaction that rests on the password as it was read before: whether no reset and no change came between, and
    /// none comes until the end (SPEC A14).</summary>
    /// <param name="stamp">As it was read; null for none.</param>
    public static async Task<bool> IsStill(Change change, AccountId account, Guid? stamp) =>
        await change.Value<Guid?>("select stamp from security.password where account_id = @id for share", new { id = account.Value })
            == stamp;

    /// <summary>First in a transaction that changes a password and what stands beside it: a password's row is taken before that of the
    /// credentials (<see cref="CredentialsStore"/>).</summary>
    public static NpgsqlBatchCommand Lock(Guid account) =>
        Statement.Of("select from security.password where account_id = $1 for update", account);

    public static PasswordRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetDateTime(1), row.GetBoolean(2), row.GetGuid(3));

    /// <param name="count">How many before the present one.</param>
    public async Task<IReadOnlyList<string>> Before(AccountId account, int count, CancellationToken ct) =>
        await database.Rows<string>(
            "select hash from security.password_before where account_id = @id order by replaced_at desc limit @count",
            new { id = account.Value, count }, ct);

    public async Task<Outcome<Done>> Handle(GivePassword command, CancellationToken ct)
    {
        if (Check(command.Password) is { } refusal) return refusal;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(await Giving(command.Accounts, command.Password, ct));
        await batch.ExecuteNonQueryAsync(ct);
        return Done.It;
    }

    public Task Remove(AccountId account, CancellationToken ct) =>
        database.Write(
            "delete from security.password where account_id = @id; delete from security.credentials where account_id = @id",
            new { id = account.Value }, ct);

    /// <summary>
    /// The statement that gives an account that somebody else may have begun its first right password, and takes away all that was there
    /// before; for another room's transaction.
    /// </summary>
    public async Task<NpgsqlBatchCommand> GivingAfresh(AccountId account, string password, HashSeat seat, CancellationToken ct) =>
        Statement.Of(WhatCanGetIn.GiveAfresh("$2", "$3"), (Guid[])[account.Value], await hashing.Hash(password, seat, ct),
            clock.GetUtcNow().UtcDateTime);

    /// <summary>The statement that gives a password, for a transaction that decides something along with it.</summary>
    public async Task<NpgsqlBatchCommand> Giving(IReadOnlyCollection<AccountId> accounts, string password, CancellationToken ct) =>
        Statement.Of("""
            insert into security.password (account_id, hash, set_at) select id, $2, $3 from unnest($1) id
            on conflict (account_id) do update set hash = excluded.hash, set_at = excluded.set_at, must_change = false, stamp =
              gen_random_uuid()
            """, accounts.Select(a => a.Value).ToArray(), await hashing.Hash(password, ct), clock.GetUtcNow().UtcDateTime);
}
