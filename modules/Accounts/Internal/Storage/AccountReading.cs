using Dapper;
using DirectoryPlatform.Accounts.Internal.AddressLists;
using DirectoryPlatform.Domains;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>Questions to the account rows.</summary>
sealed class AccountReading(NpgsqlDataSource database)
{
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
    public async Task<IReadOnlyList<string>> AdminsOf(OrganizationId organization)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>(
            "select email from accounts.account where admin_of @> array[@id] and state = 1 order by email",
            new { id = organization.Value })).AsList();
    }

    /// <summary>Who is written to: those of them that still have an address.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name, string Email)>> AddressesOf(IReadOnlyList<AccountId> ids, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid, string, string)>(
            "select id, name, email from accounts.account where id = any(@ids) and email is not null",
            new { ids = ids.Select(id => id.Value).ToArray() })).AsList();
    }

    public static AccountView View(Account a) => new(
        a.Id, a.Email?.Value ?? "", a.Name, a.State, a.ManagedBy, a.AdminOf, a.State is AccountState.Deactivated
            ? a.DeactivationMessage
            : null, a.DeletionDueAt, a.Version)
    { ClaimedAt = a.ClaimedAt };
}

sealed class ReadAccountHandler(AccountReading accounts)
    : IRequestHandler<ReadAccount, Outcome<AccountView>>, IRequestHandler<FindAccount, AccountView?>, IRequestHandler<FindPerson, Person?>
{
    public async Task<Person?> Handle(FindPerson query, CancellationToken ct) =>
        (query.Email is { } email
            ? await accounts.Whole("email", email.Value, ct)
            : await accounts.Whole("id", query.Account!.Value.Value, ct)) is { } account
            ? new(AccountReading.View(account), new(account.Email?.Domain ?? "", account.Profile))
            : null;

    public async Task<Outcome<AccountView>> Handle(ReadAccount query, CancellationToken ct) =>
        await accounts.Of("id", query.Account.Value, ct) is { } account ? AccountReading.View(account) : new NotFound("account");

    public async Task<AccountView?> Handle(FindAccount query, CancellationToken ct) =>
        await accounts.Of("email", query.Email.Value, ct) is { } account ? AccountReading.View(account) : null;
}

sealed class ManagedAccountsHandler(NpgsqlDataSource database)
    : IRequestHandler<WhichAreManaged, IReadOnlyList<AccountId>>, IRequestHandler<FindManagedAccounts, Outcome<ManagedAccountsFound>>
{
    public async Task<IReadOnlyList<AccountId>> Handle(WhichAreManaged query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<Guid>("select id from accounts.account where id = any(@ids) and managed_by = @organization",
            new { ids = query.Accounts.Select(a => a.Value).ToArray(), organization = query.Organization.Value }))
                .Select(id => new AccountId(id))];
    }

    public async Task<Outcome<ManagedAccountsFound>> Handle(FindManagedAccounts query, CancellationToken ct)
    {
        var file = await ReadAddressListHandler.Read(query.List, ct);
        if (!file.Granted) return file.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        var found = (
            await connection.QueryAsync<(string Email, Guid Id)>(
                "select email, id from accounts.account where email = any(@emails) and managed_by = @organization",
            new { emails = file.Value.Emails.Keys.Select(e => e.Value).ToArray(), organization = query.Organization.Value }))
                .ToDictionary(r => r.Email, r => new AccountId(r.Id));
        return new ManagedAccountsFound(
            [.. found.Values],
            [.. file.Value.BadLines.Concat(file.Value.Emails.Where(e => !found.ContainsKey(e.Key.Value))
                .Select(e => e.Value.Refuse(new NoManagedAccount().Sentence))).OrderBy(b => b.Line)]);
    }
}

/// <summary>Counts of large domains cost a tenth of a second, and pages ask often: they are held for a moment.</summary>
sealed class RecentDomainCounts(TimeProvider clock)
    : HeldAnswers<(OrganizationId Organization, string Domain), DomainAccountCount>(clock, TimeSpan.FromSeconds(5));

sealed class CountAccountsOnDomainsHandler(NpgsqlDataSource database, RecentDomainCounts recent)
    : IRequestHandler<CountAccountsOnDomains, IReadOnlyDictionary<string, DomainAccountCount>>
{
    public async Task<IReadOnlyDictionary<string, DomainAccountCount>> Handle(CountAccountsOnDomains query, CancellationToken ct)
    {
        var counts = new Dictionary<string, DomainAccountCount>();
        foreach (var domain in query.Domains)
            counts[domain] = await recent.Ask((query.Organization, domain), _ => Count(query.Organization, domain));
        return counts;
    }

    async Task<DomainAccountCount> Count(OrganizationId organization, string domain)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (all, ours, free) = await connection.QuerySingleAsync<(long, long, long)>("""
            select count(*), count(*) filter (where managed_by = @organization),
              count(*) filter (where managed_by is null and not coalesce(excluded_by @> array[@organization], false))
            from accounts.account where domain = @domain and not (state = 0 and signed_up)
            """, new { organization = organization.Value, domain });
        return new(all, ours, free);
    }
}
