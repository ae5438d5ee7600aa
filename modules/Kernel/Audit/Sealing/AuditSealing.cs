using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>
/// Chains audit entries in the background (SPEC L2): all that are complete, a batch at a time, each organization's into its own chain. One
/// node at a time does it, whoever gets the lock of the moment. It yields to everything else: after a batch it rests nineteen times as
/// long as the batch took, so that a claim of a million keeps its pace and is sealed some minutes later.
/// </summary>
sealed class AuditSealing(
    NpgsqlDataSource database, TimeProvider clock, BackgroundSettings settings, Outage outage, ILogger<AuditSealing> log)
    : BackgroundService
{
    const long LockKey = 0x5345414C; // "SEAL"
    const int AtOnce = 5_000, RestsPerWork = 19;

    // The function's salted digests go in hex into the entry's own, so that they stay checkable when the values are gone.
    const string Seal = """
        with so_far as (select xid, id from kernel.audit_sealed),
        entry as (
          select e.xid, coalesce(e.organization_id, '00000000-0000-0000-0000-000000000000') as chain, e.id, e,
            case when e.personal is not null then sha256(uuid_send(e.salt) || convert_to(e.personal::text, 'UTF8')) end as personal,
            case when e.address is not null then sha256(uuid_send(e.address_salt) || convert_to(e.address, 'UTF8')) end as address
          from kernel.audit_entry e where (e.xid, e.id) > ((select xid from so_far), (select id from so_far))
            and e.xid < pg_snapshot_xmin(pg_current_snapshot())
          order by e.xid, e.id limit @AtOnce
        ), chained as (
          select chain, array_agg(id order by xid, id) as ids, array_agg(kernel.audit_digest(e, personal, address)
            order by xid, id) as digests,
            array_agg(personal order by xid, id) as personals, array_agg(address order by xid, id) as addresses
          from entry group by chain
        ), sealed as (
          insert into kernel.audit_seal (organization_id, no, sealed_at, ids, digests, personal_digests, address_digests, previous, hash)
          select chain, next.no, @now, ids, digests, personals, addresses, next.previous, sha256(next.previous || int8send(next.no) ||
            (select string_agg(d, ''::bytea order by n) from unnest(digests) with ordinality as x(d, n)))
          from chained cross join lateral (
            select coalesce(max(s.no), 0) + 1 as no, coalesce((array_agg(s.hash))[1], decode(repeat('00', 32), 'hex')) as previous
            from (select no, hash from kernel.audit_seal where organization_id = chain order by no desc limit 1) s) next
        )
        update kernel.audit_sealed set (xid, id) = (select xid, id from entry order by xid desc, id desc limit 1) where exists (select
          from entry)
        """;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var rest = settings.SealingIdle;
            try
            {
                var began = Stopwatch.GetTimestamp();
                if (await SealSome(ct)) rest = Stopwatch.GetElapsedTime(began) * RestsPerWork;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception broken)
            {
                if (!outage.Explains(broken)) log.SealingInterrupted(broken);
            }
            try { await Task.Delay(rest, ct); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <returns>True when there was something to seal.</returns>
    public async Task<bool> SealSome(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_xact_lock(@LockKey)", new { LockKey })) return false;
        if (await connection.ExecuteScalarAsync<bool>("select xid >= pg_snapshot_xmax(pg_current_snapshot()) from kernel.audit_sealed"))
            await SealedLog.CountAnew(connection);
        var sealedSome = await connection.ExecuteAsync(Seal, new { AtOnce, now = clock.GetUtcNow().UtcDateTime }) > 0;
        await transaction.CommitAsync(ct);
        return sealedSome;
    }
}
