using Dapper;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>
/// Delivers facts after their commit, at least once, in order per id. One node at a time does it, whoever holds the advisory lock; the lock
/// dies with its connection, so another node goes on when this one is killed.
/// A listener that throws holds back the later facts of the same id only.
/// </summary>
sealed class OutboxDelivery(
    NpgsqlDataSource database, IServiceScopeFactory scopes, FactTypes types, [FromKeyedServices(OutboxDelivery.WakeKey)] Wake wake,
    TimeProvider clock, BackgroundSettings settings, ILogger<OutboxDelivery> log) : BackgroundService
{
    public const string WakeKey = "outbox";
    internal const long LockKey = 0x4F5554424F58; // "OUTBOX"
    const int Take = 500;

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                if (await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@LockKey)", new { LockKey }))
                    try
                    {
                        while (true)
                        {
                            while (await DeliverSome(connection, ct) == Take) { }
                            await wake.Wait(settings.OutboxIdle, ct);
                        }
                    }
                    finally
                    {
                        // The pool keeps the session: do not leave the lock in it.
                        if (connection.FullState == System.Data.ConnectionState.Open)
                            await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
                    }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception broken) { log.OutboxInterrupted(broken); }
            try { await Task.Delay(settings.OutboxIdle, ct); }
            catch (OperationCanceledException) { return; }
        }
    }

    internal async Task<int> DeliverSome(NpgsqlConnection connection, CancellationToken ct)
    {
        var waiting = (await connection.QueryAsync<(long Seq, Guid Stream, string Type, string Payload, int Attempts)>("""
            select seq, stream, type, payload::text, attempts from kernel.outbox f
            where (next_at is null or next_at <= @now)
              and not exists (select from kernel.outbox e where e.stream = f.stream and e.seq < f.seq and e.next_at > @now)
            order by seq limit @Take
            """, new { now = clock.GetUtcNow().UtcDateTime, Take })).AsList();
        if (waiting.Count == 0) return 0;
        var done = new List<long>(waiting.Count);
        var heldBack = new HashSet<Guid>();
        foreach (var (seq, stream, type, payload, attempts) in waiting)
        {
            if (heldBack.Contains(stream)) continue;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<IMediator>().Publish(types.Read(type, payload), ct);
                done.Add(seq);
            }
            // Cross off what was delivered; only the fact at hand may be heard twice.
            catch (Exception) when (ct.IsCancellationRequested) { break; }
            catch (Exception failed)
            {
                heldBack.Add(stream);
                log.FactNotDelivered(failed, type, seq, attempts + 1);
                await connection
                    .ExecuteAsync("update kernel.outbox set attempts = attempts + 1, next_at = @next, failure = @failure where seq = @seq",
                    new
                    {
                        seq,
                        failure = failed.Message,
                        next = (clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(300, 1 << Math.Min(attempts, 8)))).UtcDateTime
                    });
            }
        }
        await connection.ExecuteAsync("delete from kernel.outbox where seq = any(@done)", new { done = done.ToArray() });
        return waiting.Count;
    }
}
