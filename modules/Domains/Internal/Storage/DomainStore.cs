using System.Data.Common;

namespace DirectoryPlatform.Domains.Internal.Storage;

/// <summary>The domain grain's row.</summary>
sealed class DomainStore : GrainStore<Domain, DomainFact>
{
    public const string Columns = """
        id, version, organization_id, name, state, token, automatic_claim, method, added_at, verified_at, last_check::text,
        next_check_at, gave_up_at, proved_at, missing_since, warned_at, unanswered_since
        """;

    public override string ReadSql => $"select {Columns} from domains.domain where id = any($1)";

    public override string LockSql => "select id from domains.domain where id = any($1) order by id for update";

    public override Domain Read(DbDataReader row) => ReadRow(row);

    public static Domain ReadRow(DbDataReader row) => new(
        new(row.GetGuid(0)), row.GetInt64(1), new(row.GetGuid(2)), row.GetString(3), (DomainState)row.GetInt16(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetBoolean(6), (ProofMethod)row.GetInt16(7),
        new(row.GetDateTime(8)), Time(row, 9), row.IsDBNull(10) ? null : KernelJson.Read<Evidence>(row.GetString(10)), Time(row, 11),
        Time(row, 12), Time(row, 13), Time(row, 14), Time(row, 15), Time(row, 16));

    public override Guid IdOf(Domain state) => state.Id.Value;

    public override Domain After(Domain? before, DomainFact fact) => Domain.After(before, fact);

    public override string UpdateSql => $"""
        update domains.domain d set version = n.version, organization_id = n.organization, name = n.name, state = n.state, token = n.token,
          automatic_claim = n.automatic, method = n.method, added_at = n.added, verified_at = n.verified, last_check = n.checked::jsonb,
          next_check_at = n.next, gave_up_at = n.gave_up, proved_at = n.proved, missing_since = n.missing, warned_at = n.warned,
          unanswered_since = n.unanswered
        from {Unnest} where d.id = n.id and d.version = n.seen returning n.no
        """;

    public override void AddRows(NpgsqlParameterCollection to, IReadOnlyList<GrainChange<Domain>> changes) =>
        AddRows(to, [.. changes.Select(c => c.After)], [.. changes.Select(c => c.Before!.Version)]);

    public override void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<Domain>> changes)
    {
        var begun = changes.Where(c => c.Before is null).Select(c => c.After).ToArray();
        var changed = changes.Where(c => c.Before is not null).ToArray();
        if (begun.Length > 0)
            Add(batch, begun, new long[begun.Length], $"""
                insert into domains.domain (id, version, organization_id, name, state, token, automatic_claim, method, added_at,
                  verified_at, last_check, next_check_at, gave_up_at, proved_at, missing_since, warned_at, unanswered_since)
                select id, version, organization, name, state, token, automatic, method, added, verified, checked::jsonb, next, gave_up,
                  proved, missing, warned, unanswered from {Unnest}
                """);
        if (changed.Length > 0)
            Add(batch, [.. changed.Select(c => c.After)], [.. changed.Select(c => c.Before!.Version)],
                $"with saved as ({UpdateSql}) select kernel.expect(cardinality($1::uuid[]), count(*)) from saved");
    }

    const string Unnest = """
        unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::boolean[], $8::smallint[],
          $9::timestamptz[], $10::timestamptz[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
          $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::bigint[])
          with ordinality as n(id, version, organization, name, state, token, automatic, method, added, verified, checked, next, gave_up,
            proved, missing, warned, unanswered, seen, no)
        """;

    static void Add(NpgsqlBatch batch, Domain[] domains, long[] seen, string sql)
    {
        var write = new NpgsqlBatchCommand(sql);
        AddRows(write.Parameters, domains, seen);
        batch.BatchCommands.Add(write);
    }

    static void AddRows(NpgsqlParameterCollection to, Domain[] domains, long[] seen)
    {
        Column(d => d.Id.Value);
        Column(d => d.Version);
        Column(d => d.Organization.Value);
        Column(d => d.Name);
        Column(d => (short)d.State);
        Column(d => d.Token);
        Column(d => d.AutomaticClaim);
        Column(d => (short)d.Method);
        Times(d => d.AddedAt);
        Times(d => d.VerifiedAt);
        Column(d => d.LastCheck is null ? null : KernelJson.Write(d.LastCheck));
        Times(d => d.NextCheckAt);
        Times(d => d.GaveUpAt);
        Times(d => d.ProvedAt);
        Times(d => d.MissingSince);
        Times(d => d.WarnedAt);
        Times(d => d.UnansweredSince);
        to.Add(new NpgsqlParameter<long[]> { TypedValue = seen });

        void Column<T>(Func<Domain, T> value) => to.Add(new NpgsqlParameter<T[]> { TypedValue = Array.ConvertAll(domains, d => value(d)) });

        void Times(Func<Domain, DateTimeOffset?> value) => to.Add(new()
        {
            Value = Array.ConvertAll(domains, d => value(d)?.UtcDateTime),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
    }

    public override Refusal? RefusalFor(PostgresException violation) => violation.ConstraintName switch
    {
        "domain_owner" => new DomainOwnedElsewhere(),
        "domain_once" => new DomainAlreadyAdded(),
        _ => null,
    };

    public override Guid? OrganizationOf(Domain? before, Domain after, DomainFact fact) => after.Organization.Value;

    /// <summary>A look by schedule that found what the last one found (the token, no token, no clear answer: what the log says of it) is no
    /// news: a pending domain has a hundred of them. What any other look saw is told, also where it is the same as before.</summary>
    public override AuditEntry? EntryOf(GrainCommand<Domain, DomainFact> command, Domain? before, Domain after, DomainFact fact,
        DateTimeOffset now) => fact switch
        {
            DomainChecked f when command is RecordCheck { BySchedule: true } && before?.LastCheck is { } last
                && last.Proved == f.Evidence.Proved && last.SaysMissing == f.Evidence.SaysMissing => null,
            DomainChecked f => AuditEntry.Of(command.CommandId, now, OrganizationOf(before, after, fact), command.Origin, command.Target,
                fact, Shown(before), [.. Shown(after), new(DomainChecked.Seen, f.Evidence.Verdict)]),
            _ => base.EntryOf(command, before, after, fact, now),
        };

    public override IReadOnlyList<AuditedValue> Shown(Domain? d) => d is null ? [] :
    [
        new("name", d.Name), new("state", d.State.ToString()),
        new("automaticClaim", d.AutomaticClaim switch { null => null, true => "yes", false => "no" }),
        new("provedElsewhereOwned", d.ProvedAt?.ToString("O")),
        new("missingSince", d.MissingSince?.ToString("O")),
    ];

    static DateTimeOffset? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column));
}
