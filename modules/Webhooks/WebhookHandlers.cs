using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Webhooks;

sealed class WebhookHandlers(NpgsqlDataSource database, WebhookStore store, WebhookPost post, IOutsideHttp http, TimeProvider clock) :
    IRequestHandler<CreateWebhook, Outcome<NewWebhook>>, IRequestHandler<ReadWebhooks, IReadOnlyList<WebhookView>>,
    IRequestHandler<ReadWebhook, Outcome<WebhookDetail>>,
    IRequestHandler<PauseWebhook, Outcome<Done>>, IRequestHandler<DeleteWebhook, Outcome<Done>>,
    IRequestHandler<SendAgain, Outcome<WebhookTry>>
{
    static readonly NotFound Unknown = new("webhook");

    public async Task<Outcome<NewWebhook>> Handle(CreateWebhook command, CancellationToken ct)
    {
        if (http.Understand(command.Url, out var whyNot) is not { } url) return new InvalidValue("url", whyNot!);
        var (id, now, secret) = (Guid.CreateVersion7(), clock.GetUtcNow(), store.NewSecret());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two at once are counted one after the other.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('webhooks ' || @id, 0))",
            new { id = command.Organization.Value.ToString() });
        if (await connection.ExecuteScalarAsync<long>("select count(*) from directory.webhook where organization_id = @id",
            new { id = command.Organization.Value }) >= CreateWebhook.Most) return new TooManyWebhooks();
        await connection.ExecuteAsync("""
            insert into directory.webhook (id, organization_id, url, secret, created_at, created_by, no, position)
            select @id, @organization, @url, @secret, @now, @by, coalesce(max(no), 0) + 1, 0 from kernel.v_audit_seal
              where organization_id = @organization
            """, new
        {
            id,
            organization = command.Organization.Value,
            url = url.ToString(),
            secret = secret.Sealed,
            now = now.UtcDateTime,
            by = command.By.Value
        });
        await Tell(connection, command.Organization, id, "WebhookCreated", command.Origin, url);
        await transaction.CommitAsync(ct);
        return new NewWebhook((await store.Views(command.Organization, id)).Single(), secret.Shown);
    }

    public Task<IReadOnlyList<WebhookView>> Handle(ReadWebhooks query, CancellationToken ct) => store.Views(query.Organization);

    public async Task<Outcome<WebhookDetail>> Handle(ReadWebhook query, CancellationToken ct) =>
        (await store.Views(query.Organization, query.Webhook.Value)) is [var view]
            ? new WebhookDetail(view, await store.Tries(query.Webhook.Value))
            : Unknown;

    public Task<Outcome<Done>> Handle(PauseWebhook command, CancellationToken ct) => Change(
        command.Organization, command.Webhook, command.Paused ? "WebhookPaused" : "WebhookResumed", command.Origin,
        "update directory.webhook set paused = @paused, next_at = null where id = @id and organization_id = @organization and paused <> "
            + "@paused returning url", command.Paused, ct);

    public Task<Outcome<Done>> Handle(DeleteWebhook command, CancellationToken ct) => Change(
        command.Organization, command.Webhook, "WebhookDeleted", command.Origin,
            "delete from directory.webhook where id = @id and organization_id = @organization returning url", false, ct);

    public async Task<Outcome<WebhookTry>> Handle(SendAgain command, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await store.Find(connection, command.Webhook.Value, command.Organization) is not { } hook) return Unknown;
        var stretch = await connection.QuerySingleOrDefaultAsync<(long No, int Position, long UptoNo, int UptoPosition)?>(
            "select no, position, upto_no, upto_position from directory.webhook_try where id = @id and webhook_id = @webhook",
                new { id = command.Try, webhook = hook.Id });
        if (stretch is not { } s) return new NotFound("delivery");
        var again = new SealedStretch(s.No, s.Position, s.UptoNo, s.UptoPosition);
        var (answer, events) = await post.Send(connection, hook, again, ct);
        await using var batch = new NpgsqlBatch(connection);
        var made = store.Tried(batch, hook, again, events, answer, byHand: true);
        batch.BatchCommands.Add(Entry(command.Organization, hook.Id, "WebhookSentAgain", command.Origin, hook.Url));
        await batch.ExecuteNonQueryAsync(ct);
        return made;
    }

    async Task<Outcome<Done>> Change(OrganizationId organization, WebhookId webhook, string action, Origin origin, string sql, bool paused,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var url = await connection.ExecuteScalarAsync<string?>(sql, new { id = webhook.Value, organization = organization.Value, paused });
        if (url is null) return (await store.Views(organization, webhook.Value)).Count == 0 ? Unknown : Done.It;
        await Tell(connection, organization, webhook.Value, action, origin, new Uri(url));
        await transaction.CommitAsync(ct);
        return Done.It;
    }

    async Task Tell(NpgsqlConnection connection, OrganizationId organization, Guid webhook, string action, Origin origin, Uri url)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Entry(organization, webhook, action, origin, url) } };
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Without the query of the address, which may hold a secret of the receiver.</summary>
    NpgsqlBatchCommand Entry(OrganizationId organization, Guid webhook, string action, Origin origin, Uri url) => AuditLog.Insert(
        [new(Guid.CreateVersion7(), clock.GetUtcNow(), organization.Value, origin, webhook, action, null, null, null,
            KernelJson.Write(new { url = url.GetLeftPart(UriPartial.Path) }), null)]);
}
