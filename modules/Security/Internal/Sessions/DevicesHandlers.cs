using Row = (System.Guid Id, string Device, string Kind, string? Address, System.DateTime CreatedAt, System.DateTime LastActiveAt);

namespace DirectoryPlatform.Security.Internal.Sessions;

sealed class DevicesHandlers(NpgsqlDataSource database, UnitOfWork work, IMediator mediator, ProductUrl address, TimeProvider clock)
    : IRequestHandler<ReadDevices, Outcome<IReadOnlyList<DeviceView>>>, IRequestHandler<LogOutDevice, Outcome<DeviceView>>,
    IRequestHandler<LogOutEverywhere, Outcome<long>>
{
    const string Shown = "id, device, kind, address, created_at, last_active_at";
    static readonly string IsLive = SessionStore.IsLive("@now");

    public async Task<Outcome<IReadOnlyList<DeviceView>>> Handle(ReadDevices query, CancellationToken ct)
    {
        var account = await mediator.Visible(query.Account, query.By, ct);
        if (!account.Granted) return account.Refusal;
        return (await database.Rows<Row>(LiveSql,
            new { id = query.Account.Value, now = clock.GetUtcNow().UtcDateTime }, ct)).Select(View).ToArray();
    }

    /// <summary>Rows for <see cref="View"/>.</summary>
    public static readonly string LiveSql =
        $"select {Shown} from security.session where account_id = @id and {IsLive} order by last_active_at desc, id desc "
        + $"limit {SessionStore.MostDevices}";

    public async Task<Outcome<DeviceView>> Handle(LogOutDevice command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        return await work.Run<DeviceView>(command.Origin, async change =>
        {
            if (await change.Rows<Row>(
                $"update security.session set ended_at = @now, ended_why = @why where id = @device and account_id = @account "
                + $"and {IsLive} returning {Shown}", new
                {
                    device = command.Device,
                    account = command.Account.Value,
                    why = Why(command.By),
                    now = change.Now.UtcDateTime,
                }) is not [var ended]) return new NoSuchDevice();
            WriteAudit(change, account.Value, command.By, SecurityActions.DeviceLoggedOut, ended.Device);
            return View(ended);
        }, ct);
    }

    public async Task<Outcome<long>> Handle(LogOutEverywhere command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        return await work.Run<long>(command.Origin, async change =>
        {
            var sessions = await change.Write($"""
                update security.session set ended_at = @now, ended_why = @why
                where id in (select id from security.session where account_id = @account and id is distinct from @butNot and {IsLive}
                  order by id for update)
                """, new
            {
                account = command.Account.Value,
                butNot = command.ButNot,
                why = Why(command.By),
                now = change.Now.UtcDateTime,
            });
            if (sessions == 0) change.Unchanged();
            else WriteAudit(change, account.Value, command.By, SecurityActions.LoggedOutEverywhere, null);
            return sessions;
        }, ct);
    }

    void WriteAudit(Change change, AccountView account, OrganizationId? by, string action, string? device)
    {
        change.WriteAudit(account.ManagedBy, account.Id.Value, action, personal: device is null ? null : new { device });
        if (by is { } organization && account.Email.Length > 0)
            change.QueueMail(new(account.Email,
                new LoggedOutLetter(account.Name, device ?? "all your devices", address.Link("/sign-in")), organization.Value));
    }

    static string Why(OrganizationId? by) => by is null ? "logged out by the person" : "logged out by an admin";

    public static DeviceView View(Row s) => new(s.Id, s.Device, s.Kind, s.Address, s.CreatedAt, s.LastActiveAt);
}

/// <summary>Authorisation from the target's own row (SPEC S8).</summary>
static class Visibility
{
    /// <param name="by">Null for the person, whose own account the caller has from the session.</param>
    /// <returns><see cref="NotFound"/> when the organization does not manage the account, as when there is none.</returns>
    public static async Task<Outcome<AccountView>> Visible(this IMediator mediator, AccountId account, OrganizationId? by,
        CancellationToken ct)
    {
        var found = await mediator.Send(new ReadAccount(account), ct);
        return found.Granted && (by is null || found.Value.ManagedBy == by) ? found : new NotFound("account");
    }
}
