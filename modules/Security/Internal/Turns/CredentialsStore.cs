using System.Data.Common;

namespace DirectoryPlatform.Security.Internal.Turns;

/// <summary>
/// The grain's row holds the version, and beside it stand the sessions and tokens. Whoever changes those of an account takes its row first,
/// in the order of the accounts: turns by their fence, all others by <see cref="Raise"/>; whoever forgets is followed by a trigger. Where a
/// password changes as well, its row comes before, and no turn takes one.
/// </summary>
sealed class CredentialsStore(ProductUrl address) : GrainStore<HeldCredentials, CredentialsFact>
{
    static readonly string SessionJson = $"""
        jsonb_build_object('id', s.id, 'kind', s.kind, 'device', s.device, 'address', s.address, 'createdAt', s.created_at,
          'lastActiveAt', s.last_active_at, 'idleSeconds', extract(epoch from s.idle), 'endsAt', s.ends_at, 'refresh', case s.kind
            when '{SessionKind.Mobile}' then coalesce((
              select jsonb_agg(jsonb_build_object('hash', encode(r.token_hash, 'base64'), 'usedAt', r.used_at)) from (
                select token_hash, used_at from security.refresh_token where session_id = s.id
                  order by used_at desc nulls first limit {HeldSession.MostRefresh}) r), '[]') else '[]' end)
        """;

    const string TokenJson = """
        jsonb_build_object('id', t.id, 'label', t.label, 'createdAt', t.created_at, 'expiresAt', t.expires_at, 'lastUsedAt', t.last_used_at)
        """;

    static readonly string Selected = $"""
        select c.account_id, c.version, (select stamp from security.password where account_id = c.account_id) as stamp,
          (select jsonb_agg({SessionJson} order by s.last_active_at desc, s.id desc) from (
            select * from security.session where account_id = c.account_id and ended_at is null
              order by last_active_at desc, id desc limit {HeldCredentials.MostSessions}) s)::text as sessions,
          (select jsonb_agg({TokenJson}) from (
            select * from security.api_token where account_id = c.account_id and revoked_at is null
              order by expires_at desc limit {HeldCredentials.MostTokens}) t)::text as tokens
        from security.credentials c where c.account_id =
        """;

    /// <summary>One row, for <see cref="Read(IEnumerable{Row})"/>, in a look at what else there is of the account <c>@id</c>.</summary>
    public static readonly string OfOneSql = $"{Selected} @id";

    public sealed record Row(Guid Account_Id, long Version, Guid? Stamp, string? Sessions, string? Tokens);

    public static HeldCredentials? Read(IEnumerable<Row> rows) => rows.Select(Of).SingleOrDefault();

    static HeldCredentials Of(Row row) => new(new(row.Account_Id), row.Version, row.Stamp,
        row.Sessions is null ? [] : KernelJson.Read<HeldSession[]>(row.Sessions),
        row.Tokens is null ? [] : KernelJson.Read<HeldToken[]>(row.Tokens));

    public override string ReadSql => $"{Selected} any($1)";

    public override string LockSql =>
        "select account_id from security.credentials where account_id = any($1) order by account_id for update";

    public override HeldCredentials Read(DbDataReader row) => Of(new(row.GetGuid(0), row.GetInt64(1),
        row.IsDBNull(2) ? null : row.GetGuid(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)));

    public override Guid IdOf(HeldCredentials state) => state.Account.Value;

    public override HeldCredentials After(HeldCredentials? before, CredentialsFact fact) =>
        (before ?? HeldCredentials.None(fact.Account)).After(fact);

    /// <summary>The row itself has nothing but its version.</summary>
    public override bool IsRowAlone(HeldCredentials before, HeldCredentials after) => false;

    public override bool GrainWritesMore => true;

    /// <summary>Done to many accounts at once, past their grains: before anything else in the transaction that changes their sessions and
    /// tokens, and in a statement of its own, because one that waits for a row sees what stands beside it as it was.</summary>
    public static NpgsqlBatchCommand Raise(Guid[] accounts) => Statement.Of("""
        update security.credentials c set version = version + 1, raised_in = pg_current_xact_id()
        from (select account_id from security.credentials where account_id = any($1) order by account_id for update) held
        where c.account_id = held.account_id and c.raised_in is distinct from pg_current_xact_id()
        """, accounts);

    public override string UpdateSql => """
        update security.credentials c set version = n.version, raised_in = pg_current_xact_id()
        from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality as n(id, version, seen, no)
        where c.account_id = n.id and c.version = n.seen returning n.no
        """;

    public override void AddRows(NpgsqlParameterCollection to, IReadOnlyList<GrainChange<HeldCredentials>> changes)
    {
        to.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. changes.Select(c => c.After.Account.Value)] });
        to.Add(new NpgsqlParameter<long[]> { TypedValue = [.. changes.Select(c => c.After.Version)] });
        to.Add(new NpgsqlParameter<long[]> { TypedValue = [.. changes.Select(c => c.Before?.Version ?? 0)] });
    }

    public override void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<HeldCredentials>> changes)
    {
        Add([.. changes.Where(c => c.Before is null)], """
            insert into security.credentials (account_id, version, raised_in)
            select id, version, pg_current_xact_id() from unnest($1::uuid[], $2::bigint[], $3::bigint[]) n(id, version, seen)
            on conflict (account_id) do nothing returning 1
            """);
        Add([.. changes.Where(c => c.Before is not null)], UpdateSql);

        void Add(IReadOnlyList<GrainChange<HeldCredentials>> those, string sql)
        {
            if (those.Count == 0) return;
            var fence = new NpgsqlBatchCommand(
                $"with saved as ({sql}) select kernel.expect(cardinality($1::uuid[]), count(*)) from saved");
            AddRows(fence.Parameters, those);
            batch.BatchCommands.Add(fence);
        }
    }

    public override IEnumerable<NpgsqlBatchCommand> Beside(GrainCommand<HeldCredentials, CredentialsFact> command,
        CredentialsFact fact) =>
        MailOf(command, fact) is { } mail ? [.. Rows(command, fact), OutgoingMail.Insert([mail], fact.At)] : Rows(command, fact);

    static IEnumerable<NpgsqlBatchCommand> Rows(GrainCommand<HeldCredentials, CredentialsFact> command, CredentialsFact fact) =>
        (command, fact) switch
        {
            (BeginSession c, SessionBegun { Session: { } session } f) => Begun(c, f, session),
            (_, SessionUsed f) => [Noted("update security.session set last_active_at = $2 where id = $1", f.Session, f)],
            (_, SessionProved f) => [Noted("update security.session set proved_at = $2 where id = $1", f.Session, f)],
            (RenewSession c, SessionRenewed f) => Renewed(c, f),
            (RenewSession, SessionsEnded f) => [Ended([.. f.Sessions.Select(s => s.Id)], f.At, "refresh token used twice")],
            (LeaveSession, SessionsEnded f) => [Ended([.. f.Sessions.Select(s => s.Id)], f.At, "signed out")],
            (UndoSession c, SessionsEnded f) => [Ended([.. f.Sessions.Select(s => s.Id)], f.At, c.Why)],
            (EndDevice c, SessionsEnded f) => [Ended([.. f.Sessions.Select(s => s.Id)], f.At, Why(c.By))],
            (EndDevices c, SessionsEnded f) => [AllEnded(c, f)],
            (MakeToken c, TokenMade f) => [Statement.Of("""
                insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
                on conflict (id) do nothing
                """, f.Token.Id, f.Account.Value, c.Hash, f.Token.Label, f.At.UtcDateTime, f.Token.ExpiresAt.UtcDateTime)],
            (_, TokenUsed f) => [Noted("update security.api_token set last_used_at = $2 where id = $1", f.Token, f)],
            (_, TokenRevoked f) => [Noted("update security.api_token set revoked_at = $2 where id = $1", f.Token.Id, f)],
            _ => throw new InvalidOperationException($"{command.GetType().Name} brings no {fact.GetType().Name}"),
        };

    static NpgsqlBatchCommand Noted(string sql, Guid id, CredentialsFact fact) => Statement.Of(sql, id, fact.At.UtcDateTime);

    /// <summary>One that was begun before, by the same command, stays as it is: the entry's id then ends the transaction.</summary>
    static IEnumerable<NpgsqlBatchCommand> Begun(BeginSession command, SessionBegun fact, HeldSession session)
    {
        var begun = command.Session;
        yield return Statement.Of("""
            insert into security.session (id, token_hash, account_id, kind, device, agent, address, created_at, last_active_at, idle,
              ends_at, proved_at, by_provider) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $8, $11) on conflict (id) do nothing
            """, session.Id, begun.Hash, fact.Account.Value, session.Kind, session.Device, begun.Agent, session.Address,
            fact.At.UtcDateTime, begun.Idle, session.EndsAt.UtcDateTime, begun.ByProvider);
        if (begun.Refresh is { } refresh) yield return Refresh(refresh, session.Id);
        if (fact.Ended.Count > 0) yield return Ended([.. fact.Ended], fact.At, "too many devices");
    }

    static IEnumerable<NpgsqlBatchCommand> Renewed(RenewSession command, SessionRenewed fact) =>
    [
        Statement.Of("update security.refresh_token set used_at = $2 where token_hash = $1 and used_at is null", fact.Shown,
            fact.At.UtcDateTime),
        Refresh(fact.Next, fact.Session),
        Statement.Of("""
            update security.session set token_hash = $1, token_until = $2, last_active_at = $3, address = coalesce($4, address)
            where id = $5
            """, command.Access, (fact.At + command.AccessFor).UtcDateTime, fact.At.UtcDateTime, command.Origin.Address, fact.Session),
    ];

    static NpgsqlBatchCommand Refresh(byte[] hash, Guid session) => Statement.Of(
        "insert into security.refresh_token (token_hash, session_id) values ($1, $2) on conflict (token_hash) do nothing", hash, session);

    static NpgsqlBatchCommand Ended(Guid[] sessions, DateTimeOffset at, string why) => Statement.Of(
        "update security.session set ended_at = $2, ended_why = $3 where id = any($1) and ended_at is null", sessions, at.UtcDateTime, why);

    /// <summary>Whatever lives, also beyond what the grain remembers.</summary>
    static NpgsqlBatchCommand AllEnded(EndDevices command, SessionsEnded fact) => Statement.Of($"""
        update security.session set ended_at = $2, ended_why = $3
        where account_id = $1 and id is distinct from $4 and {SessionStore.IsLive("$2")}
        """, fact.Account.Value, fact.At.UtcDateTime, Why(command.By), command.ButNot);

    static string Why(OrganizationId? by) => by is null ? "signed out by the person" : "signed out by an admin";

    /// <summary>To whoever may not know of it yet; somebody's own doing needs none, but for what a thief would do.</summary>
    OutgoingMail? MailOf(GrainCommand<HeldCredentials, CredentialsFact> command, CredentialsFact fact)
    {
        if (command is not CredentialsDeed { Person: { Email.Length: > 0 } person }) return null;
        return (command, fact) switch
        {
            (BeginSession { Session.IsNew: true } c, SessionBegun { Session: { } session }) => new(person.Email,
                new NewDeviceLetter(person.Name, session.Device, c.Origin.Address ?? "an unknown address", fact.At.InLetters(),
                    address.Link("/account/sessions")), person.ManagedBy?.Value,
                DeterministicGuid.Of(person.Id, "new device", session.Device, session.Kind == SessionKind.Mobile)),
            (EndDevice { By: { } by }, SessionsEnded f) => LoggedOut(f.Sessions[0].Device, by),
            (EndDevices { By: { } by }, _) => LoggedOut("all your devices", by),
            (MakeToken, TokenMade f) => new(person.Email,
                new ApiTokenCreatedLetter(person.Name, f.Token.Label, f.Token.ExpiresAt.InLetters(), address.Link("/account/api-tokens")),
                person.ManagedBy?.Value),
            (RevokeToken { By: { } by }, TokenRevoked f) => new(person.Email,
                new ApiTokenRevokedLetter(person.Name, f.Token.Label, address.Link("/account/api-tokens")), by.Value),
            _ => null,
        };

        OutgoingMail LoggedOut(string device, OrganizationId by) =>
            new(person.Email, new LoggedOutLetter(person.Name, device, address.Link("/sign-in")), by.Value);
    }

    /// <summary>Deeds of somebody; that a session or a token is used is none, nor is that a session goes on.</summary>
    public override AuditEntry? EntryOf(GrainCommand<HeldCredentials, CredentialsFact> command, HeldCredentials? before,
        HeldCredentials after, CredentialsFact fact, DateTimeOffset now)
    {
        var (origin, person) = (command.Origin, (command as CredentialsDeed)?.Person);
        return (command, fact) switch
        {
            (BeginSession c, SessionBegun { Session: { } session }) => Entry(SecurityActions.SignedIn, "device", session.Device,
                origin with { Actor = c.Account.Value },
                c.Session.ByProvider ? KernelJson.Write(new { through = "identity provider" }) : null),
            (RenewSession, SessionsEnded) => Entry(SecurityActions.RefreshTokenReused),
            (LeaveSession c, _) => Entry(SecurityActions.SignedOut, by: origin with { Actor = c.Account.Value }),
            (EndDevice, SessionsEnded f) => Entry(SecurityActions.DeviceLoggedOut, "device", f.Sessions[0].Device),
            (EndDevices, _) => Entry(SecurityActions.LoggedOutEverywhere),
            (MakeToken, TokenMade f) => Entry(SecurityActions.ApiTokenCreated, "label", f.Token.Label),
            (RevokeToken, TokenRevoked f) => Entry(SecurityActions.ApiTokenRevoked, "label", f.Token.Label),
            _ => null,
        };

        AuditEntry Entry(string action, string? name = null, string? value = null, Origin? by = null, string? shown = null) => new(
            command.CommandId, now, command is LeaveSession left ? left.Organization : person?.ManagedBy?.Value, by ?? origin,
            command.Target, action, After: shown, Personal: name is null ? null : AuditLabels.Personal(name, value!));
    }

    /// <summary>The entry says that it was done, and the rows what; their times are the entry's.</summary>
    public override string DoneSql => $"""
        select done.id, done.fact, (done.said || jsonb_build_object('account', done.subject_id, 'at', done.at))::text, null::text from (
          select e.id, e.subject_id, e.at, 'SessionBegun' as fact, '{EmptyEnded}'::jsonb as said
          from kernel.audit_entry e where e.id = any($1) and e.action = '{SecurityActions.SignedIn}'
          union all
          select e.id, e.subject_id, e.at, 'SessionsEnded', jsonb_build_object('sessions', coalesce((
            select jsonb_agg({SessionJson}) from security.session s where s.account_id = e.subject_id and s.ended_at = e.at), '[]'))
          from kernel.audit_entry e where e.id = any($1) and e.action in ('{SecurityActions.DeviceLoggedOut}',
            '{SecurityActions.LoggedOutEverywhere}', '{SecurityActions.SignedOut}', '{SecurityActions.RefreshTokenReused}')
          union all
          select e.id, e.subject_id, e.at, 'TokenMade', jsonb_build_object('token', {TokenJson})
          from kernel.audit_entry e join security.api_token t on t.id = e.id
          where e.id = any($1) and e.action = '{SecurityActions.ApiTokenCreated}'
          union all
          select e.id, e.subject_id, e.at, 'TokenRevoked', jsonb_build_object('token', {TokenJson})
          from kernel.audit_entry e join security.api_token t on t.account_id = e.subject_id and t.revoked_at = e.at
          where e.id = any($1) and e.action = '{SecurityActions.ApiTokenRevoked}') done
        """;

    const string EmptyEnded = """{"ended": []}""";

    public override IEnumerable<NpgsqlBatchCommand> Behind(GrainCommand<HeldCredentials, CredentialsFact> command, CredentialsFact fact) =>
        command is BeginSession begun ? Looks(begun, fact.At) : [];

    /// <summary>What is seen behind a session that has begun waits for nothing with the session in hand, and sees all that was committed
    /// before. Whoever is in it has shown the password.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Looks(BeginSession begun, DateTimeOffset now)
    {
        if (begun.Right is { } right)
            foreach (var back in Throttle.GivingBack(right)) yield return back;
        yield return new NoteActivity(begun.Account, now).Statement;
        yield return PasswordStore.Settled(begun.Account);
        yield return StillTheSame.Statement(begun.Person);
    }

    public override async Task<CredentialsFact> ReadBehind(NpgsqlDataReader rows, CredentialsFact fact)
    {
        if (fact is not SessionBegun begun) return fact;
        await rows.NextResultAsync(); // behind the fence
        return begun with { Found = await Found(rows) };
    }

    /// <summary>What <see cref="Looks"/> have found.</summary>
    public static async Task<FoundBehind> Found(NpgsqlDataReader rows)
    {
        var password = await rows.ReadAsync() ? PasswordStore.Read(rows) : null;
        await rows.NextResultAsync();
        return new(password?.Stamp, password?.MustChange ?? false, await rows.ReadAsync() && rows.GetBoolean(0));
    }

    public override Guid? OrganizationOf(HeldCredentials? before, HeldCredentials after, CredentialsFact fact) => null;

    public override IReadOnlyList<AuditedValue> Shown(HeldCredentials? state) => [];
}
