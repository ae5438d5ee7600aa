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
sealed class SessionStore(NpgsqlDataSource database, IGrains<HeldCredentials, CredentialsFact> grains, IMediator mediator,
    Settlement settlement, Admissions admissions, MailQueue mails, TimeProvider clock)
{
    /// <summary>More devices than a person has: the one that was silent for longest is logged out for the next (own choice).</summary>
    internal const int MostDevices = 100;

    /// <param name="now">Placeholder of the time.</param>
    public static string IsLive(string now) => $"ended_at is null and last_active_at + idle > {now} and ends_at > {now}";

    /// <summary>Ends all sessions of the accounts in the caller's transaction, which has raised their versions
    /// (<see cref="CredentialsStore.Raise"/>). In one order of rows, so that two who end the same ones never wait in a circle.</summary>
    /// <param name="keep">The session that stays; null for none.</param>
    public static NpgsqlBatchCommand EndLive(Guid[] accounts, DateTimeOffset now, string why, Guid? keep) => Statement.Of("""
        update security.session set ended_at = $2, ended_why = $3
        where id in (select id from security.session where account_id = any($1) and ended_at is null and id <> $4 order by id for update)
        """, accounts, now.UtcDateTime, why, keep ?? Guid.Empty);

    /// <summary>Begins a session of the kind that the origin's means says.</summary>
    /// <param name="byProvider">Whether the organization's identity provider has signed in, and no password.</param>
    /// <param name="device">A browser's User-Agent; of a mobile app, the name that it gives the device.</param>
    /// <param name="right">Given back in the same round trip.</param>
    /// <returns>What <see cref="BegunSession"/> says.</returns>
    public async Task<BegunSession> Begin(SignInPerson person, string device, Origin origin, CancellationToken ct, bool byProvider = false,
        Attempt? right = null)
    {
        var (now, mobile) = (clock.GetUtcNow(), origin.Means == SessionKind.Mobile);
        var (idle, life) = SessionLife.Of(person.Rules, mobile);
        var token = mobile ? TokenText.New(TokenText.Refresh) : RandomToken.New();
        // A mobile session has no access token yet: the hash of nothing that anybody has keeps its place.
        var begin = new BeginSession(person.Account, new(mobile ? SessionKind.Mobile : SessionKind.Browser,
            mobile ? RandomNumberGenerator.GetBytes(32) : TokenText.HashOf(token), mobile ? TokenText.HashOf(token) : null,
            NameOf(device, mobile), DeviceName.Agent(device), idle, life, byProvider, person.IsNewDevice), origin)
        {
            CommandId = Guid.CreateVersion7(now),
            Seen = person.Credentials,
            Right = right,
        };
        var begun = (SessionBegun)(await grains.Turn(begin, ct)).Value;
        var found = begun.Found ?? await Look(begin, begun.At, ct);
        if (person.IsNewDevice) mails.WakeSender();
        return new(begin.CommandId, token, found);
    }

    /// <summary>Behind a turn that did not look.</summary>
    async Task<FoundBehind> Look(BeginSession begun, DateTimeOffset at, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        foreach (var look in CredentialsStore.Looks(begun, at))
        {
            look.AppendErrorBarrier = true;
            batch.BatchCommands.Add(look);
        }
        await using var rows = await batch.ExecuteReaderAsync(ct);
        return await CredentialsStore.Found(rows);
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

    /// <param name="unattended">Nobody has clicked: no use is noted, and none has to be.</param>
    public async Task<LiveSession?> Live(string token, string kind, CancellationToken ct, bool unattended = false)
    {
        var now = clock.GetUtcNow();
        var rows = await database.Rows<(Guid Id, Guid Account, DateTime LastActive, DateTime Proved, DateTime Over)>("""
            select id, account_id, last_active_at, proved_at, least(last_active_at + idle, ends_at, token_until) from security.session
            where token_hash = @hash and kind = @kind and ended_at is null and last_active_at + idle > @now and ends_at > @now
              and (token_until is null or token_until > @now)
            """, new { hash = TokenText.HashOf(token), kind, now = now.UtcDateTime }, ct);
        if (rows is not [var (id, account, lastActive, proved, over)]) return null;
        if (unattended) return new(id, new(account), proved, over);
        var notes = now.UtcDateTime - lastActive > HeldCredentials.Precision && !admissions.IsRepeat;
        if (notes)
        {
            var used = await grains.Turn(new UseSession(new(account), id, new(account, kind)), ct);
            if (used.Refusal is NoSuchDevice) return null; // it has ended meanwhile
            await mediator.Send(new NoteActivity(new(account), now), ct);
        }
        var noted = notes ? now : lastActive;
        return new(id, new(account), proved, over < noted + HeldCredentials.Precision ? over : noted + HeldCredentials.Precision);
    }

    /// <summary>The person showed the password again, or whatever else is asked for.</summary>
    public Task Proved(Visitor visitor, Origin origin, CancellationToken ct) =>
        grains.Turn(new ProveSession(visitor.Account, visitor.Session, origin), ct);

    /// <summary>Signs out a browser, or a mobile app by its access token.</summary>
    public async Task End(string token, Origin origin, CancellationToken ct)
    {
        if (await database.Rows<(Guid Session, Guid Account)>(
            "select id, account_id from security.session where token_hash = @hash and ended_at is null",
            new { hash = TokenText.HashOf(token) }, ct) is not [var (session, account)]) return;
        var manager = (await mediator.Send(new ReadAccount(new(account)), ct)) is { Granted: true, Value.ManagedBy: { } organization }
            ? organization.Value
            : (Guid?)null;
        await grains.Turn(new LeaveSession(new(account), session, manager, origin), ct);
    }

    /// <param name="begunBefore">Later ones stay: a fact may be heard late or twice, and the person may have come back since.</param>
    /// <param name="except">The session that stays.</param>
    public async Task EndAll(IReadOnlyList<AccountId> accounts, DateTimeOffset begunBefore, string why, CancellationToken ct,
        Guid? except = null) => await EndAll([.. accounts.Select(account => new EndedAccess(account, begunBefore, except))], why, ct);

    /// <summary>The same of many, each at its own time.</summary>
    public async Task EndAll(IReadOnlyList<EndedAccess> ended, string why, CancellationToken ct)
    {
        var begun = settlement.Begin();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(CredentialsStore.Raise([.. ended.Select(e => e.Account.Value)]));
        batch.BatchCommands.Add(Statement.Of("""
            update security.session set ended_at = $1, ended_why = $2 where id in (
              select s.id from security.session s join unnest($3, $4, $5) e(id, begun_before, except_for)
                on s.account_id = e.id and s.created_at <= e.begun_before and s.id <> e.except_for
                where s.ended_at is null order by s.id for update of s)
            """, clock.GetUtcNow().UtcDateTime, why, ended.Select(e => e.Account.Value).ToArray(),
            ended.Select(e => e.BegunBefore.UtcDateTime).ToArray(), ended.Select(e => e.Except ?? Guid.Empty).ToArray()));
        await batch.ExecuteNonQueryAsync(ct);
        await settlement.Settle(begun);
    }

    /// <summary>Ends one that should not have begun; all others stay.</summary>
    public Task Undo(AccountId account, Guid session, string why, Origin origin, CancellationToken ct) =>
        grains.Turn(new UndoSession(account, session, why, origin), ct);
}

/// <summary>A session, and what was so right after its beginning: whoever changed the password or the account at the same time may not have
/// seen it.</summary>
/// <param name="Token">A browser's, for the cookie; or a mobile app's first refresh token.</param>
sealed record BegunSession(Guid Session, string Token, FoundBehind Found);
