using Row = (System.Guid Id, string Label, System.DateTime CreatedAt, System.DateTime ExpiresAt, System.DateTime? LastUsedAt);

namespace DirectoryPlatform.Security.Internal.Tokens;

sealed class ApiTokenHandlers(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, PasswordStore passwords,
    PolicyResolver policy, ProductUrl address, TimeProvider clock)
    : IRequestHandler<CreateApiToken, Outcome<NewApiToken>>, IRequestHandler<ReadApiTokens, Outcome<ApiTokensView>>,
    IRequestHandler<RevokeApiToken, Outcome<ApiTokenView>>
{
    const string Shown = "id, label, created_at, expires_at, last_used_at";

    /// <summary>How long an expired one is still shown (own choice).</summary>
    public static readonly TimeSpan ShownExpired = TimeSpan.FromDays(30);

    public async Task<Outcome<NewApiToken>> Handle(CreateApiToken command, CancellationToken ct)
    {
        var label = PlainText.Normalise(command.Label);
        if (label.Length == 0 || PlainText.Length(label) > CreateApiToken.MaxLabel)
            return new InvalidValue("label", $"Enter a label of at most {CreateApiToken.MaxLabel} characters.");
        if (!PlainText.IsReadable(label))
            return new InvalidValue("label", "A label cannot hold control characters or marks that turn the text around.");
        if (command.Days is not (>= CreateApiToken.LeastDays and <= CreateApiToken.MostDays) || command.Days is not { } days)
            return new InvalidValue("days", $"Enter a number of days from {CreateApiToken.LeastDays} to {CreateApiToken.MostDays}.");
        if (!(await policy.Account(command.Account, ct)).ApiTokens) return new ApiTokensBlocked();
        var password = await passwords.Of(command.Account, ct);
        var account = await mediator.Visible(command.Account, null, ct);
        if (!account.Granted) return account.Refusal;
        return await work.Run<NewApiToken>(command.Origin, async change =>
        {
            var (id, secret, expires) = (Guid.CreateVersion7(change.Now), TokenText.New(TokenText.Api), change.Now.AddDays(days));
            var values = new
            {
                id,
                account = command.Account.Value,
                hash = TokenText.HashOf(secret),
                label,
                now = change.Now.UtcDateTime,
                expires = expires.UtcDateTime,
            };
            // One at a time for each account: no two requests pass the limit together.
            await change.Lock($"api tokens:{command.Account}");
            // A reset waits for this token, and takes it along; or this waits for the reset, and makes none (SPEC A14).
            var stamp = await change.Value<Guid?>("select stamp from security.password where account_id = @account for share", values);
            if (stamp != password?.Stamp) return new ChangedMeanwhile();
            var live = await change.Value<long>(
                "select count(*) from security.api_token where account_id = @account and revoked_at is null and expires_at > @now", values);
            if (live >= CreateApiToken.MostTokens) return new TooManyApiTokens(CreateApiToken.MostTokens);
            await change.Write("insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at) "
                + "values (@id, @account, @hash, @label, @now, @expires)", values);
            change.WriteAudit(account.Value.ManagedBy, command.Account.Value, SecurityActions.ApiTokenCreated, personal: new { label });
            QueueMail(change, account.Value, new ApiTokenCreatedLetter(account.Value.Name, label, expires.InLetters(), Page),
                account.Value.ManagedBy);
            return new NewApiToken(secret, new ApiTokenView(id, label, change.Now, expires, null, false));
        }, ct);
    }

    public async Task<Outcome<ApiTokensView>> Handle(ReadApiTokens query, CancellationToken ct)
    {
        var account = await mediator.Visible(query.Account, query.By, ct);
        if (!account.Granted) return account.Refusal;
        var now = clock.GetUtcNow();
        var rows = await database.Rows<Row>(ShownSql,
            new { id = query.Account.Value, shownSince = (now - ShownExpired).UtcDateTime }, ct);
        return new ApiTokensView([.. rows.Select(r => View(r, now))],
            (await policy.Account(query.Account, ct)).ApiTokens ? null : new ApiTokensBlocked());
    }

    /// <summary>Rows for <see cref="View"/>.</summary>
    public const string ShownSql =
        $"select {Shown} from security.api_token where account_id = @id and revoked_at is null and expires_at > @shownSince "
        + "order by created_at desc, id desc";

    public async Task<Outcome<ApiTokenView>> Handle(RevokeApiToken command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        return await work.Run<ApiTokenView>(command.Origin, async change =>
        {
            if (await change.Rows<Row>(
                "update security.api_token set revoked_at = @now where id = @token and account_id = @account and revoked_at is null "
                + $"returning {Shown}",
                new { token = command.Token, account = command.Account.Value, now = change.Now.UtcDateTime }) is not [var row])
                return new NoSuchApiToken();
            var token = View(row, change.Now);
            change.WriteAudit(account.Value.ManagedBy, command.Account.Value, SecurityActions.ApiTokenRevoked,
                personal: new { label = token.Label });
            if (command.By is { } organization)
                QueueMail(change, account.Value, new ApiTokenRevokedLetter(account.Value.Name, token.Label, Page), organization);
            return token;
        }, ct);
    }

    static void QueueMail(Change change, AccountView to, Letter letter, OrganizationId? organization)
    {
        if (to.Email.Length > 0) change.QueueMail(new(to.Email, letter, organization?.Value));
    }

    public static ApiTokenView View(Row t, DateTimeOffset now) =>
        new(t.Id, t.Label, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.ExpiresAt <= now.UtcDateTime);

    string Page => address.Link("/account/api-tokens");
}
