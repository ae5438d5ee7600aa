using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>
/// Delivers facts after their commit, at least once, in order per id: in streams, which the nodes share out by leases
/// (<see cref="DeliveryStreams"/>). A node that is killed or frozen loses its streams to another within a lease.
/// A listener that throws holds back the later facts of the same ids only.
/// </summary>
sealed class OutboxDelivery(
    NpgsqlDataSource database, IServiceScopeFactory scopes, FactTypes types, [FromKeyedServices(OutboxDelivery.WakeKey)] Wake wake,
    TimeProvider clock, BackgroundSettings settings, Outage outage, ILogger<OutboxDelivery> log) : BackgroundService
{
    public const string WakeKey = "outbox";

    /// <summary>Nodes of the version before deliver alone, under this lock. All of this version share it while they run, so that in an
    /// upgrade one by one those before end with the delivery before these begin. Can go with the next version.</summary>
    internal const long LockKey = 0x4F5554424F58; // "OUTBOX"

    /// <summary>What comes within so short a time is read together; the first fact after a pause is delivered at once (own choice).
    /// </summary>
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                if (await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock_shared(@LockKey)", new { LockKey }))
                    try
                    {
                        // Only leases are written here: they mean nothing after a crash of the database.
                        await connection.ExecuteAsync("set synchronous_commit = off");
                        await Deliver(connection, ct);
                    }
                    finally
                    {
                        // The pool keeps the session: leave neither in it.
                        if (connection.FullState == System.Data.ConnectionState.Open)
                            await connection.ExecuteAsync("reset synchronous_commit; select pg_advisory_unlock_shared(@LockKey)",
                                new { LockKey });
                    }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception broken)
            {
                if (!outage.Explains(broken)) log.OutboxInterrupted(broken);
            }
            try { await Task.Delay(settings.OutboxIdle, ct); }
            catch (OperationCanceledException) { return; }
        }
    }

    async Task Deliver(NpgsqlConnection connection, CancellationToken ct)
    {
        var node = Guid.CreateVersion7();
        var (streams, reader) = (new DeliveryStreams(connection, node, settings.DeliveryLease), new OutboxReader(connection, types));
        var (working, busy) = (new Task[DeliveryStreams.Count], new bool[DeliveryStreams.Count]);
        Array.Fill(working, Task.CompletedTask);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            for (var worked = Stopwatch.GetTimestamp(); ;)
            {
                var look = Stopwatch.GetTimestamp();
                await streams.Keep();
                await streams.GiveBack([.. streams.Surplus.Where(no => !Volatile.Read(ref busy[no]))]);
                await streams.Take(Now, settings.OutboxIdle);
                var free = streams.Held.Where(lease => lease.IsMine && !Volatile.Read(ref busy[lease.No])).ToDictionary(lease => lease.No);
                foreach (var no in streams.Surplus) free.Remove(no);
                foreach (var batch in await reader.Read(free.Keys, Now))
                {
                    busy[batch.No] = true;
                    working[batch.No] = Work(free[batch.No], node, batch, busy, ending.Token);
                }
                var isBusy = busy.Contains(true);
                if (isBusy) worked = look;
                else if (streams.Held.Count > 0 && Stopwatch.GetElapsedTime(worked) > settings.DeliveryLease) await streams.Rest();
                await wake.Wait(streams.RenewEvery < settings.OutboxIdle ? streams.RenewEvery : settings.OutboxIdle, ct);
                if (isBusy && Gather - Stopwatch.GetElapsedTime(look) is { Ticks: > 0 } rest) await Task.Delay(rest, ct);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(working);
            if (connection.FullState == System.Data.ConnectionState.Open) await streams.Rest();
        }
    }

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    async Task Work(StreamLease lease, Guid node, StreamBatch batch, bool[] busy, CancellationToken ct)
    {
        // Not on the loop's own time, which renews the leases.
        await Task.Yield();
        try { await new StreamDelivery(database, scopes, types, clock, log).Run(lease, node, batch.Facts, ct); }
        catch (Exception broken)
        {
            if (!outage.Explains(broken)) log.OutboxInterrupted(broken);
            await Task.Delay(settings.OutboxIdle, CancellationToken.None);
        }
        Volatile.Write(ref busy[batch.No], false);
        wake.Now();
    }

    /// <summary>What is due, one stream after the other, by whoever holds the lock alone.</summary>
    internal async Task<int> DeliverSome(NpgsqlConnection connection, CancellationToken ct)
    {
        var all = Enumerable.Range(0, DeliveryStreams.Count).ToList();
        var batches = await new OutboxReader(connection, types).Read(all, Now);
        if (batches.Count == 0) return 0;
        var node = Guid.CreateVersion7();
        var streams = new DeliveryStreams(connection, node, settings.DeliveryLease);
        await streams.TakeAll();
        var leases = streams.Held.ToDictionary(lease => lease.No);
        foreach (var batch in batches)
            await new StreamDelivery(database, scopes, types, clock, log).Run(leases[batch.No], node, batch.Facts, ct);
        await streams.Rest();
        return batches.Sum(batch => batch.Facts.Count);
    }
}
