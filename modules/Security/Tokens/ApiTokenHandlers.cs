using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
using DirectoryPlatform.Security.Sessions;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Tokens;

sealed class ApiTokenHandlers(NpgsqlDataSource database, IMediator mediator, PasswordStore passwords, PolicyResolver policy,
    RecentVisitors recent, PublicAddress address, Post post, TimeProvider clock)
    : IRequestHandler<CreateApiToken, Outcome<NewApiToken>>, IRequestHandler<ReadApiTokens, Outcome<ApiTokensView>>,
    IRequestHandler<RevokeApiToken, Outcome<ApiTokenView>>
{
    const string Shown = "id, label, created_at, expires_at, last_used_at";

    /// <summary>How long an expired one is still shown (own choice).</summary>
    static readonly TimeSpan ShownExpired = TimeSpan.FromDays(30);

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
        var now = Now;
        var (id, secret) = (Guid.CreateVersion7(now), TokenText.New(TokenText.Api));
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time for each account: no two requests pass the limit together.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('api tokens:' || @account::text, 0))",
            new { account = command.Account.Value }, transaction);
        // A reset waits for this token, and takes it along; or this waits for the reset, and makes none (SPEC A14).
        var stamp = await connection.ExecuteScalarAsync<Guid?>("select stamp from security.password where account_id = @account for share",
            new { account = command.Account.Value }, transaction);
        if (stamp != password?.Stamp) return new ChangedMeanwhile();
        var live = await connection
            .ExecuteScalarAsync<long>(
                "select count(*) from security.api_token where account_id = @account and revoked_at is null and expires_at > @now",
                new { account = command.Account.Value, now = now.UtcDateTime }, transaction);
        if (live >= CreateApiToken.MostTokens) return new TooManyApiTokens(CreateApiToken.MostTokens);
        var expires = now.AddDays(days);
        await connection
            .ExecuteAsync(
                "insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at) values (@id, @account, @hash, "
                + "@label, @now, @expires)",
            new
            {
                id,
                account = command.Account.Value,
                hash = TokenText.HashOf(secret),
                label,
                now = now.UtcDateTime,
                expires = expires.UtcDateTime
            }, transaction);
        await Tell(connection, transaction, account.Value, command.Origin, "ApiTokenCreated", label, now,
            new Mail(account.Value.Email, new ApiTokenCreatedLetter(account.Value.Name, label, expires.InLetters(), Page),
                account.Value.ManagedBy?.Value), ct);
        return new NewApiToken(secret, new ApiTokenView(id, label, now, expires, null, false));
    }

    public async Task<Outcome<ApiTokensView>> Handle(ReadApiTokens query, CancellationToken ct)
    {
        var account = await mediator.Visible(query.Account, query.By, ct);
        if (!account.Granted) return account.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        var tokens = await Rows(connection,
            $"select {Shown} from security.api_token where account_id = @account and revoked_at is null and expires_at > @since "
            + "order by created_at desc, id desc",
            new { account = query.Account.Value, since = (Now - ShownExpired).UtcDateTime }, null);
        return new ApiTokensView(tokens, (await policy.Account(query.Account, ct)).ApiTokens ? null : new ApiTokensBlocked());
    }

    public async Task<Outcome<ApiTokenView>> Handle(RevokeApiToken command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        var now = Now;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var revoked = await Rows(connection,
            $"update security.api_token set revoked_at = @now where id = @token and account_id = @account and revoked_at is null "
            + $"returning {Shown}",
            new { token = command.Token, account = command.Account.Value, now = now.UtcDateTime }, transaction);
        if (revoked is not [var token]) return new NoSuchApiToken();
        var mail = command.By is { } organization
            ? new Mail(account.Value.Email, new ApiTokenRevokedLetter(account.Value.Name, token.Label, Page), organization.Value)
            : null;
        await Tell(connection, transaction, account.Value, command.Origin, "ApiTokenRevoked", token.Label, now, mail, ct);
        recent.Forget();
        return token;
    }

    /// <summary>Audit entry and mail stand beside the change, in its transaction; this ends it.</summary>
    async Task Tell(NpgsqlConnection connection, NpgsqlTransaction transaction, AccountView account, Origin origin, string action,
        string label, DateTimeOffset now, Mail? mail, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
                { AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, account.ManagedBy?.Value, origin, account.Id.Value, action, null, null, null, null,
                        AuditLabels.Personal("label", label))]) },
        };
        if (mail is { To.Length: > 0 }) batch.BatchCommands.Add(mail.Insert(now));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
    }

    async Task<List<ApiTokenView>> Rows(NpgsqlConnection connection, string sql, object values, NpgsqlTransaction? transaction) =>
        [.. (await connection.QueryAsync<(Guid Id, string Label, DateTime CreatedAt, DateTime ExpiresAt, DateTime? LastUsedAt)>(sql, values,
            transaction))
            .Select(t => new ApiTokenView(t.Id, t.Label, t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.ExpiresAt <= Now.UtcDateTime))];

    string Page => address.Link("/account/api-tokens");

    DateTimeOffset Now => clock.GetUtcNow();
}
