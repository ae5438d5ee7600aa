using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Security.Sessions;
using DirectoryPlatform.Security.Tokens;
using MediatR;
using Npgsql;
using Row = (System.Guid Id, string Name, string[] Scopes, System.Guid Account, System.DateTime CreatedAt, System.DateTime ExpiresAt,
    System.DateTime? LastUsedAt);

namespace DirectoryPlatform.Security.Keys;

sealed class ApiKeyHandlers(NpgsqlDataSource database, IMediator mediator, RecentVisitors recent, PublicAddress address, Post post,
    TimeProvider clock)
    : IRequestHandler<CreateApiKey, Outcome<NewApiKey>>, IRequestHandler<ReadApiKeys, IReadOnlyList<ApiKeyView>>,
    IRequestHandler<RevokeApiKey, Outcome<ApiKeyView>>, IRequestHandler<TakeOverApiKey, Outcome<ApiKeyView>>
{
    const string Shown = "id, name, scopes, account_id, created_at, expires_at, last_used_at";

    /// <summary>How long an expired one is still shown (own choice, as for API tokens).</summary>
    static readonly TimeSpan ShownExpired = TimeSpan.FromDays(30);

    public async Task<Outcome<NewApiKey>> Handle(CreateApiKey command, CancellationToken ct)
    {
        var read = PlainText.ReadName(command.Name, longest: CreateApiKey.MaxName);
        if (!read.Granted) return read.Refusal;
        var name = read.Value;
        var scopes = (command.Scopes ?? []).Select(ApiScopes.Named).ToList();
        if (scopes.Count == 0) return new InvalidValue("scopes", "Choose at least one thing that the key may be used for.");
        if (scopes.Contains(null)) return new InvalidValue("scopes", "One of these scopes is not known here.");
        if (command.Days is not (>= CreateApiKey.LeastDays and <= CreateApiKey.MostDays) || command.Days is not { } days)
            return new InvalidValue("days", $"Enter a number of days from {CreateApiKey.LeastDays} to {CreateApiKey.MostDays}.");
        if (await Admin(command.By, command.Organization, ct) is not { } admin) return new NotFound("organization");
        var now = Now;
        var (id, secret, names) = (Guid.CreateVersion7(now), TokenText.New(TokenText.Key), scopes.OfType<ApiScope>().Distinct().Order()
            .Select(s => s.Name()).ToArray());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time for each organization: no two requests pass the limit together.
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('api keys:' || @organization::text, 0))",
            new { organization = command.Organization.Value }, transaction);
        var live = await connection
            .ExecuteScalarAsync<long>(
                "select count(*) from security.api_key where organization_id = @organization and revoked_at is null and expires_at > @now",
                new { organization = command.Organization.Value, now = now.UtcDateTime }, transaction);
        if (live >= CreateApiKey.MostKeys) return new TooManyApiKeys(CreateApiKey.MostKeys);
        var expires = now.AddDays(days);
        await connection.ExecuteAsync("""
            insert into security.api_key (id, organization_id, account_id, token_hash, name, scopes, created_at, expires_at)
              values (@id, @organization, @account, @hash, @name, @names, @now, @expires)
            """, new
        {
            id,
            organization = command.Organization.Value,
            account = admin.Id.Value,
            hash = TokenText.HashOf(secret),
            name,
            names,
            now = now.UtcDateTime,
            expires = expires.UtcDateTime
        }, transaction);
        await Tell(transaction, command.Organization, admin.Id, command.Origin, "ApiKeyCreated", id, name, names, now,
            new Mail(admin.Email, new ApiKeyCreatedLetter(admin.Name, name, expires.InLetters(), Page(command.Organization)),
                command.Organization.Value), ct);
        return new NewApiKey(secret,
            new ApiKeyView(id, name, [.. scopes.OfType<ApiScope>().Distinct().Order()], admin.Id, admin.Name, now, expires, null, null));
    }

    public async Task<IReadOnlyList<ApiKeyView>> Handle(ReadApiKeys query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Views(
            await connection
            .QueryAsync<Row>(
                $"select {Shown} from security.api_key where organization_id = @organization and revoked_at is null and expires_at > "
                + "@since order by created_at desc, id desc",
            new { organization = query.Organization.Value, since = (Now - ShownExpired).UtcDateTime }), query.Organization, ct);
    }

    public async Task<Outcome<ApiKeyView>> Handle(RevokeApiKey command, CancellationToken ct)
    {
        var now = Now;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var revoked =
            await connection
            .QueryAsync<Row>(
                $"update security.api_key set revoked_at = @now where id = @Key and organization_id = @organization "
                + $"and revoked_at is null returning {Shown}",
            new { command.Key, organization = command.Organization.Value, now = now.UtcDateTime }, transaction);
        if (await Views(revoked, command.Organization, ct) is not [var key]) return new NoSuchApiKey();
        await Tell(transaction, command.Organization, key.ActsFor, command.Origin, "ApiKeyRevoked", key.Id, key.Name, null, now, null, ct);
        recent.Forget();
        return key;
    }

    public async Task<Outcome<ApiKeyView>> Handle(TakeOverApiKey command, CancellationToken ct)
    {
        if (await Admin(command.By, command.Organization, ct) is not { } admin) return new NotFound("organization");
        var now = Now;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var values = new { command.Key, organization = command.Organization.Value, account = admin.Id.Value };
        var rows = await connection
            .QueryAsync<Row>(
                $"select {Shown} from security.api_key where id = @Key and organization_id = @organization "
                + "and revoked_at is null for update", values, transaction);
        if (rows.AsList() is not [var row]) return new NoSuchApiKey();
        if (row.ExpiresAt <= now.UtcDateTime) return new ApiKeyExpired();
        if (row.Account == admin.Id.Value) return new ApiKeyIsYours();
        await connection.ExecuteAsync("update security.api_key set account_id = @account where id = @Key", values, transaction);
        await Tell(transaction, command.Organization, admin.Id, command.Origin, "ApiKeyTakenOver", row.Id, row.Name, null, now, null, ct);
        recent.Forget();
        return (await Views([row with { Account = admin.Id.Value }], command.Organization, ct))[0];
    }

    async Task<AccountView?> Admin(AccountId id, OrganizationId organization, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(id), ct) is { Granted: true, Value: { State: AccountState.Active } admin }
            && admin.AdminOf.Contains(organization) ? admin : null;

    /// <summary>Audit entry and mail stand beside the change, in its transaction; this ends it.</summary>
    async Task Tell(NpgsqlTransaction transaction, OrganizationId organization, AccountId subject, Origin origin, string action, Guid key,
        string name, string[]? scopes, DateTimeOffset now, Mail? mail, CancellationToken ct)
    {
        var after = KernelJson.Write(new Dictionary<string, string?>
        {
            ["key"] = $"{key}",
            ["scopes"] = scopes is null
            ? null
            : string.Join(' ', scopes)
        }.Where(v => v.Value is not null).ToDictionary());
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
                { AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, organization.Value, origin, subject.Value, action, null, null, null, after,
                        AuditLabels.Personal("name", name))]) },
        };
        if (mail is { To.Length: > 0 }) batch.BatchCommands.Add(mail.Insert(now));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        post.Hurry();
    }

    async Task<IReadOnlyList<ApiKeyView>> Views(IEnumerable<Row> rows, OrganizationId organization, CancellationToken ct)
    {
        var (keys, now) = (rows.AsList(), Now.UtcDateTime);
        var people = (await mediator.Send(new ReadAccounts([.. keys.Select(k => new AccountId(k.Account)).Distinct()]), ct))
            .ToDictionary(a => a.Id.Value);
        return [.. keys.Select(k =>
        {
            var admin = people.GetValueOrDefault(k.Account);
            Refusal? stopped = k.ExpiresAt <= now ? new ApiKeyExpired() : admin is not { State: AccountState.Active }
                || !admin.AdminOf.Contains(organization) ? new ApiKeyAdminGone() : null;
            return new ApiKeyView(k.Id, k.Name, ApiKeyStore.ScopesOf(k.Scopes), new(k.Account), admin?.Name ?? Account.FormerUser,
                k.CreatedAt, k.ExpiresAt, k.LastUsedAt, stopped);
        })];
    }

    string Page(OrganizationId organization) => address.Link($"/o/{organization}/api-keys");

    DateTimeOffset Now => clock.GetUtcNow();
}
