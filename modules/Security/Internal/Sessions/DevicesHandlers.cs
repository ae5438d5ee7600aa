using Row = (System.Guid Id, string Device, string Kind, string? Address, System.DateTime CreatedAt, System.DateTime LastActiveAt);

namespace DirectoryPlatform.Security.Internal.Sessions;

sealed class DevicesHandlers(NpgsqlDataSource database, IGrains<HeldCredentials, CredentialsFact> grains, IMediator mediator,
    MailQueue mails, TimeProvider clock)
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
        var ended = await grains.Turn(new EndDevice(account.Value, command.Device, command.By, command.Origin), ct);
        if (!ended.Granted) return ended.Refusal;
        Ended(command.By);
        return ((SessionsEnded)ended.Value).Sessions is [var s]
            ? new DeviceView(s.Id, s.Device, s.Kind, s.Address, s.CreatedAt, s.LastActiveAt)
            : new NoSuchDevice();
    }

    public async Task<Outcome<long>> Handle(LogOutEverywhere command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        var ended = await grains.Turn(new EndDevices(account.Value, command.ButNot, command.By, command.Origin), ct);
        Ended(command.By);
        // Who was signed in nowhere is so still.
        return ended.Granted ? ((SessionsEnded)ended.Value).Sessions.Count : ended.Refusal is NoSuchDevice ? 0 : ended.Refusal;
    }

    void Ended(OrganizationId? by)
    {
        if (by is not null) mails.WakeSender();
    }

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
