namespace DirectoryPlatform.Webhooks.Internal;

/// <summary>
/// Sends what is sealed to each webhook, in the order of the chain, the next only when the one before was taken (a status of 200 to 299). A
/// receiver that is down is asked again, later and later, for ever: once it is back it gets everything. One node at a time serves a
/// webhook, by a lock that dies with its connection; no transaction is open while a receiver is waited for,
/// because that would hold back the sealing.
/// </summary>
sealed class WebhookDelivery(
    NpgsqlDataSource database, WebhookStore store, WebhookPost post, TimeProvider clock, WebhookSettings settings,
    ILogger<WebhookDelivery> log) : BackgroundService
{
    /// <summary>Webhooks served at once by a node.</summary>
    const int AtOnce = 8;

    /// <summary>Deliveries to one webhook before the others are looked at again.</summary>
    const int InARow = 50;

    /// <summary>Pauses after the first, second, … failed try; the last for all further ones.</summary>
    static readonly TimeSpan[] Pauses = [.. ((double[])[2, 10, 30, 120, 600, 1800, 3600]).Select(TimeSpan.FromSeconds)];

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var due = await database.Rows<Guid>("""
                    select w.id from directory.webhook w where not w.paused and (w.next_at is null or w.next_at <= @now)
                      and exists (select from kernel.v_audit_seal s where s.organization_id = w.organization_id and (s.no > w.no
                        or s.no = w.no and cardinality(s.ids) > w.position))
                    """, new { now = clock.GetUtcNow().UtcDateTime }, ct);
                await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                    async (webhook, token) => await Serve(webhook, token));
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { return; }
            catch (Exception broken) { log.WebhooksInterrupted(broken); }
            try { await Task.Delay(settings.Idle, ct); }
            catch (OperationCanceledException) { return; }
        }
    }

    internal async Task Serve(Guid webhook, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtextextended('webhook ' || @webhook::text, 0))",
            new { webhook })) return;
        try
        {
            for (var i = 0; i < InARow && await DeliverNext(connection, webhook, ct); i++) { }
        }
        finally
        {
            // The pool keeps the session: do not leave the lock in it.
            if (connection.FullState == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended('webhook ' || @webhook::text, 0))",
                    new { webhook });
        }
    }

    /// <returns>True when something was delivered, and more may be waiting.</returns>
    async Task<bool> DeliverNext(NpgsqlConnection connection, Guid webhook, CancellationToken ct)
    {
        if (!await connection.ExecuteScalarAsync<bool>(
            "select exists (select from directory.webhook where id = @webhook and not paused and (next_at is null or next_at <= @now))",
            new { webhook, now = clock.GetUtcNow().UtcDateTime })) return false;
        if (await store.Find(connection, webhook) is not { } hook || await WebhookPost.Next(connection, hook) is not { } stretch)
            return false;
        // Before the first try: when it fails, or this node does, the next one sends the same under the same id.
        if (hook.UptoNo is null)
            await connection
                .ExecuteAsync("update directory.webhook set upto_no = @UptoNo, upto_position = @UptoPosition where id = @webhook",
                    new { webhook, stretch.UptoNo, stretch.UptoPosition });
        using var span = Spans.Work("deliver to webhook");
        var (answer, events) = await post.Send(connection, hook, stretch, ct);
        Meters.Webhooks.Count("outcome", answer.Failure is null ? "taken" : "failed");
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(store.Tried(hook, stretch, events, answer, byHand: false).Statement);
        batch.BatchCommands.Add(answer.Failure is null
            ? new("update directory.webhook set no = $2, position = $3, upto_no = null, upto_position = null, attempts = 0, next_at = "
            + "null, failure = null where id = $1")
            {
                Parameters = { new() { Value = webhook }, new() { Value = stretch.UptoNo }, new() { Value = stretch.UptoPosition } },
            }
            : new("update directory.webhook set attempts = attempts + 1, next_at = $2, failure = $3 where id = $1")
            {
                Parameters = { new() { Value = webhook },
                    new() { Value = (clock.GetUtcNow() + Pauses[Math.Min(hook.Attempts, Pauses.Length - 1)]).UtcDateTime },
                    new() { Value = answer.Failure } },
            });
        await batch.ExecuteNonQueryAsync(ct);
        return answer.Failure is null;
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
}

/// <summary>Where the log was sent, with the list of what arrived.</summary>
sealed class ForgetWebhooks : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("directory.webhook", organization)];
}
