namespace DirectoryPlatform.Accounts.Internal.Importing;

/// <summary>
/// Writes what a chunk of an import has decided: rows through COPY into a table of the moment, then one statement for accounts, searchable
/// text and audit. Addresses that somebody has already are skipped; the unique index decides.
/// </summary>
sealed class ImportedAccounts(NpgsqlConnection connection, IReadOnlyList<AccountSignedUp> facts, Origin origin)
{
    const string Table = """
        create temp table imported (id uuid, email text, name text, key text, state smallint, verified boolean, claimed_by uuid,
          at timestamptz, text text, audit uuid, fact jsonb, before jsonb, after jsonb, personal jsonb) on commit drop
        """;

    // One statement, so that what is new is joined with what was sent and never with the whole table, which a planner that knows nothing of
    // a table of the moment reads for each chunk.
    const string Insert = """
        with new as (
          insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at,
            created_at)
          select id, 1, email, split_part(email, '@', 2), name, key, state, verified, claimed_by,
            case when claimed_by is not null then at end, at from imported i
            where not exists (select from accounts.left_address l where l.email = i.email and l.ended_at is null
              and l.reserved_until > i.at) order by email
          on conflict (email) do nothing returning id, email, managed_by
        ), searchable as (
          insert into accounts.search (account_id, text) select i.id, i.text from imported i join new using (id)
        ), audited as (
          insert into kernel.audit_entry (id, at, organization_id, actor_id, subject_id, action, means, address, request_id, fact, before,
            after, personal)
          select i.audit, i.at, i.claimed_by, $1, i.id, $2, $3, $4, $5, i.fact, i.before, i.after, i.personal from imported i
            join new using (id)
        )
        select email, managed_by is not null from new
        """;

    // An account may have left an address, and reserved it, while the statement before waited for it: the import then begins again.
    const string StillFree = """
        select kernel.expect(0, count(*)) from imported i join accounts.account a on a.id = i.id
          join accounts.left_address l on l.email = i.email and l.account_id <> i.id and l.ended_at is null and l.reserved_until > i.at
        """;

    /// <returns>The addresses that are new, and whether each is claimed.</returns>
    public async Task<IReadOnlyDictionary<string, bool>> Write(CancellationToken ct)
    {
        await BulkInsertSettings.Expect(connection, ct);
        await using (var table = new NpgsqlCommand(Table, connection)) await table.ExecuteNonQueryAsync(ct);
        await Copy(ct);
        var created = new Dictionary<string, bool>(facts.Count);
        await using var insert = new NpgsqlCommand(Insert, connection) { CommandTimeout = 0 };
        insert.Parameters.AddRange((NpgsqlParameter[])[
            new() { Value = (object?)origin.Actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = nameof(AccountSignedUp) }, new() { Value = origin.Means }, Text(origin.Address), Text(origin.RequestId)]);
        await using (var rows = await insert.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) created[rows.GetString(0)] = rows.GetBoolean(1);
        await using var free = new NpgsqlCommand(StillFree, connection);
        await free.ExecuteNonQueryAsync(ct);
        return created;
    }

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    async Task Copy(CancellationToken ct)
    {
        var store = new AccountStore();
        await using var copy =
            await connection
            .BeginBinaryImportAsync(
                "copy imported (id, email, name, key, state, verified, claimed_by, at, text, audit, fact, before, after, personal) "
                + "from stdin (format binary)", ct);
        foreach (var fact in facts)
        {
            var account = Account.After(null, fact);
            // The entry that a turn would have written (SPEC L1).
            var entry = AuditEntry.Of(Guid.CreateVersion7(fact.At), fact.At, account.ManagedBy?.Value, origin, account.Id.Value, fact,
                store.Shown(null), store.Shown(account));
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(account.Id.Value, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(account.Email!.Value.Value, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(account.Name, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(SearchKey.Of(account.Name), NpgsqlDbType.Text, ct);
            await copy.WriteAsync((short)account.State, NpgsqlDbType.Smallint, ct);
            await copy.WriteAsync(account.EmailVerified, NpgsqlDbType.Boolean, ct);
            if (account.ManagedBy is { } by) await copy.WriteAsync(by.Value, NpgsqlDbType.Uuid, ct);
            else await copy.WriteNullAsync(ct);
            await copy.WriteAsync(account.CreatedAt.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(AccountStore.SearchText(account), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(entry.Id, NpgsqlDbType.Uuid, ct);
            foreach (var json in (string?[])[entry.Fact, entry.Before, entry.After, entry.Personal])
                if (json is null) await copy.WriteNullAsync(ct);
                else await copy.WriteAsync(json, NpgsqlDbType.Jsonb, ct);
        }
        await copy.CompleteAsync(ct);
    }
}

/// <summary>For transactions that write thousands of new accounts.</summary>
static class BulkInsertSettings
{
    /// <summary>
    /// The trigram index gathers new entries in a list and sorts them in when it is full. A list of 4 MB, the default, is sorted in every
    /// 20,000 accounts; a longer one meets more entries of the same trigram at once.
    /// Searches walk what is waiting, so the length is a compromise.
    /// </summary>
    public static async Task Expect(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var settings = new NpgsqlCommand("set local gin_pending_list_limit = '16MB'; set local work_mem = '64MB'", connection);
        await settings.ExecuteNonQueryAsync(ct);
    }
}
