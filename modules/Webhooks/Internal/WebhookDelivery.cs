using System.Diagnostics;

namespace DirectoryPlatform.Webhooks.Internal;

/// <summary>
/// Sends what is sealed to each webhook, in the order of the chain, the next only when the one before was taken (a status of 200 to 299). A
/// receiver that is down is asked again, later and later, for ever: once it is back it gets everything. One node at a time serves a
/// webhook, by a lease on its row that ends by the database's clock, so that a node which is frozen keeps it from nobody; whoever has lost
/// it crosses nothing off. While a receiver is waited for no connection is held, and no transaction is open, because that would hold back
/// the sealing.
/// </summary>
sealed class WebhookDelivery(
    NpgsqlDataSource database, WebhookStore store, WebhookPost post, TimeProvider clock, WebhookSettings settings, Outage outage,
    ILogger<WebhookDelivery> log) : BackgroundService
{
    /// <summary>Webhooks served at once by a node: of one organization half of them at the most, so that its slow receivers leave room for
    /// those of others.</summary>
    const int AtOnce = 8;

    /// <summary>Deliveries to one webhook before the others have their turn.</summary>
    const int InARow = 50;

    /// <summary>The same for a receiver that is slow (own choice).</summary>
    static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    /// <summary>Pauses after the first, second, … failed try; the last for all further ones.</summary>
    static readonly TimeSpan[] Pauses = [.. ((double[])[2, 10, 30, 120, 600, 1800, 3600]).Select(TimeSpan.FromSeconds)];

    const string IsDue = "not paused and (next_at is null or next_at <= @now)";

    /// <summary>Nodes of the version before know no lease, and hold this lock while they serve a webhook.</summary>
    const string IsFree = "pg_try_advisory_xact_lock_shared(hashtextextended('webhook ' || id::text, 0))";

    readonly FairPlaces<Guid> _places = new(AtOnce);

    /// <summary>One for all turns, of which a webhook has one at a time here: what the database did not let it give back, it takes again.
    /// </summary>
    readonly Guid _holder = Guid.CreateVersion7();

    /// <summary>Webhooks that are served, or wait for a place.</summary>
    readonly Dictionary<Guid, Task> _turns = [];

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try { await Look(ct); }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { break; }
            catch (Exception broken)
            {
                if (!outage.Explains(broken)) log.WebhooksInterrupted(broken);
            }
            try { await Task.Delay(settings.Idle, ct); }
            catch (OperationCanceledException) { break; }
        }
        await Task.WhenAll(_turns.Values);
    }

    /// <summary>Nobody waits for the slowest: what became due meanwhile is seen at the next look.</summary>
    async Task Look(CancellationToken ct)
    {
        var due = await database.Rows<(Guid Id, Guid Organization)>($"""
            select w.id, w.organization_id from directory.webhook w
            where {IsDue} and (w.leased_until is null or w.leased_until <= clock_timestamp() or w.holder = @_holder)
              and exists (select from kernel.v_audit_seal s where s.organization_id = w.organization_id and (s.no > w.no
                or s.no = w.no and cardinality(s.ids) > w.position))
            """, new { _holder, now = clock.GetUtcNow().UtcDateTime }, ct);
        foreach (var (webhook, turn) in _turns)
            if (turn.IsCompleted) _turns.Remove(webhook);
        foreach (var (webhook, organization) in due)
            if (!_turns.ContainsKey(webhook)) _turns[webhook] = Turn(webhook, organization, ct);
    }

    async Task Turn(Guid webhook, Guid organization, CancellationToken ct)
    {
        try
        {
            using var place = await _places.Enter(organization, int.MaxValue, ct);
            await Serve(webhook, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        catch (Exception broken)
        {
            if (!outage.Explains(broken)) log.WebhooksInterrupted(broken);
        }
    }

    async Task Serve(Guid webhook, CancellationToken ct)
    {
        var (holder, began) = (_holder, Stopwatch.GetTimestamp());
        if (await database.Write($"""
            update directory.webhook set holder = @holder, leased_until = clock_timestamp() + @Lease
            where id = @webhook and (leased_until is null or leased_until <= clock_timestamp() or holder = @holder) and {IsDue} and {IsFree}
            """, new { webhook, holder, settings.Lease, now = clock.GetUtcNow().UtcDateTime }, ct) == 0) return;
        try
        {
            for (var i = 0; i < InARow && Stopwatch.GetElapsedTime(began) < LongestTurn && await DeliverNext(webhook, holder, ct); i++) { }
        }
        finally
        {
            // Also when the node ends: others need not wait for the lease.
            await database.Write("update directory.webhook set holder = null, leased_until = null where id = @webhook and holder = @holder",
                new { webhook, holder }, CancellationToken.None);
        }
    }

    /// <returns>True when something was delivered, and more may be waiting.</returns>
    async Task<bool> DeliverNext(Guid webhook, Guid holder, CancellationToken ct)
    {
        if (await Begin(webhook, holder, ct) is not { } begun) return false;
        var (hook, stretch, body) = begun;
        using var span = Spans.Work("deliver to webhook");
        var answer = await post.Send(hook, body, ct);
        Meters.Webhooks.Count("outcome", answer.Failure is null ? "taken" : "failed");
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(store.Tried(hook, stretch, body.Events, answer, byHand: false).Statement);
        batch.BatchCommands.Add(answer.Failure is null
            ? new("update directory.webhook set no = $5, position = $6, upto_no = null, upto_position = null, attempts = 0, next_at = "
            + "null, failure = null where id = $1 and holder = $2 and no = $3 and position = $4")
            {
                Parameters = { new() { Value = webhook }, new() { Value = holder }, new() { Value = hook.No },
                    new() { Value = hook.Position }, new() { Value = stretch.UptoNo }, new() { Value = stretch.UptoPosition } },
            }
            : new("update directory.webhook set attempts = attempts + 1, next_at = $5, failure = $6 "
            + "where id = $1 and holder = $2 and no = $3 and position = $4")
            {
                Parameters = { new() { Value = webhook }, new() { Value = holder }, new() { Value = hook.No },
                    new() { Value = hook.Position },
                    new() { Value = (clock.GetUtcNow() + Pauses[Math.Min(hook.Attempts, Pauses.Length - 1)]).UtcDateTime },
                    new() { Value = answer.Failure } },
            });
        await batch.ExecuteNonQueryAsync(ct);
        return answer.Failure is null;
    }

    /// <summary>Reads what comes next, and writes down where it ends before the first try: when that fails, or this node does, the next one
    /// sends the same under the same id. The lease begins anew, for as long as the receiver is waited for.</summary>
    /// <returns>Null where nothing is left, or somebody else has the webhook by now.</returns>
    async Task<(Hook Hook, SealedStretch Stretch, WebhookBody Body)?> Begin(Guid webhook, Guid holder, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await store.Find(connection, webhook) is not { } hook || await WebhookPost.Next(connection, hook) is not { } stretch)
            return null;
        var body = await WebhookPost.Read(connection, hook, stretch);
        return await connection.ExecuteAsync($"""
            update directory.webhook
            set upto_no = @UptoNo, upto_position = @UptoPosition, leased_until = clock_timestamp() + @Lease
            where id = @webhook and holder = @holder and no = @No and position = @Position and {IsDue} and {IsFree}
            """, new
        {
            webhook,
            holder,
            hook.No,
            hook.Position,
            stretch.UptoNo,
            stretch.UptoPosition,
            settings.Lease,
            now = clock.GetUtcNow().UtcDateTime,
        }) == 0 ? null : (hook, stretch, body);
    }
}

/// <summary>The log of deliveries reaches 30 days back (own choice).</summary>
sealed class ForgetOldTries(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Name => "forget old webhook deliveries";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public Task Run(CancellationToken ct) =>
        database.Write("delete from directory.webhook_try where at < @old",
            new { old = (clock.GetUtcNow() - Kept).UtcDateTime }, ct);
}

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Delivery to webhooks was interrupted and begins again")]
    public static partial void WebhooksInterrupted(this ILogger log, Exception broken);
}

/// <summary>Tests look more often, because they wait for it.</summary>
sealed record WebhookSettings
{
    /// <summary>How soon what was sealed, and a webhook whose pause is over, is seen (own choice).</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a webhook stands still after its node was killed or frozen (own choice): longer than a receiver may be waited for,
    /// which is a minute at the most (<c>Domains:Https:TotalTimeoutSeconds</c>).</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(70);
}

/// <summary>Where the log was sent, with the list of what arrived.</summary>
sealed class ForgetWebhooks : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("directory.webhook", organization)];
}
