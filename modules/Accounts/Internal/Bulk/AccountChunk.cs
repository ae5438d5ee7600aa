namespace DirectoryPlatform.Accounts.Internal.Bulk;

/// <summary>Reads and writes some thousand accounts of a bulk job at a time.</summary>
static class AccountChunk
{
    /// <summary>Accounts in one transaction: long enough to be quick, short enough that a killed worker repeats little (measured: 2,500 to
    /// 10,000 are alike).</summary>
    public const int Size = 5_000;

    /// <summary>From this attempt on the rows are locked while they are decided on: single turns keep changing them.</summary>
    const int LockFrom = 3;

    public static async Task<List<Account>> Read(NpgsqlConnection connection, AccountSource source, JobSlice slice, CancellationToken ct)
    {
        var size = slice.Size(Size);
        var sql = source.Domain is not null
            ? $"select {AccountStore.Columns} from accounts.account a where domain = $1 and id > $2 and id <= $3 order by id limit {size}"
            : $"""
               select {AccountStore.Columns} from accounts.account a
               where id in (
                 select item from kernel.bulk_item where draft_id = $1 and item > $2 and item <= $3 order by item limit {size})
               order by id
               """;
        if (slice.Attempt >= LockFrom) sql += " for update of a";
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                new() { Value = source.Key }, new() { Value = slice.After ?? Guid.Empty }, new() { Value = slice.Upto ?? Guid.AllBitsSet },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var accounts = new List<Account>(size);
        while (await rows.ReadAsync(ct)) accounts.Add(AccountStore.ReadRow(rows));
        return accounts;
    }

    /// <summary>A chunk shorter than the size was the last of its range.</summary>
    public static Chunk Result(JobSlice slice, List<Account> accounts, string[] codes, IReadOnlyList<NpgsqlBatchCommand> writes) =>
        new([.. accounts.Select(a => a.Id.Value)], codes, accounts.Count < slice.Size(Size) ? null : accounts[^1].Id.Value, writes);

    /// <summary>One fact of all in the chunk, whose decisions differ in nothing but the account.</summary>
    public static NpgsqlBatchCommand Tell(List<AccountFact> facts, JobSlice slice, bool notify) => Outbox.Insert(
        [(slice.Job.Value,
            (LifecycleFact)facts[0] with { Together = [.. facts.Select(f => f.Account)], Job = slice.Job, Notify = notify })], slice.Now);

    /// <summary>One audit entry per account; what they share is sent once: all come from one manager and go to one.</summary>
    public static NpgsqlBatchCommand Audit(List<GrainChange<Account>> changes, string action, JobSlice slice) => new("""
        insert into kernel.audit_entry
          (id, at, organization_id, actor_id, subject_id, action, means, address, request_id, job_id, before, after)
        select e.id, $3, $4, $5, e.subject, $6, 'job', $7, $8, $9, $10, $11 from unnest($1::uuid[], $2::uuid[]) as e(id, subject)
        """)
    {
        Parameters =
            {
                AccountStore.Column(changes, _ => Guid.CreateVersion7(slice.Now)),
                AccountStore.Column(changes, c => c.After.Id.Value),
                new() { Value = slice.Now.UtcDateTime },
                new() { Value = slice.Organization },
                new() { Value = (object?)slice.Origin.Actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, new() { Value = action },
                Text(slice.Origin.Address), Text(slice.Origin.RequestId), new() { Value = slice.Job.Value },
                Manager(changes[0].Before!.ManagedBy), Manager(changes[0].After.ManagedBy),
            },
    };

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    static NpgsqlParameter Manager(OrganizationId? manager) =>
        new()
        {
            Value = KernelJson.Write(new Dictionary<string, string?> { ["managedBy"] = manager?.ToString() }),
            NpgsqlDbType = NpgsqlDbType.Jsonb
        };
}

/// <summary>Which accounts a bulk job walks: all on a domain, or those of a list.</summary>
/// <param name="Domain">Null for a list.</param>
readonly record struct AccountSource(string? Domain, Guid List)
{
    public static AccountSource OnDomain(string domain) => new(domain, default);

    public static AccountSource Of(BulkDraft draft) =>
        draft.Everything ? OnDomain(draft.Option<AccountOptions>().DomainName!) : new(null, draft.Id);

    public object Key => Domain is null ? List : Domain;
}
