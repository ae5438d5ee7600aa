namespace DirectoryPlatform.Webhooks.Internal;

sealed class WebhookHandlers(NpgsqlDataSource database, UnitOfWork work, WebhookStore store, WebhookPost post, IOutsideHttp http) :
    IRequestHandler<CreateWebhook, Outcome<NewWebhook>>, IRequestHandler<ReadWebhooks, IReadOnlyList<WebhookView>>,
    IRequestHandler<ReadWebhook, Outcome<WebhookDetail>>,
    IRequestHandler<PauseWebhook, Outcome<Done>>, IRequestHandler<DeleteWebhook, Outcome<Done>>,
    IRequestHandler<SendAgain, Outcome<WebhookTry>>
{
    static readonly NotFound Unknown = new("webhook");

    public async Task<Outcome<NewWebhook>> Handle(CreateWebhook command, CancellationToken ct)
    {
        if (http.Understand(command.Url, out var whyNot) is not { } url) return new InvalidValue("url", whyNot!);
        var (id, secret) = (Guid.CreateVersion7(), store.NewSecret());
        var created = await work.Run<Done>(command.Origin, async change =>
        {
            var values = new
            {
                id,
                organization = command.Organization.Value,
                url = url.ToString(),
                secret = secret.Sealed,
                now = change.Now.UtcDateTime,
                by = command.By.Value,
            };
            // Two at once are counted one after the other.
            await change.Lock($"webhooks {command.Organization}");
            if (await change.Value<long>("select count(*) from directory.webhook where organization_id = @organization", values)
                >= CreateWebhook.Most) return new TooManyWebhooks();
            await change.Write("""
                insert into directory.webhook (id, organization_id, url, secret, created_at, created_by, no, position)
                select @id, @organization, @url, @secret, @now, @by, coalesce(max(no), 0) + 1, 0 from kernel.v_audit_seal
                  where organization_id = @organization
                """, values);
            WriteAudit(change, command.Organization, id, WebhookActions.WebhookCreated, url);
            return Done.It;
        }, ct);
        return created.Granted
            ? new NewWebhook((await store.Views(command.Organization, id)).Single(), secret.Shown)
            : created.Refusal;
    }

    public Task<IReadOnlyList<WebhookView>> Handle(ReadWebhooks query, CancellationToken ct) => store.Views(query.Organization);

    public async Task<Outcome<WebhookDetail>> Handle(ReadWebhook query, CancellationToken ct) =>
        (await store.Views(query.Organization, query.Webhook.Value)) is [var view]
            ? new WebhookDetail(view, await store.Tries(query.Webhook.Value))
            : Unknown;

    public Task<Outcome<Done>> Handle(PauseWebhook command, CancellationToken ct) => Change(
        command.Organization, command.Webhook, command.Paused ? WebhookActions.WebhookPaused : WebhookActions.WebhookResumed,
        command.Origin,
        "update directory.webhook set paused = @paused, next_at = null where id = @id and organization_id = @organization and paused <> "
            + "@paused returning url", command.Paused, ct);

    public Task<Outcome<Done>> Handle(DeleteWebhook command, CancellationToken ct) => Change(
        command.Organization, command.Webhook, WebhookActions.WebhookDeleted, command.Origin,
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
        var body = await WebhookPost.Read(connection, hook, again);
        await connection.CloseAsync();
        var answer = await post.Send(hook, body, ct);
        return await work.Run<WebhookTry>(command.Origin, change =>
        {
            var (made, statement) = store.Tried(hook, again, body.Events, answer, byHand: true);
            change.Queue(statement);
            WriteAudit(change, command.Organization, hook.Id, WebhookActions.WebhookSentAgain, hook.Url);
            return Task.FromResult<Outcome<WebhookTry>>(made);
        }, ct);
    }

    async Task<Outcome<Done>> Change(OrganizationId organization, WebhookId webhook, string action, Origin origin, string sql, bool paused,
        CancellationToken ct)
    {
        if ((await store.Views(organization, webhook.Value)).Count == 0) return Unknown;
        return await work.Run<Done>(origin, async change =>
        {
            var url = await change.Value<string?>(sql, new { id = webhook.Value, organization = organization.Value, paused });
            if (url is null) return change.Unchanged();
            WriteAudit(change, organization, webhook.Value, action, new Uri(url));
            return Done.It;
        }, ct);
    }

    /// <summary>Without the query of the address, which may hold a secret of the receiver.</summary>
    static void WriteAudit(Change change, OrganizationId organization, Guid webhook, string action, Uri url) =>
        change.WriteAudit(organization, webhook, action, after: new { url = url.GetLeftPart(UriPartial.Path) });
}
