using Row = (System.Guid Id, string Label, System.DateTime CreatedAt, System.DateTime ExpiresAt, System.DateTime? LastUsedAt);

namespace DirectoryPlatform.Security.Internal.Tokens;

sealed class ApiTokenHandlers(NpgsqlDataSource database, IGrains<HeldCredentials, CredentialsFact> grains, IMediator mediator,
    PasswordStore passwords, PolicyResolver policy, MailQueue mails, TimeProvider clock)
    : IRequestHandler<CreateApiToken, Outcome<NewApiToken>>, IRequestHandler<ReadApiTokens, Outcome<ApiTokensView>>,
    IRequestHandler<RevokeApiToken, Outcome<ApiTokenView>>
{
    const string Shown = "id, label, created_at, expires_at, last_used_at";

    public async Task<Outcome<NewApiToken>> Handle(CreateApiToken command, CancellationToken ct)
    {
        var label = PlainText.Normalise(command.Label);
        if (label.Length == 0 || PlainText.Length(label) > CreateApiToken.MaxLabel)
            return new InvalidValue("label", $"Enter a label of at most {CreateApiToken.MaxLabel} characters.");
        if (!PlainText.IsReadable(label))
            return new InvalidValue("label", "A label cannot contain control characters or marks that change the text direction.");
        if (command.Days is not (>= CreateApiToken.LeastDays and <= CreateApiToken.MostDays) || command.Days is not { } days)
            return new InvalidValue("days", $"Enter a number of days from {CreateApiToken.LeastDays} to {CreateApiToken.MostDays}.");
        if (!(await policy.Account(command.Account, ct)).ApiTokens) return new ApiTokensBlocked();
        var password = await passwords.Of(command.Account, ct);
        var account = await mediator.Visible(command.Account, null, ct);
        if (!account.Granted) return account.Refusal;
        var secret = TokenText.New(TokenText.Api);
        // A reset that was faster, or is, takes the token along or leaves none to be made: it gives the password another stamp (SPEC A14).
        var made = await grains.Turn(new MakeToken(account.Value, label, days, password?.Stamp, TokenText.HashOf(secret), command.Origin)
        {
            CommandId = Guid.CreateVersion7(clock.GetUtcNow()),
        }, ct);
        if (!made.Granted) return made.Refusal;
        mails.WakeSender();
        return new NewApiToken(secret, View(((TokenMade)made.Value).Token, clock.GetUtcNow()));
    }

    public async Task<Outcome<ApiTokensView>> Handle(ReadApiTokens query, CancellationToken ct)
    {
        var account = await mediator.Visible(query.Account, query.By, ct);
        if (!account.Granted) return account.Refusal;
        var now = clock.GetUtcNow();
        var rows = await database.Rows<Row>(ShownSql,
            new { id = query.Account.Value, shownSince = (now - ReadApiTokens.ShownExpired).UtcDateTime }, ct);
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
        var revoked = await grains.Turn(new RevokeToken(account.Value, command.Token, command.By, command.Origin), ct);
        if (!revoked.Granted) return revoked.Refusal;
        if (command.By is not null) mails.WakeSender();
        return View(((TokenRevoked)revoked.Value).Token, clock.GetUtcNow());
    }

    static ApiTokenView View(HeldToken t, DateTimeOffset now) =>
        new(t.Id, t.Label, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.ExpiresAt <= now);

    public static ApiTokenView View(Row t, DateTimeOffset now) =>
        new(t.Id, t.Label, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.ExpiresAt <= now.UtcDateTime);
}
