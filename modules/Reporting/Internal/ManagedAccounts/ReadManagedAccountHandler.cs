using DirectoryPlatform.Reporting.Internal.Audit;

namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

sealed class ReadManagedAccountHandler(NpgsqlDataSource database, IMediator mediator)
    : IRequestHandler<ReadManagedAccount, Outcome<ManagedAccountProfile>>
{
    const string Text = $"""
        select a.id, a.version, a.name, a.email, a.state, a.created_at as createdAt, a.claimed_at as claimedAt, a.deactivation_reason
          as reason, a.deactivation_message as message,
          a.deletion_due_at as dueAt, coalesce(a.admin_of @> array[@organization], false) as isAdmin, l.last_active_at as lastActiveAt
        from accounts.v_account a left join security.v_last_active l on l.account_id = a.id
        where a.id = @account and a.managed_by = @organization;
        select directory_id, name, user_name, changed_at from directory.v_provisioned_user
          where account_id = @account and organization_id = @organization;
        select {AuditLines.Columns} from kernel.v_audit_entry e {AuditLines.Names}
        where e.subject_id = @account and (e.organization_id = @organization or e.organization_id is null)
          order by e.at desc, e.id desc limit @Recent
        """;

    public async Task<Outcome<ManagedAccountProfile>> Handle(ReadManagedAccount query, CancellationToken ct)
    {
        var profile = await mediator.Send(
            new ReadProfile(query.Account, query.Organization, query.Viewer) { Asker = query.Asker }, ct);
        if (!profile.Granted) return profile.Refusal;
        var (found, owner, lines) = await Read(query, ct);
        if (found is not { } row) return new NotFound("account");
        return new ManagedAccountProfile(
            query.Account, row.Name, row.Email ?? "", (AccountState)row.State, row.CreatedAt, row.ClaimedAt, row.Reason, row.Message,
            row.DueAt, row.IsAdmin, row.LastActiveAt, row.Version, profile.Value.Actions)
        {
            Profile = profile.Value,
            Owner = owner,
            History = await AuditEvents.Of(database, query.Organization, lines),
        };
    }

    /// <summary>Gives its connection back: the names in the history take one of their own.</summary>
    async Task<(Row? Account, DirectoryOfPerson? Owner, IReadOnlyList<AuditLine> Lines)> Read(ReadManagedAccount query,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync(Text,
            new { account = query.Account.Value, organization = query.Organization.Value, query.Recent });
        if (await all.ReadSingleOrDefaultAsync<Row>() is not { } row) return (null, null, []);
        var owner = (await all.ReadAsync<(Guid Id, string Name, string UserName, DateTime ChangedAt)>())
            .Select(d => new DirectoryOfPerson(new(d.Id), d.Name, d.UserName, d.ChangedAt)).SingleOrDefault();
        return (row, owner, [.. (await all.ReadAsync<(Guid, DateTime, string, string?, string, string?, string?, string?, Guid?, string?,
            Guid, string?, string?, Guid?, string?)>()).Select(AuditLines.Line)]);
    }

    sealed record Row(
        Guid Id, long Version, string Name, string? Email, short State, DateTime CreatedAt, DateTime? ClaimedAt, string? Reason,
        string? Message, DateTime? DueAt, bool IsAdmin, DateTime? LastActiveAt);
}
