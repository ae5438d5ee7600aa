namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>Questions to the account rows.</summary>
sealed class AccountReading(NpgsqlDataSource database)
    : IRequestHandler<ReadAccount, Outcome<AccountView>>, IRequestHandler<FindAccount, AccountView?>, IRequestHandler<FindPerson, Person?>,
    IRequestHandler<ReadAccounts, IReadOnlyList<AccountView>>, IRequestHandler<FindAccounts, IReadOnlyList<AccountView>>,
    IRequestHandler<ReadTraits, AccountTraits?>
{
    public async Task<Outcome<AccountView>> Handle(ReadAccount query, CancellationToken ct) =>
        await Of("id", query.Account.Value, ct) is { } account ? View(account) : new NotFound("account");

    public async Task<AccountView?> Handle(FindAccount query, CancellationToken ct) =>
        await Of("email", query.Email.Value, ct) is { } account ? View(account) : null;

    public async Task<Person?> Handle(FindPerson query, CancellationToken ct) =>
        (query.Email is { } email ? await Whole("email", email.Value, ct) : await Whole("id", query.Account!.Value.Value, ct))
            is { } account ? new(View(account), new(account.Email?.Domain ?? "", account.Profile))
            : null;

    public Task<IReadOnlyList<AccountView>> Handle(ReadAccounts query, CancellationToken ct) =>
        Views("id", query.Accounts.Select(a => a.Value).ToArray(), ct);

    public Task<IReadOnlyList<AccountView>> Handle(FindAccounts query, CancellationToken ct) =>
        Views("email", query.Emails.Select(e => e.Value).ToArray(), ct);

    public async Task<AccountTraits?> Handle(ReadTraits query, CancellationToken ct) =>
        await Whole("id", query.Account.Value, ct) is { Email: { } email } account ? new(email.Domain, account.Profile) : null;

    async Task<IReadOnlyList<AccountView>> Views(string by, object values, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select {AccountStore.Columns} from accounts.account where {by} = any($1)");
        command.Parameters.Add(new() { Value = values });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new List<AccountView>();
        while (await rows.ReadAsync(ct)) found.Add(View(AccountStore.ReadRow(rows)));
        return found;
    }

    public async Task<Account?> Of(string where, object value, CancellationToken ct = default)
    {
        await using var command = database.CreateCommand($"select {AccountStore.Columns} from accounts.account where {where} = $1");
        command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? AccountStore.ReadRow(row) : null;
    }

    /// <summary>With the profile.</summary>
    public async Task<Account?> Whole(string where, object value, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select {AccountStore.Columns}, {ProfileColumns.Selected} from accounts.account a "
            + $"left join accounts.profile p on p.account_id = a.id where a.{where} = $1");
        command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? AccountStore.ReadWhole(row) : null;
    }

    /// <summary>With the profile, and where the account is the only admin who can act, as of this moment: for what is offered, while a turn
    /// decides under the roster's lock.</summary>
    public async Task<Account?> WithRoster(AccountId id, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        foreach (var sql in (string[])[
            "select o from accounts.account a cross join unnest(a.admin_of) o where a.id = $1 and a.state = 1 and not exists ("
            + "select from accounts.account b where b.admin_of @> array[o] and b.state = 1 and b.id <> a.id)",
            $"select {AccountStore.Columns}, {ProfileColumns.Selected} from accounts.account a "
            + "left join accounts.profile p on p.account_id = a.id where a.id = $1"])
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = id.Value } } });
        var only = new List<OrganizationId>();
        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) only.Add(new(rows.GetGuid(0)));
        await rows.NextResultAsync(ct);
        return await rows.ReadAsync(ct) ? AccountStore.ReadWhole(rows) with { OnlyAdminOf = only } : null;
    }

    /// <summary>Addresses of those who can act as admins of the organization.</summary>
    public Task<IReadOnlyList<string>> AdminsOf(OrganizationId organization) =>
        database.Rows<string>(
            "select email from accounts.account where admin_of @> array[@id] and state = 1 order by email",
            new { id = organization.Value });

    /// <summary>Who is written to: those of them that still have an address.</summary>
    public Task<IReadOnlyList<(Guid Id, string Name, string Email, short State)>> AddressesOf(IReadOnlyList<AccountId> ids,
        CancellationToken ct) =>
        database.Rows<(Guid Id, string Name, string Email, short State)>(
            "select id, name, email, state from accounts.account where id = any(@ids) and email is not null",
            new { ids = ids.Select(id => id.Value).ToArray() }, ct);

    public static AccountView View(Account a) => new(
        a.Id, a.Email?.Value ?? "", a.Name, a.State, a.ManagedBy, a.AdminOf, a.State is AccountState.Deactivated
            ? a.DeactivationMessage
            : null, a.DeletionDueAt, a.Version)
    { ClaimedAt = a.ClaimedAt, DeletionBy = a.DeletionBy };
}

/// <returns>Whether a row was written.</returns>
sealed class NoteActivityHandler(NpgsqlDataSource database) : IRequestHandler<NoteActivity, bool>
{
    public async Task<bool> Handle(NoteActivity command, CancellationToken ct)
    {
        await using var note = database.CreateBatch();
        note.BatchCommands.Add(command.Statement);
        return await note.ExecuteNonQueryAsync(ct) == 1;
    }
}
