using DirectoryPlatform.Security.Internal.Devices;

namespace DirectoryPlatform.Security.Internal.Sessions;

/// <summary>The kinds of sessions, as the database and the pages call them.</summary>
static class SessionKind
{
    public const string Browser = "browser", Mobile = "mobile";
}

/// <param name="ProvedAt">When the person last showed the password.</param>
/// <param name="Until">When it has to be looked at again: it may be over by time, or its use has to be noted.</param>
sealed record LiveSession(Guid Id, AccountId Account, DateTimeOffset ProvedAt, DateTimeOffset Until);

/// <summary>Whose sessions end: those begun before, but for one.</summary>
readonly record struct EndedAccess(AccountId Account, DateTimeOffset BegunBefore, Guid? Except = null);

/// <summary>Server-side sessions (SPEC S3): random 256-bit tokens, of which only the hash is kept.
/// How long one lasts is settled when it begins (S6).</summary>
sealed class SessionStore(NpgsqlDataSource database, IMediator mediator, Settlement settlement, ProductUrl address, MailQueue mails,
    TimeProvider clock)
{
    /// <summary>Last active is kept to the minute, so that a click does not cost a write.</summary>
    static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    /// <summary>More devices than a person has: the one that was silent for longest is logged out for the next (own choice).</summary>
    internal const int MostDevices = 100;

    /// <param name="now">Placeholder of the time.</param>
    public static string IsLive(string now) => $"ended_at is null and last_active_at + idle > {now} and ends_at > {now}";

    /// <summary>Ends all sessions of the accounts in the caller's transaction. In one order of rows, so that two who end the same ones
    /// never wait in a circle.</summary>
    /// <param name="keep">The session that stays; null for none.</param>
    public static NpgsqlBatchCommand EndLive(Guid[] accounts, DateTimeOffset now, string why, Guid? keep) => Statement.Of("""
        update security.session set ended_at = $2, ended_why = $3
        where id in (select id from security.session where account_id = any($1) and ended_at is null and id <> $4 order by id for update)
        """, accounts, now.UtcDateTime, why, keep ?? Guid.Empty);

    /// <summary>Begins a session of the kind that the origin's means says.</summary>
    /// <param name="byProvider">Whether the organization's identity provider has signed in, and no password.</param>
    /// <param name="device">A browser's User-Agent; of a mobile app, the name that it gives the device.</param>
    /// <param name="giveBack">What is to be written in the same round trip, each by itself.</param>
    /// <returns>What <see cref="BegunSession"/> says.</returns>
    public async Task<BegunSession> Begin(AccountView person, PolicyRules rules, bool isNewDevice, string device, Origin origin,
        CancellationToken ct, bool byProvider = false, IEnumerable<NpgsqlBatchCommand>? giveBack = null)
    {
        var (now, mobile) = (clock.GetUtcNow(), origin.Means == SessionKind.Mobile);
        var (idle, life) = SessionLife.Of(rules, mobile);
        var name = NameOf(device, mobile);
        var session = Guid.CreateVersion7(now);
        var token = mobile ? TokenText.New(TokenText.Refresh) : RandomToken.New();
        var news = isNewDevice && person.Email.Length > 0 ? NewDevice(person, name, mobile, origin, now) : null;
        await using var batch = database.CreateBatch();
        foreach (var command in giveBack ?? []) batch.BatchCommands.Add(command);
        // A mobile session has no access token yet: the hash of nothing that anybody has keeps its place.
        batch.BatchCommands.Add(Statement.Of("""
            insert into security.session (id, token_hash, account_id, kind, device, agent, address, created_at, last_active_at, idle,
              ends_at, proved_at, by_provider) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $8, $11)
            """, session, mobile ? RandomNumberGenerator.GetBytes(32) : TokenText.HashOf(token), person.Id.Value,
            mobile ? SessionKind.Mobile : SessionKind.Browser, name, DeviceName.Agent(device), origin.Address, now.UtcDateTime, idle,
            (now + life).UtcDateTime, byProvider));
        if (mobile) batch.BatchCommands.Add(MobileSessions.Insert(token, session));
        batch.BatchCommands.Add(Statement.Of($"""
            update security.session set ended_at = $2, ended_why = 'too many devices' where id in (
              select id from security.session where account_id = $1 and ended_at is null
                order by last_active_at desc, id desc offset {MostDevices})
            """, person.Id.Value, now.UtcDateTime));
        if (news is not null) batch.BatchCommands.Add(OutgoingMail.Insert([news], now));
        var entry = AuditLog.Insert([new(Guid.CreateVersion7(now), now, person.ManagedBy?.Value,
            origin with { Actor = person.Id.Value }, person.Id.Value, SecurityActions.SignedIn,
            After: byProvider ? KernelJson.Write(new { through = "identity provider" }) : null,
            Personal: KernelJson.Write(new { after = new { device = name } }))]);
        // The session is committed here; what follows sees all that was committed before, and waits for nothing with the session in hand.
        entry.AppendErrorBarrier = true;
        batch.BatchCommands.Add(entry);
        var noted = new NoteActivity(person.Id, now).Statement;
        noted.AppendErrorBarrier = true;
        batch.BatchCommands.Add(noted);
        batch.BatchCommands.Add(PasswordStore.Settled(person.Id));
        batch.BatchCommands.Add(StillTheSame.Statement(person));
        await using var answers = await batch.ExecuteReaderAsync(ct);
        var password = await answers.ReadAsync(ct) ? PasswordStore.Read(answers) : null;
        await answers.NextResultAsync(ct);
        var same = await answers.ReadAsync(ct) && answers.GetBoolean(0);
        if (news is not null) mails.WakeSender();
        return new(session, token, password, same);
    }

    /// <summary>What a device is called, and whether it was seen before, by what <see cref="DevicesSql"/> asks.</summary>
    public static string NameOf(string device, bool mobile) =>
        mobile ? DeviceName.Given(device) ?? "Mobile app" : DeviceName.Of(device);

    /// <summary>Whether the account has any, and whether it has this one. Rows from before devices had names are recognised by what the
    /// browser calls itself.</summary>
    public const string DevicesSql = """
        select count(*) > 0, coalesce(bool_or(kind = @kind and (device = @device or agent = @agent)), false) from security.session
          where account_id = @id
        """;

    public async Task<LiveSession?> Live(string token, string kind, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = await database.Rows<(Guid Id, Guid Account, DateTime LastActive, DateTime Proved, DateTime Over)>("""
            select id, account_id, last_active_at, proved_at, least(last_active_at + idle, ends_at, token_until) from security.session
            where token_hash = @hash and kind = @kind and ended_at is null and last_active_at + idle > @now and ends_at > @now
              and (token_until is null or token_until > @now)
            """, new { hash = TokenText.HashOf(token), kind, now = now.UtcDateTime }, ct);
        if (rows is not [var (id, account, lastActive, proved, over)]) return null;
        if (now.UtcDateTime - lastActive > Precision)
        {
            await database.Write("update security.session set last_active_at = @now where id = @id and last_active_at < @now",
                new { id, now = now.UtcDateTime }, ct);
            await mediator.Send(new NoteActivity(new(account), now), ct);
        }
        var noted = now.UtcDateTime - lastActive > Precision ? now : lastActive;
        return new(id, new(account), proved, over < noted + Precision ? over : noted + Precision);
    }

    /// <summary>The person showed the password again, or whatever else is asked for.</summary>
    public Task Proved(Guid session, CancellationToken ct) =>
        database.Write("update security.session set proved_at = @now where id = @session and ended_at is null",
            new { session, now = clock.GetUtcNow().UtcDateTime }, ct);

    /// <summary>Signs out a browser, or a mobile app by its access token.</summary>
    public async Task End(string token, Origin origin, CancellationToken ct)
    {
        var (now, hash) = (clock.GetUtcNow(), TokenText.HashOf(token));
        if (await OwnerOf(hash, ct) is not { } person) return;
        var manager = (await mediator.Send(new ReadAccount(new(person)), ct)) is { Granted: true, Value.ManagedBy: { } organization }
            ? organization.Value
            : (Guid?)null;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteAsync(
            "update security.session set ended_at = @now, ended_why = 'signed out' where token_hash = @hash and ended_at is null",
            new { hash, now = now.UtcDateTime }, transaction) == 0) return;
        await using var audit = new NpgsqlBatch(connection, transaction);
        audit.BatchCommands.Add(AuditLog.Insert(
            [new(Guid.CreateVersion7(now), now, manager, origin with { Actor = person }, person, SecurityActions.SignedOut)]));
        await audit.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    async Task<Guid?> OwnerOf(byte[] hash, CancellationToken ct) =>
        await database.Value<Guid?>(
            "select account_id from security.session where token_hash = @hash and ended_at is null", new { hash }, ct);

    /// <param name="begunBefore">Later ones stay: a fact may be heard late or twice, and the person may have come back since.</param>
    /// <param name="except">The session that stays.</param>
    public async Task EndAll(IReadOnlyList<AccountId> accounts, DateTimeOffset begunBefore, string why, CancellationToken ct,
        Guid? except = null) => await EndAll([.. accounts.Select(account => new EndedAccess(account, begunBefore, except))], why, ct);

    /// <summary>The same of many, each at its own time.</summary>
    public async Task EndAll(IReadOnlyList<EndedAccess> ended, string why, CancellationToken ct)
    {
        var begun = settlement.Begin();
        await database.Write("""
            update security.session set ended_at = @now, ended_why = @why where id in (
              select s.id from security.session s join unnest(@ids, @begunBefore, @except) e(id, begun_before, except_for)
                on s.account_id = e.id and s.created_at <= e.begun_before and s.id <> e.except_for
                where s.ended_at is null order by s.id for update of s)
            """, new
        {
            ids = ended.Select(e => e.Account.Value).ToArray(),
            why,
            now = clock.GetUtcNow().UtcDateTime,
            begunBefore = ended.Select(e => e.BegunBefore.UtcDateTime).ToArray(),
            except = ended.Select(e => e.Except ?? Guid.Empty).ToArray(),
        }, ct);
        await settlement.Settle(begun);
    }

    /// <summary>Ends one that should not have begun; all others stay.</summary>
    public Task Undo(Guid session, string why, CancellationToken ct) =>
        database.Write("update security.session set ended_at = @now, ended_why = @why where id = @session and ended_at is null",
            new { session, why, now = clock.GetUtcNow().UtcDateTime }, ct);

    OutgoingMail NewDevice(AccountView account, string device, bool mobile, Origin origin, DateTimeOffset now) => new(account.Email,
        new NewDeviceLetter(account.Name, device, origin.Address ?? "an unknown address", now.InLetters(),
            address.Link("/account/sessions")),
        account.ManagedBy?.Value, DeterministicGuid.Of(account.Id, "new device", device, mobile));
}

/// <summary>A session, and what was so right after its beginning: whoever changed the password or the account at the same time may not have
/// seen it.</summary>
/// <param name="Token">A browser's, for the cookie; or a mobile app's first refresh token.</param>
/// <param name="Password">As it was when every change of it that was under way was over; null for none.</param>
/// <param name="SameAccount">Whether the account's state and manager were as they had been read.</param>
sealed record BegunSession(Guid Session, string Token, PasswordRow? Password, bool SameAccount);
