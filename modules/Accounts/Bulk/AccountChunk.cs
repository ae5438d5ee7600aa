using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryPlatform.Accounts.Bulk;

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

    /// <param name="set">Assignments; <c>$3</c> is the organization, <c>$4</c> the time.</param>
    public static NpgsqlBatchCommand Save(List<Account> accounts, string set, OrganizationId by, DateTimeOffset now) => new($"""
        with saved as (
          update accounts.account a set version = a.version + 1, {set}
          from unnest($1::uuid[], $2::bigint[]) as n(id, version)
          where a.id = n.id and a.version = n.version and $3::uuid is not null and $4::timestamptz is not null returning 1)
        select kernel.expect(cardinality($1::uuid[]), count(*)) from saved
        """)
    {
        Parameters =
        {
            Ids(accounts), new NpgsqlParameter<long[]> { TypedValue = [.. accounts.Select(a => a.Version)] }, new() { Value = by.Value },
            new() { Value = now.UtcDateTime },
        },
    };

    /// <summary>One audit entry per account; what they share is sent once.</summary>
    public static NpgsqlBatchCommand Audit(List<Account> accounts, string action, JobSlice slice, OrganizationId? before,
        OrganizationId? after) => new("""
        insert into kernel.audit_entry
          (id, at, organization_id, actor_id, subject_id, action, means, address, request_id, job_id, before, after)
        select e.id, $3, $4, $5, e.subject, $6, 'job', $7, $8, $9, $10, $11 from unnest($1::uuid[], $2::uuid[]) as e(id, subject)
        """)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. accounts.Select(_ => Guid.CreateVersion7(slice.Now))] }, Ids(accounts),
                new() { Value = slice.Now.UtcDateTime },
                new() { Value = slice.Organization },
                new() { Value = (object?)slice.Origin.Actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, new() { Value = action },
                Text(slice.Origin.Address), Text(slice.Origin.RequestId), new() { Value = slice.Job.Value },
                Manager(before), Manager(after),
            },
        };

    static NpgsqlParameter<Guid[]> Ids(List<Account> accounts) => new() { TypedValue = [.. accounts.Select(a => a.Id.Value)] };

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
