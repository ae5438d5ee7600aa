using System.Data.Common;
using DirectoryPlatform.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryPlatform.Domains.Internal.Storage;

/// <summary>The domain grain's row.</summary>
sealed class DomainStore : GrainStore<Domain, DomainFact>
{
    public const string Columns = """
        id, version, organization_id, name, state, token, automatic_claim, method, added_at, verified_at, last_check::text,
        next_check_at, gave_up_at, proved_at, missing_since, warned_at, unanswered_since
        """;

    public override string LoadSql => $"select {Columns} from domains.domain where id = any($1) order by id for update";

    public override Domain Read(DbDataReader row) => ReadRow(row);

    public static Domain ReadRow(DbDataReader row) => new(
        new(row.GetGuid(0)), row.GetInt64(1), new(row.GetGuid(2)), row.GetString(3), (DomainState)row.GetInt16(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetBoolean(6), (ProofMethod)row.GetInt16(7),
        new(row.GetDateTime(8)), Time(row, 9), row.IsDBNull(10) ? null : KernelJson.Read<Evidence>(row.GetString(10)), Time(row, 11),
        Time(row, 12), Time(row, 13), Time(row, 14), Time(row, 15), Time(row, 16));

    public override Guid IdOf(Domain state) => state.Id.Value;

    public override Domain After(Domain? before, DomainFact fact) => Domain.After(before, fact);

    public override void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<Domain>> changes)
    {
        foreach (var (before, after) in changes)
        {
            var write = new NpgsqlBatchCommand(before is null
                ? """
                  insert into domains.domain (id, version, organization_id, name, state, token, automatic_claim, method, added_at,
                    verified_at, last_check, next_check_at, gave_up_at, proved_at, missing_since, warned_at,
                    unanswered_since)
                  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                  """
                : """
                  with saved as (
                    update domains.domain set version = $2, organization_id = $3, name = $4, state = $5, token = $6, automatic_claim = $7,
                      method = $8, added_at = $9,
                      verified_at = $10, last_check = $11, next_check_at = $12, gave_up_at = $13, proved_at = $14, missing_since = $15,
                        warned_at = $16, unanswered_since = $17
                    where id = $1 and version = $18 returning 1)
                  select kernel.expect(1, count(*)) from saved
                  """)
            {
                Parameters =
                {
                    new() { Value = after.Id.Value }, new() { Value = after.Version }, new() { Value = after.Organization.Value },
                    new() { Value = after.Name }, new() { Value = (short)after.State },
                    new() { Value = after.Token },
                    new() { Value = (object?)after.AutomaticClaim ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean },
                    new() { Value = (short)after.Method }, Time(after.AddedAt), Time(after.VerifiedAt),
                    new() { Value = after.LastCheck is null ? DBNull.Value : KernelJson.Write(after.LastCheck),
                        NpgsqlDbType = NpgsqlDbType.Jsonb },
                    Time(after.NextCheckAt), Time(after.GaveUpAt), Time(after.ProvedAt), Time(after.MissingSince), Time(after.WarnedAt),
                    Time(after.UnansweredSince),
                },
            };
            if (before is not null) write.Parameters.Add(new() { Value = before.Version });
            batch.BatchCommands.Add(write);
        }
    }

    public override Refusal? RefusalFor(PostgresException violation) => violation.ConstraintName switch
    {
        "domain_owner" => new DomainOwnedElsewhere(),
        "domain_once" => new DomainAlreadyAdded(),
        _ => null,
    };

    public override Guid? OrganizationOf(Domain? before, Domain after, DomainFact fact) => after.Organization.Value;

    public override IReadOnlyList<AuditedValue> Shown(Domain? d) => d is null ? [] :
    [
        new("name", d.Name), new("state", d.State.ToString()),
        new("automaticClaim", d.AutomaticClaim switch { null => null, true => "yes", false => "no" }),
        new("provedElsewhereOwned", d.ProvedAt?.ToString("O")),
        new("missingSince", d.MissingSince?.ToString("O")),
    ];

    static NpgsqlParameter Time(DateTimeOffset? time) =>
        new() { Value = time is { } t ? t.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
    static DateTimeOffset? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column));
}
