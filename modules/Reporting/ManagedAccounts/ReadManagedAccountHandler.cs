using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting.Audit;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.ManagedAccounts;

sealed class ReadManagedAccountHandler(NpgsqlDataSource database, IMediator mediator)
    : IRequestHandler<ReadManagedAccount, Outcome<ManagedAccountProfile>>
{
    const int MaxHistory = 100;

    public async Task<Outcome<ManagedAccountProfile>> Handle(ReadManagedAccount query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select a.id, a.version, a.name, a.email, a.state, a.created_at as createdAt, a.claimed_at as claimedAt, a.deactivation_reason
              as reason, a.deactivation_message as message,
              a.deletion_due_at as dueAt, coalesce(a.admin_of @> array[@organization], false) as isAdmin, l.last_active_at as lastActiveAt
            from accounts.v_account a left join security.v_last_active l on l.account_id = a.id
            where a.id = @account and a.managed_by = @organization
            """, new { account = query.Account.Value, organization = query.Organization.Value });
        if (row is null) return new NotFound("account");
        return new ManagedAccountProfile(
            query.Account, row.Name, row.Email ?? "", (AccountState)row.State, row.CreatedAt, row.ClaimedAt, row.Reason, row.Message,
            row.DueAt, row.IsAdmin, row.LastActiveAt, row.Version,
            await mediator.Send(new OfferedActions(query.Account, query.Organization, query.Viewer), ct), await History(connection, query));
    }

    /// <summary>What this organization did or saw, and what the person did before it was managed; another organization's time with the
    /// account stays that organization's.</summary>
    static async Task<IReadOnlyList<HistoryLine>> History(NpgsqlConnection connection, ReadManagedAccount query)
    {
        var rows = await connection.QueryAsync<Entry>("""
            select e.at, e.action, e.means, w.name as actor, e.before::text as before, e.after::text as after, e.personal::text as personal
            from kernel.audit_entry e left join accounts.v_account w on w.id = e.actor_id
            where e.subject_id = @account and (e.organization_id = @organization or e.organization_id is null)
              order by e.at desc, e.id desc limit @MaxHistory
            """, new { account = query.Account.Value, organization = query.Organization.Value, MaxHistory });
        return [.. rows.Select(Line)];
    }

    static HistoryLine Line(Entry entry) =>
        HistoryLines.Of(entry.At, entry.Action, entry.Actor, entry.Means, entry.Before, entry.After, entry.Personal);

    sealed record Row
    {
        public Guid Id { get; init; }
        public long Version { get; init; }
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public short State { get; init; }
        public DateTime CreatedAt { get; init; }
        public DateTime? ClaimedAt { get; init; }
        public string? Reason { get; init; }
        public string? Message { get; init; }
        public DateTime? DueAt { get; init; }
        public bool IsAdmin { get; init; }
        public DateTime? LastActiveAt { get; init; }
    }

    sealed record Entry
    {
        public DateTime At { get; init; }
        public string Action { get; init; } = "";
        public string Means { get; init; } = "";
        public string? Actor { get; init; }
        public string? Before { get; init; }
        public string? After { get; init; }
        public string? Personal { get; init; }
    }
}
