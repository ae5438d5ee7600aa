namespace DirectoryPlatform.Kernel.Audit;

/// <summary>Writes audit entries as one statement of the caller's batch, however many there are.</summary>
public static class AuditLog
{
    const string Sql = """
        insert into kernel.audit_entry (id, at, organization_id, actor_id, subject_id, action, means, address, request_id, job_id, fact,
          before, after, personal)
        select id, at, org, actor, subject, action, means, address, request, job, fact::jsonb, before::jsonb, after::jsonb, personal::jsonb
        from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
          $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[])
          as e(id, at, org, actor, subject, action, means, address, request, job, fact, before, after, personal)
        """;

    public static NpgsqlBatchCommand Insert(IReadOnlyList<AuditEntry> entries) => new(Sql)
    {
        Parameters =
        {
            Column(entries, e => e.Id),
            new() { Value = entries.Select(e => e.At.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            Column(entries, e => e.Organization),
            Column(entries, e => e.Origin.Actor),
            Column(entries, e => e.Subject),
            Column(entries, e => e.Action),
            Column(entries, e => e.Origin.Means),
            Column(entries, e => e.Origin.Address),
            Column(entries, e => e.Origin.RequestId),
            Column(entries, e => e.Job),
            Column(entries, e => e.Fact),
            Column(entries, e => e.Before),
            Column(entries, e => e.After),
            Column(entries, e => e.Personal),
        },
    };

    /// <summary>Takes away what belongs to a person: the personal values of entries about them, and the addresses that their own deeds came
    /// from. The entries stay, and with the salts goes what could confirm a guess at them (SPEC A6, L2).</summary>
    public static IEnumerable<NpgsqlBatchCommand> Forget(Guid[] people) =>
    [
        new("update kernel.audit_entry set personal = null, salt = null where subject_id = any($1) and personal is not null") {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = people } } },
        new("update kernel.audit_entry set address = null, address_salt = null where actor_id = any($1) and address is not null") {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = people } } },
    ];

    static NpgsqlParameter<T[]> Column<T>(IReadOnlyList<AuditEntry> entries, Func<AuditEntry, T> value)
    {
        var values = new T[entries.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(entries[i]);
        return new() { TypedValue = values };
    }
}
