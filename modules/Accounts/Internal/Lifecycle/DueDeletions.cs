namespace DirectoryPlatform.Accounts.Internal.Lifecycle;

/// <summary>
/// Erases accounts whose 14 days are over (SPEC A6), and forgets sign-ups that nobody verified within seven (A2), which frees their
/// addresses. The rows say what is due, so a platform that was
/// down over the moment catches up once; rows are locked and skipped when locked, so that any number of nodes may do it at once.
/// </summary>
sealed class DueDeletions(NpgsqlDataSource database, UnitOfWork work, AccountStore store, IEnumerable<IErasePersonalData> rooms,
    TimeProvider clock) : IRecurring
{
    /// <summary>People in one transaction.</summary>
    const int AtOnce = 1_000;

    public string Name => "erase due deletions";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken ct)
    {
        while (await EraseSome("state = 3 and deletion_due_at <= $1", TimeSpan.Zero, (account, now) => account.Erase(now),
            ct) == AtOnce) { }
        while (await EraseSome("state = 0 and signed_up and created_at <= $1", Account.UnverifiedFor,
            (account, now) => account.ForgetSignUp(now), ct) == AtOnce) { }
        await database.Write("delete from accounts.newcomers_listed where day < @old::date",
            new { old = clock.GetUtcNow().UtcDateTime.Date.AddDays(-2) }, ct);
    }

    async Task<int> EraseSome(string which, TimeSpan after, Func<Account, DateTimeOffset, Outcome<AccountFact>> decide,
        CancellationToken ct) => (await work.Run<int>(Origin.Schedule, async change =>
    {
        var now = change.Now;
        var due = await Due(change.Connection, which, now - after, ct);
        var (changes, emails) = (new List<GrainChange<Account>>(due.Count), new List<string>(due.Count));
        foreach (var account in due)
        {
            if (decide(account, now) is not { Granted: true, Value: var fact }) continue;
            changes.Add(new(account, Account.After(account, fact)));
            // Proof of the deletion, without any of the values that went (A6).
            change.WriteAudit(account.State is AccountState.Unverified ? null : account.ManagedBy, account.Id.Value, nameof(AccountErased),
                fact: fact);
            if (account.Email is { } email) emails.Add(email.Value);
        }
        if (changes.Count == 0)
        {
            change.Unchanged();
            return 0;
        }
        var ids = changes.Select(c => c.After.Id.Value).ToArray();
        await using var batch = new NpgsqlBatch(change.Connection);
        store.Save(batch, changes);
        foreach (var forget in rooms.SelectMany(room => room.Forget(ids, [.. emails]))) batch.BatchCommands.Add(forget);
        await batch.ExecuteNonQueryAsync(ct);
        change.Publish(Guid.CreateVersion7(now),
            new AccountErased(changes[0].After.Id, now) { Together = [.. changes.Select(c => c.After.Id)] });
        return due.Count;
    }, ct)).Value;

    static async Task<List<Account>> Due(NpgsqlConnection connection, string which, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select {AccountStore.Columns} from accounts.account where {which} order by id limit {AtOnce} for update skip locked",
            connection)
        {
            Parameters = { new() { Value = before.UtcDateTime } },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var due = new List<Account>();
        while (await rows.ReadAsync(ct)) due.Add(AccountStore.ReadRow(rows));
        return due;
    }
}
