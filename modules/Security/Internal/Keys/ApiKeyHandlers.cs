using Row = (System.Guid Id, string Name, string[] Scopes, System.Guid Account, System.DateTime CreatedAt, System.DateTime ExpiresAt,
    System.DateTime? LastUsedAt);

namespace DirectoryPlatform.Security.Internal.Keys;

sealed class ApiKeyHandlers(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, NewKeys keys, PasswordStore passwords,
    TimeProvider clock)
    : IRequestHandler<CreateApiKey, Outcome<NewApiKey>>, IRequestHandler<ReadApiKeys, IReadOnlyList<ApiKeyView>>,
    IRequestHandler<RevokeApiKey, Outcome<ApiKeyView>>, IRequestHandler<TakeOverApiKey, Outcome<ApiKeyView>>
{
    const string Shown = "id, name, scopes, account_id, created_at, expires_at, last_used_at";

    /// <summary>How long an expired one is still shown (own choice, as for API tokens).</summary>
    static readonly TimeSpan ShownExpired = TimeSpan.FromDays(30);

    public async Task<Outcome<NewApiKey>> Handle(CreateApiKey command, CancellationToken ct)
    {
        if (command.Faults is [var fault, ..]) return fault;
        var name = PlainText.ReadName(command.Name, longest: CreateApiKey.MaxName).Value;
        var (days, chosen) = (command.Days!.Value, command.Scopes!.Select(ApiScopes.Named).OfType<ApiScope>().Distinct().Order().ToArray());
        var password = await passwords.Of(command.By, ct);
        if (await keys.Admin(command.By, command.Organization, ct) is not { } admin) return new NotFound("organization");
        // As for an API token: who had the account in between makes none behind whoever takes an address back (SPEC A15).
        return await work.Run<NewApiKey>(command.Origin, async change => await PasswordStore.IsStill(change, admin.Id, password?.Stamp)
            ? await keys.Make(change, admin, command.Organization, name, chosen, days)
            : new ChangedMeanwhile(), ct);
    }

    public async Task<IReadOnlyList<ApiKeyView>> Handle(ReadApiKeys query, CancellationToken ct) =>
        await Views(
            await database.Rows<Row>(
                $"select {Shown} from security.api_key where organization_id = @organization and revoked_at is null and expires_at > "
                + "@since order by created_at desc, id desc",
            new { organization = query.Organization.Value, since = (clock.GetUtcNow() - ShownExpired).UtcDateTime }, ct),
            query.Organization, ct);

    public async Task<Outcome<ApiKeyView>> Handle(RevokeApiKey command, CancellationToken ct)
    {
        var revoked = await work.Run<Row>(command.Origin, async change =>
        {
            if (await change.Rows<Row>(
                $"update security.api_key set revoked_at = @now where id = @Key and organization_id = @organization "
                + $"and revoked_at is null returning {Shown}",
                new { command.Key, organization = command.Organization.Value, now = change.Now.UtcDateTime }) is not [var row])
                return new NoSuchApiKey();
            WriteAudit(change, SecurityActions.ApiKeyRevoked, command.Organization, new(row.Account), row.Id, row.Name);
            return row;
        }, ct);
        return await View(revoked, command.Organization, ct);
    }

    public async Task<Outcome<ApiKeyView>> Handle(TakeOverApiKey command, CancellationToken ct)
    {
        if (await keys.Admin(command.By, command.Organization, ct) is not { } admin) return new NotFound("organization");
        var taken = await work.Run<Row>(command.Origin, async change =>
        {
            var values = new { command.Key, organization = command.Organization.Value, account = admin.Id.Value };
            if (await change.Rows<Row>(
                $"select {Shown} from security.api_key where id = @Key and organization_id = @organization "
                + "and revoked_at is null for update", values) is not [var row]) return new NoSuchApiKey();
            if (row.ExpiresAt <= change.Now.UtcDateTime) return new ApiKeyExpired();
            if (row.Account == admin.Id.Value) return new ApiKeyIsYours();
            await change.Write("update security.api_key set account_id = @account where id = @Key", values);
            WriteAudit(change, SecurityActions.ApiKeyTakenOver, command.Organization, admin.Id, row.Id, row.Name);
            return row with { Account = admin.Id.Value };
        }, ct);
        return await View(taken, command.Organization, ct);
    }

    internal static void WriteAudit(Change change, string action, OrganizationId organization, AccountId subject, Guid key, string name,
        string? scopes = null) =>
        change.WriteAudit(organization, subject.Value, action, after: new { key = $"{key}", scopes }, personal: new { name });

    /// <summary>Of a key that was just changed.</summary>
    async Task<Outcome<ApiKeyView>> View(Outcome<Row> changed, OrganizationId organization, CancellationToken ct)
    {
        if (!changed.Granted) return changed.Refusal;
        return (await Views([changed.Value], organization, ct))[0];
    }

    async Task<IReadOnlyList<ApiKeyView>> Views(IEnumerable<Row> rows, OrganizationId organization, CancellationToken ct)
    {
        var (all, now) = (rows.AsList(), clock.GetUtcNow().UtcDateTime);
        var people = (await mediator.Send(new ReadAccounts([.. all.Select(k => new AccountId(k.Account)).Distinct()]), ct))
            .ToDictionary(a => a.Id.Value);
        return [.. all.Select(k =>
        {
            var admin = people.GetValueOrDefault(k.Account);
            Refusal? stopped = k.ExpiresAt <= now ? new ApiKeyExpired() : admin is not { State: AccountState.Active }
                || !admin.AdminOf.Contains(organization) ? new ApiKeyAdminGone() : null;
            return new ApiKeyView(k.Id, k.Name, ApiKeyStore.ScopesOf(k.Scopes), new(k.Account), admin?.Name ?? Account.FormerUser,
                k.CreatedAt, k.ExpiresAt, k.LastUsedAt, stopped);
        })];
    }
}
