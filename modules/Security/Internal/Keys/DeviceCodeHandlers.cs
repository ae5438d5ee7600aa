namespace DirectoryPlatform.Security.Internal.Keys;

sealed class DeviceCodeHandlers(NpgsqlDataSource database, UnitOfWork work, NewKeys keys, PasswordStore passwords, ILimiter limiter,
    TimeProvider clock)
    : IRequestHandler<AskForDeviceCode, Outcome<DeviceCode>>, IRequestHandler<ReadDeviceRequest, Outcome<DeviceRequest>>,
    IRequestHandler<AnswerDeviceRequest, Outcome<Done>>, IRequestHandler<FetchDeviceKey, Outcome<DeviceKey>>
{
    /// <summary>A program's clock and the network's delays are not exact.</summary>
    static readonly TimeSpan Leeway = TimeSpan.FromSeconds(1);

    const string Waits = "user_hash = @hash and answered_at is null and expires_at > @now";

    public async Task<Outcome<DeviceCode>> Handle(AskForDeviceCode command, CancellationToken ct)
    {
        var program = PlainText.ReadName(command.Program, "program", CreateApiKey.MaxName);
        if (!program.Granted) return program.Refusal;
        if (command.Scopes is not { Count: > 0 } || command.Scopes.Any(s => ApiScopes.Named(s) is null))
            return new InvalidValue("scopes",
                $"Name at least one of these scopes: {string.Join(", ", ApiScopes.All.Select(s => s.Name()))}.");
        var code = new DeviceCode(TokenText.New(TokenText.Device), UserCode.New());
        return await work.Run<DeviceCode>(command.Origin, async change =>
        {
            change.Quiet("nobody is known yet; the admin's answer has the entry");
            await change.Write("""
                insert into security.device_code (id, device_hash, user_hash, program, scopes, address, asked_at, expires_at)
                  values (@id, @device, @user, @program, @scopes, @Address, @now, @expires)
                """, new
            {
                id = Guid.CreateVersion7(change.Now),
                device = TokenText.HashOf(code.Secret),
                user = UserCode.HashOf(code.UserCode),
                program = program.Value,
                scopes = command.Scopes.Distinct().Order(StringComparer.Ordinal).ToArray(),
                command.Origin.Address,
                now = change.Now.UtcDateTime,
                expires = (change.Now + AskForDeviceCode.GoodFor).UtcDateTime,
            });
            return code;
        }, ct);
    }

    public async Task<Outcome<DeviceRequest>> Handle(ReadDeviceRequest query, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.UserCode, query.Origin, $"{query.By}", ct) is { } closed) return closed;
        if (UserCode.HashOf(query.UserCode) is not { } hash) return new UserCodeUnknown();
        return await database.Rows<(string Program, string[] Scopes, string? Address, DateTime AskedAt, DateTime ExpiresAt)>(
            $"select program, scopes, address, asked_at, expires_at from security.device_code where {Waits}",
            new { hash, now = clock.GetUtcNow().UtcDateTime }, ct) is [var row]
            ? new DeviceRequest(row.Program, ApiKeyStore.ScopesOf(row.Scopes), row.Address, row.AskedAt, row.ExpiresAt)
            : new UserCodeUnknown();
    }

    public async Task<Outcome<Done>> Handle(AnswerDeviceRequest command, CancellationToken ct)
    {
        if (await limiter.Enter(Doors.UserCode, command.Origin, $"{command.By}", ct) is { } closed) return closed;
        if (UserCode.HashOf(command.UserCode) is not { } hash) return new UserCodeUnknown();
        var password = await passwords.Of(command.By, ct);
        if (await keys.Admin(command.By, command.Organization, ct) is not { } admin) return new NotFound("organization");
        return await work.Run<Done>(command.Origin, async change =>
        {
            // A reset voids what was confirmed before it, and nothing is confirmed behind it by who was there then (SPEC A14).
            if (!await PasswordStore.IsStill(change, admin.Id, password?.Stamp)) return new ChangedMeanwhile();
            var values = new { hash, now = change.Now.UtcDateTime };
            if (await change.Rows<(Guid Id, string Program, string[] Scopes, string? Address)>(
                $"select id, program, scopes, address from security.device_code where {Waits} for update", values) is not [var row])
                return new UserCodeUnknown();
            var granted = command.Scopes?.Distinct().Order(StringComparer.Ordinal).ToArray();
            if (granted is []) return new InvalidValue("scopes", "Choose at least one scope, or refuse the request.");
            if (granted?.Except(row.Scopes).Any() == true) return new InvalidValue("scopes", "The program has not requested this scope.");
            await change.Write("""
                update security.device_code set answered_at = @now, granted = @granted, organization_id = @organization,
                  account_id = @account where id = @Id
                """, new { values.now, granted, organization = command.Organization.Value, account = admin.Id.Value, row.Id });
            change.WriteAudit(command.Organization, admin.Id.Value,
                granted is null ? SecurityActions.DeviceCodeRefused : SecurityActions.DeviceCodeConfirmed,
                after: new { scopes = granted is null ? null : string.Join(' ', granted) },
                personal: new { name = row.Program, address = row.Address });
            return Done.It;
        }, ct);
    }

    public async Task<Outcome<DeviceKey>> Handle(FetchDeviceKey command, CancellationToken ct)
    {
        if (!TokenText.IsOne(command.Secret, TokenText.Device)) return new DeviceCodeVoid();
        var now = clock.GetUtcNow();
        var values = new
        {
            hash = TokenText.HashOf(command.Secret!),
            now = now.UtcDateTime,
            early = (now - (AskForDeviceCode.Interval - Leeway)).UtcDateTime,
        };
        const string alive = "device_hash = @hash and used_at is null and expires_at > @now";
        // One that comes too early writes nothing: a stranger may send thousands.
        if (await database.Rows<(Guid Id, DateTime? AnsweredAt, string[]? Granted)>($"""
            update security.device_code set polled_at = @now where {alive} and (polled_at is null or polled_at <= @early)
              returning id, answered_at, granted
            """, values, ct) is not [var asked])
            return await database.Rows<Guid>($"select id from security.device_code where {alive}", values, ct) is []
                ? new DeviceCodeVoid() : new PollingTooFast();
        if (asked.AnsweredAt is null) return new AuthorizationPending();
        return asked.Granted is null ? new DeviceRequestRefused() : await Make(asked.Id, command.Origin, ct);
    }

    async Task<Outcome<DeviceKey>> Make(Guid id, Origin origin, CancellationToken ct)
    {
        var rows = await database.Rows<(Guid Organization, Guid Account)>(
            "select organization_id, account_id from security.device_code where id = @id and account_id is not null", new { id }, ct);
        if (rows is not [var (organization, account)]) return new DeviceCodeVoid();
        if (await keys.Admin(new(account), new(organization), ct) is not { } admin) return new ApiKeyAdminGone();
        return await work.Run<DeviceKey>(origin with { Actor = account, Means = "device code" }, async change =>
        {
            if (await change.Rows<(string Program, string[] Granted)>("""
                update security.device_code set used_at = @now
                  where id = @id and used_at is null and granted is not null and expires_at > @now returning program, granted
                """, new { id, now = change.Now.UtcDateTime }) is not [var used]) return new DeviceCodeVoid();
            var made = await keys.Make(change, admin, new(organization), used.Program, ApiKeyStore.ScopesOf(used.Granted),
                AskForDeviceCode.KeyDays);
            return made.Map(key => new DeviceKey(key, new(organization)));
        }, ct);
    }
}
