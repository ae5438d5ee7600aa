using System.Runtime.CompilerServices;

namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>Reads the sealed part of the log, whole seals in the order of their chains:
/// for checking it and for writing it into a file.</summary>
public sealed class SealedLog(NpgsqlDataSource database)
{
    // A salt of nothing, which every entry has from its beginning, says nothing and is left out.
    const string Columns = """
        e.id, (extract(epoch from e.at) * 1000000)::bigint, e.organization_id, e.actor_id, e.subject_id, e.action, e.means, e.request_id,
          e.job_id, e.fact::text, e.before::text, e.after::text,
        e.personal::text, case when coalesce(e.personal::text, s.personal::text) is not null then e.salt end, e.address, case when
          coalesce(e.address, s.address::text) is not null then e.address_salt end
        """;

    /// <param name="chain">Of one organization only; null for all.</param>
    public async IAsyncEnumerable<AuditSeal> Seals(Guid? chain, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        // One state of the log for all of it: an erasure in between is seen whole or not at all.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var numbers = new List<(Guid Chain, long No)>();
        await using (
            var list = new NpgsqlCommand(
                "select organization_id, no from kernel.audit_seal where $1 is null or organization_id = $1 order by organization_id, no",
                connection)
            { CommandTimeout = 0 })
        {
            list.Parameters.Add(new() { Value = (object?)chain ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
            await using var rows = await list.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct)) numbers.Add((rows.GetGuid(0), rows.GetInt64(1)));
        }
        foreach (var (of, no) in numbers) yield return await Read(connection, of, no, ct);
    }

    /// <summary>Entries that stand where everything is sealed and are in no seal: somebody wrote them in afterwards.</summary>
    public async Task<IReadOnlyList<Guid>> WrittenInAfterwards(int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Nothing tells the planner how many ids a seal has, and in a copy that was just written back not even how many seals there are:
        // it compared each entry with each id, 100,900 entries in over 200 s. By hash it is half a second.
        await using (var byHash = new NpgsqlCommand("set local enable_nestloop = off", connection, transaction))
            await byHash.ExecuteNonQueryAsync(ct);
        await using var query = new NpgsqlCommand("""
            select e.id from kernel.audit_entry e cross join kernel.audit_sealed f left join (select unnest(ids) as id
              from kernel.audit_seal) s on s.id = e.id
            where (e.xid, e.id) <= (f.xid, f.id) and s.id is null order by e.id limit $1
            """, connection, transaction);
        query.CommandTimeout = 0;
        query.Parameters.Add(new() { Value = limit });
        var ids = new List<Guid>();
        await using var rows = await query.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) ids.Add(rows.GetGuid(0));
        return ids;
    }

    /// <summary>After the database was written back: sealing would notice by itself only while fewer transactions have been counted here
    /// than there, and what is written until then would stand where all is sealed.</summary>
    public async Task CountAnew(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await CountAnew(connection);
        await transaction.CommitAsync(ct);
    }

    /// <summary>This database was written back on another server, where transactions are counted anew: what is sealed goes before
    /// everything, what is not comes after.</summary>
    internal static Task CountAnew(NpgsqlConnection connection) => connection.ExecuteAsync("""
        update kernel.audit_entry e set xid = case when exists (select from (select unnest(ids) as id from kernel.audit_seal) s
          where s.id = e.id) then '0'::xid8 else pg_current_xact_id() end;
        update kernel.audit_sealed set xid = '0', id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
        """, commandTimeout: 0);

    static async Task<AuditSeal> Read(NpgsqlConnection connection, Guid chain, long no, CancellationToken ct)
    {
        byte[] previous, hash;
        await using (var seal = new NpgsqlCommand("select previous, hash from kernel.audit_seal where organization_id = $1 and no = $2",
            connection)
        { Parameters = { new() { Value = chain }, new() { Value = no } } })
        {
            await using var row = await seal.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            (previous, hash) = (row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1));
        }
        var entries = new List<SealedEntry>();
        await using var command = new NpgsqlCommand($"""
            select s.id, s.digest, s.personal, s.address, {Columns} from (
              select x.* from kernel.audit_seal, unnest(ids, digests, personal_digests, address_digests) with ordinality as x(id, digest,
                personal, address, n) where organization_id = $1 and no = $2) s
              left join kernel.audit_entry e on e.id = s.id order by s.n
            """, connection) { CommandTimeout = 0, Parameters = { new() { Value = chain }, new() { Value = no } } };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            entries.Add(new(
                // A digest that somebody took out of its place is one of nothing, and found.
                rows.IsDBNull(0) ? Guid.Empty : rows.GetGuid(0), Bytes(rows, 1) ?? [], Bytes(rows, 2), Bytes(rows, 3),
                rows.IsDBNull(4)
                    ? null
                    : new(rows.GetGuid(4), rows.GetInt64(5), Id(rows, 6), Id(rows, 7), rows.GetGuid(8), rows.GetString(9),
                        rows.GetString(10), Text(rows, 11), Id(rows, 12), Text(rows, 13), Text(rows, 14),
                    Text(rows, 15), Text(rows, 16), Id(rows, 17), Text(rows, 18), Id(rows, 19))));
        return new(chain, no, previous, hash, entries);
    }

    static byte[]? Bytes(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetFieldValue<byte[]>(column);
    static Guid? Id(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetGuid(column);
    static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
