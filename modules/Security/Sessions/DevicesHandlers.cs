using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security.Sessions;

sealed class DevicesHandlers(NpgsqlDataSource database, IMediator mediator, RecentVisitors recent, PublicAddress address, Post post,
    TimeProvider clock)
    : IRequestHandler<ReadDevices, Outcome<IReadOnlyList<DeviceView>>>, IRequestHandler<LogOutDevice, Outcome<DeviceView>>,
    IRequestHandler<LogOutEverywhere, Outcome<long>>
{
    const string Shown = "id, device, kind, address, created_at, last_active_at";
    static readonly string IsLive = SessionStore.IsLive("@now");

    public async Task<Outcome<IReadOnlyList<DeviceView>>> Handle(ReadDevices query, CancellationToken ct)
    {
        var account = await mediator.Visible(query.Account, query.By, ct);
        if (!account.Granted) return account.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await Rows(connection, LiveSql, new { id = query.Account.Value, now = Now.UtcDateTime }, null)).ToArray();
    }

    /// <summary>Rows for <see cref="View"/>.</summary>
    public static readonly string LiveSql =
        $"select {Shown} from security.session where account_id = @id and {IsLive} order by last_active_at desc, id desc "
        + $"limit {SessionStore.MostDevices}";

    public async Task<Outcome<DeviceView>> Handle(LogOutDevice command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        var now = Now;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var ended = await Rows(connection,
            $"update security.session set ended_at = @now, ended_why = @why where id = @device and account_id = @account "
            + $"and {IsLive} returning {Shown}",
            new { device = command.Device, account = command.Account.Value, why = Why(command.By), now = now.UtcDateTime }, transaction);
        if (ended is not [var device]) return new NoSuchDevice();
        await Tell(connection, transaction, account.Value, command.By, command.Origin, "DeviceLoggedOut", device.Name, now, ct);
        await transaction.CommitAsync(ct);
        recent.Forget();
        post.Hurry();
        return device;
    }

    public async Task<Outcome<long>> Handle(LogOutEverywhere command, CancellationToken ct)
    {
        var account = await mediator.Visible(command.Account, command.By, ct);
        if (!account.Granted) return account.Refusal;
        var now = Now;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        long ended = await connection.ExecuteAsync($"""
            update security.session set ended_at = @now, ended_why = @why
            where id in (select id from security.session where account_id = @account and id is distinct from @butNot and {IsLive}
              order by id for update)
            """,
            new { account = command.Account.Value, butNot = command.ButNot, why = Why(command.By), now = now.UtcDateTime }, transaction);
        if (ended == 0) return 0L;
        await Tell(connection, transaction, account.Value, command.By, command.Origin, "LoggedOutEverywhere", null, now, ct);
        await transaction.CommitAsync(ct);
        recent.Forget();
        post.Hurry();
        return ended;
    }

    /// <summary>Audit entry and mail stand beside the change, in its transaction.</summary>
    async Task Tell(NpgsqlConnection connection, NpgsqlTransaction transaction, AccountView account, OrganizationId? by, Origin origin,
        string action, string? device, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
                { AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, account.ManagedBy?.Value, origin, account.Id.Value, action, null, null, null, null,
                        device is null ? null : AuditLabels.Personal("device", device))]) },
        };
        if (by is { } organization && account.Email.Length > 0)
            batch.BatchCommands
                .Add(new Mail(account.Email, new LoggedOutLetter(account.Name, device ?? "all your devices", address.Link("/sign-in")),
                    organization.Value).Insert(now));
        await batch.ExecuteNonQueryAsync(ct);
    }

    static string Why(OrganizationId? by) => by is null ? "logged out by the person" : "logged out by an admin";

    static async Task<List<DeviceView>> Rows(NpgsqlConnection connection, string sql, object values, NpgsqlTransaction? transaction) =>
        [.. (await connection.QueryAsync<Row>(sql, values, transaction)).Select(View)];

    public sealed record Row(Guid Id, string Device, string Kind, string? Address, DateTime Created_At, DateTime Last_Active_At);

    public static DeviceView View(Row s) => new(s.Id, s.Device, s.Kind, s.Address, s.Created_At, s.Last_Active_At);

    DateTimeOffset Now => clock.GetUtcNow();
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
