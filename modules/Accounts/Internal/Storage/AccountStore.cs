using System.Data.Common;

namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>The account grain's row.</summary>
sealed class AccountStore : GrainStore<Account, AccountFact>
{
    public const string Columns = """
        id, version, email, name, state, email_verified, managed_by, claimed_at, created_at, deletion_due_at, deactivation_reason,
        deactivation_message, admin_of, excluded_by, signed_up, deletion_by
        """;

    static readonly int Narrow = Columns.Split(',').Length;

    /// <summary>The profile comes along in the same look: a turn about it costs no round trip more,
    /// and the others a look into an index.</summary>
    public override string ReadSql => $"select {Columns}, {ProfileColumns.Selected} from accounts.account a "
        + "left join accounts.profile p on p.account_id = a.id where a.id = any($1)";

    public override string LockSql => "select id from accounts.account where id = any($1) order by id for update";

    public override Account Read(DbDataReader row) => row.FieldCount == Narrow ? ReadRow(row) : ReadWhole(row);

    public static Account ReadWhole(DbDataReader row) => ReadRow(row) with { Profile = ProfileColumns.Read(row) };

    public static Account ReadRow(DbDataReader row) => new(
        new(row.GetGuid(0)), row.GetInt64(1), row.IsDBNull(2) ? null : EmailAddress.Trusted(row.GetString(2)), row.GetString(3),
        (AccountState)row.GetInt16(4), row.GetBoolean(5),
        row.IsDBNull(6) ? null : new OrganizationId(row.GetGuid(6)), Time(row, 7), Time(row, 8)!.Value, Time(row, 9), Text(row, 10),
        Text(row, 11), Organizations(row, 12), [], Organizations(row, 13))
    {
        SignedUp = row.GetBoolean(14),
        DeletionBy = row.IsDBNull(15) ? null : new OrganizationId(row.GetGuid(15)),
    };

    /// <summary>Finds out for admins where they are the only one who can act.</summary>
    public override async Task Complete(NpgsqlConnection connection, Dictionary<Guid, Account> states, CancellationToken ct)
    {
        var admins = states.Values.Where(a => a.AdminOf.Count > 0).ToArray();
        var roster = await AdminRoster.Of(connection, admins, wait: true, ct);
        foreach (var admin in admins) states[admin.Id.Value] = roster.Complete(admin);
    }

    /// <summary>Two admins of one organization who leave in one transaction would each count on the other.</summary>
    public override bool MayShareTransaction(IReadOnlyCollection<Account> states) =>
        states.SelectMany(a => a.AdminOf).GroupBy(o => o).All(admins => admins.Count() == 1);

    /// <summary>Whether an admin is the last one is known under the roster's lock alone.</summary>
    public override bool DecidesAlone(Account state) => state.AdminOf.Count == 0;

    /// <summary>A name, an address, a profile and an erasure change other rows as well.</summary>
    public override bool IsRowAlone(Account before, Account after) =>
        before.Name == after.Name && before.Email == after.Email && before.Profile == after.Profile && after.Moves.Count == 0
        && after.State is not AccountState.Deleted;

    public override string UpdateSql => $"""
        update accounts.account a set version = n.version, email = n.email, domain = split_part(n.email, '@', 2), name = n.name,
          name_key = n.key, state = n.state, email_verified = n.verified, managed_by = n.managed_by, claimed_at = n.claimed_at,
          deletion_due_at = n.due, deletion_by = n.deleter, deactivation_reason = n.reason, deactivation_message = n.message,
          admin_of = {ArrayOf("n.admins")}, excluded_by = {ArrayOf("n.excluded")}
        from {Unnest} where a.id = n.id and a.version = n.seen returning n.no
        """;

    public override void AddRows(NpgsqlParameterCollection to, IReadOnlyList<GrainChange<Account>> changes) =>
        AddRows(to, [.. changes.Select(c => c.After)], [.. changes.Select(c => c.Before!.Version)]);

    public override Guid IdOf(Account state) => state.Id.Value;

    public override Account After(Account? before, AccountFact fact) => Account.After(before, fact);

    public override void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<Account>> changes)
    {
        var created = changes.Where(c => c.Before is null).Select(c => c.After).ToArray();
        var changed = changes.Where(c => c.Before is not null).ToArray();
        if (created.Length > 0)
            Add(batch, created, new long[created.Length], $"""
                insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at,
                  created_at, deletion_due_at, deactivation_reason, deactivation_message, admin_of, excluded_by, signed_up, deletion_by)
                select id, version, email, split_part(email, '@', 2), name, key, state, verified, managed_by, claimed_at, created_at, due,
                  reason, message, {ArrayOf("admins")}, {ArrayOf("excluded")}, not verified, deleter from {Unnest}
                """);
        if (changed.Length > 0)
            Add(batch, [.. changed.Select(c => c.After)], [.. changed.Select(c => c.Before!.Version)],
                $"with saved as ({UpdateSql}) select kernel.expect(cardinality($1::uuid[]), count(*)) from saved");
        // What an erased account was found by goes with the person, see DueDeletions.
        var renamed = changes.Where(c => c.After.State is not AccountState.Deleted
            && (c.Before?.Name != c.After.Name || c.Before?.Email != c.After.Email)).Select(c => c.After).ToArray();
        if (renamed.Length > 0)
            batch.BatchCommands.Add(Statement.Of("""
                insert into accounts.search (account_id, text) select * from unnest($1::uuid[], $2::text[])
                  on conflict (account_id) do update set text = excluded.text
                """, renamed.Select(a => a.Id.Value).ToArray(), renamed.Select(SearchText).ToArray()));
        LeftAddresses.Save(batch, changes);
        ProfileColumns.Save(batch, changes);
    }

    public static string SearchText(Account account) => $"{SearchKey.Of(account.Name)} {account.Email?.Value}".Trim();

    // Arrays of arrays must be rectangular in PostgreSQL, so lists of ids travel as text.
    const string Unnest = """
        unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::smallint[], $6::boolean[], $7::uuid[], $8::timestamptz[],
          $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[],
          $17::uuid[])
          with ordinality as n(id, version, email, name, state, verified, managed_by, claimed_at, created_at, due, reason, message, admins,
            excluded, seen, key, deleter, no)
        """;

    static string ArrayOf(string column) => $"{column}::uuid[]";

    static void Add(NpgsqlBatch batch, Account[] accounts, long[] seen, string sql)
    {
        var write = new NpgsqlBatchCommand(sql);
        AddRows(write.Parameters, accounts, seen);
        batch.BatchCommands.Add(write);
    }

    static void AddRows(NpgsqlParameterCollection to, Account[] accounts, long[] seen)
    {
        to.Add(Column(accounts, a => a.Id.Value));
        to.Add(Column(accounts, a => a.Version));
        to.Add(Column(accounts, a => a.Email?.Value));
        to.Add(Column(accounts, a => a.Name));
        to.Add(Column(accounts, a => (short)a.State));
        to.Add(Column(accounts, a => a.EmailVerified));
        to.Add(Column(accounts, a => a.ManagedBy?.Value));
        to.Add(Times(accounts, a => a.ClaimedAt));
        to.Add(Times(accounts, a => a.CreatedAt));
        to.Add(Times(accounts, a => a.DeletionDueAt));
        to.Add(Column(accounts, a => a.DeactivationReason));
        to.Add(Column(accounts, a => a.DeactivationMessage));
        to.Add(Column(accounts, a => Literal(a.AdminOf)));
        to.Add(Column(accounts, a => Literal(a.ExcludedBy)));
        to.Add(new NpgsqlParameter<long[]> { TypedValue = seen });
        to.Add(Column(accounts, a => SearchKey.Of(a.Name)));
        to.Add(Column(accounts, a => a.DeletionBy?.Value));
    }

    internal static NpgsqlParameter<T[]> Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value) =>
        new() { TypedValue = [.. rows.Select(value)] };

    internal static NpgsqlParameter Times<TRow>(IReadOnlyList<TRow> rows, Func<TRow, DateTimeOffset?> value) =>
        new()
        {
            Value = rows.Select(r => value(r)?.UtcDateTime).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz
        };

    internal static string? Literal(IReadOnlyList<OrganizationId> ids) => ids.Count == 0 ? null : $"{{{string.Join(',', ids)}}}";

    public override Refusal? RefusalFor(PostgresException violation) => violation.ConstraintName switch
    {
        "account_email" => new EmailTaken(),
        "email_change_waits" or "left_address_waits" => new LinkVoid(),
        "profile_picture_fkey" => new ChangedMeanwhile(), // two uploads at once: the other one has cleared this one away
        _ => null,
    };

    public override Guid? OrganizationOf(Account? before, Account after, AccountFact fact) => fact switch
    {
        // In nobody's log and in nobody's webhooks before the address is verified (SPEC C4).
        AccountSignedUp { Verified: false } => null,
        AccountExcluded f => f.Organization.Value,
        AccountReadmitted f => f.Organization.Value,
        OrganizationAdminAppointed f => f.Organization.Value,
        OrganizationAdminDismissed f => f.Organization.Value,
        _ => (after.ManagedBy ?? before?.ManagedBy)?.Value,
    };

    public override IReadOnlyList<AuditedValue> Shown(Account? a) => a is null ? [] :
    [
        new("email", a.Email?.Value, Personal: true), new("name", a.Name, Personal: true), new("state", a.State.ToString()),
        new("emailVerified", a.EmailVerified ? "yes" : "no"),
        new("managedBy", a.ManagedBy?.ToString()), new("deletionDueAt", a.DeletionDueAt?.ToString("O")),
        new("reason", a.DeactivationReason, Personal: true),
        new("message", a.DeactivationMessage, Personal: true), new("adminOf", Literal(a.AdminOf)), new("excludedBy", Literal(a.ExcludedBy)),
        .. ProfileColumns.Shown(a.Profile),
    ];

    static DateTimeOffset? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column));
    static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    static IReadOnlyList<OrganizationId> Organizations(DbDataReader row, int column) => row.IsDBNull(column)
        ? []
        : Array.ConvertAll(row.GetFieldValue<Guid[]>(column), id => new OrganizationId(id));
}
