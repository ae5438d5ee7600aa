namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>Addresses that accounts have left, reserved for them (SPEC A15). Written and asked in the transaction of the turn that moves an
/// account or makes one: the database decides whose an address is.</summary>
sealed class LeftAddresses(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    /// <summary>SPEC A15: how long an address stays reserved, and how long it can be taken back.</summary>
    public static readonly TimeSpan Reserved = TimeSpan.FromDays(7);

    /// <summary>How long a row is kept after that, for whoever follows a link too late (own choice).</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    const int AtOnce = 2_000;

    /// <summary>A condition over <c>accounts.left_address l</c>: whether the address is reserved.</summary>
    /// <param name="now">Placeholder of the time.</param>
    public static string IsReserved(string now) => $"l.ended_at is null and l.reserved_until > {now}";

    /// <summary>The same for a fact heard twice.</summary>
    public static Guid IdOf(EmailAddressChanged fact) => DeterministicGuid.Of(fact.Account, fact.At, "left", fact.Before);

    /// <summary>What goes with accounts that were made or moved: wishes and links are used up, the addresses that were left are reserved,
    /// and those that were taken must be nobody else's.</summary>
    public static void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<Account>> changes)
    {
        var taken = new List<(Guid Id, DateTimeOffset At)>();
        foreach (var change in changes)
        {
            foreach (var move in change.After.Moves) Save(batch, move);
            if (change.Before is null) taken.Add((change.After.Id.Value, change.After.CreatedAt));
            else if (change.After.Moves is [.., var last]) taken.Add((change.After.Id.Value, last.At));
        }
        if (taken.Count == 0) return;
        batch.BatchCommands.Add(Statement.Of("select accounts.expect_unreserved($1, $2)", taken.Select(t => t.Id).ToArray(),
            taken.Select(t => t.At.ToUniversalTime()).ToArray()));
    }

    static void Save(NpgsqlBatch batch, EmailAddressChanged move)
    {
        if (move.Asked is { } asked)
            batch.BatchCommands.Add(Statement.Of("select accounts.use_email_change($1, $2)", asked, move.At.UtcDateTime));
        if (move.TakenBack is { } left)
        {
            // Whoever had the account in between keeps no claim to it.
            batch.BatchCommands.Add(Statement.Of("select accounts.use_left_address($1, $2)", left, move.At.UtcDateTime));
            return;
        }
        batch.BatchCommands.Add(Statement.Of("""
            insert into accounts.left_address (id, account_id, email, moved_to, asked_at, left_at, reserved_until, by_person)
            select $1, $2, $3, $4, coalesce((select sent_at from accounts.email_change where id = $8), $5), $5, $6, $7
            """, IdOf(move), move.Account.Value, move.Before, move.Email, move.At.UtcDateTime, (move.At + Reserved).UtcDateTime,
                move.By is null, move.Asked ?? Guid.Empty));
    }

    public string Name => "forget addresses that were left";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var before = (clock.GetUtcNow() - Kept).UtcDateTime;
        while (await connection.ExecuteAsync(
            "delete from accounts.left_address where id = any(array(select id from accounts.left_address where reserved_until < @before "
                + "limit @AtOnce for update skip locked))", new { before, AtOnce }) == AtOnce) { }
    }
}
