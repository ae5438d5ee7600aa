namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>Whom an organization manages, and who administers it.</summary>
sealed class ManagedAccounts(NpgsqlDataSource database, RecentDomainCounts recent)
    : IRequestHandler<WhichAreManaged, IReadOnlyList<AccountId>>, IRequestHandler<FindManagedAccounts, Outcome<ManagedAccountsFound>>,
    IRequestHandler<ManagesAnybody, bool>, IRequestHandler<WhoAdministers, IReadOnlyList<AccountId>>,
    IRequestHandler<CountAccountsOnDomains, IReadOnlyDictionary<string, DomainAccountCount>>
{
    public async Task<IReadOnlyList<AccountId>> Handle(WhichAreManaged query, CancellationToken ct) =>
        [.. (await database.Rows<Guid>("select id from accounts.account where id = any(@ids) and managed_by = @organization",
            new { ids = query.Accounts.Select(a => a.Value).ToArray(), organization = query.Organization.Value }, ct))
                .Select(id => new AccountId(id))];

    public async Task<Outcome<ManagedAccountsFound>> Handle(FindManagedAccounts query, CancellationToken ct)
    {
        var file = await ReadAddressListHandler.Read(query.List, ct);
        if (!file.Granted) return file.Refusal;
        var found = (
            await database.Rows<(string Email, Guid Id)>(
                "select email, id from accounts.account where email = any(@emails) and managed_by = @organization",
            new { emails = file.Value.Emails.Keys.Select(e => e.Value).ToArray(), organization = query.Organization.Value }, ct))
                .ToDictionary(r => r.Email, r => new AccountId(r.Id));
        return new ManagedAccountsFound(
            [.. found.Values],
            [.. file.Value.BadLines.Concat(file.Value.Emails.Where(e => !found.ContainsKey(e.Key.Value))
                .Select(e => e.Value.Refuse(new NoManagedAccount().Sentence))).OrderBy(b => b.Line)]);
    }

    public async Task<IReadOnlyList<AccountId>> Handle(WhoAdministers query, CancellationToken ct) =>
        [.. (await database.Rows<Guid>("select id from accounts.account where admin_of @> array[@id]",
            new { id = query.Organization.Value }, ct)).Select(id => new AccountId(id))];

    public async Task<bool> Handle(ManagesAnybody query, CancellationToken ct) =>
        await database.Value<bool>("select exists (select from accounts.account where managed_by = @id)",
            new { id = query.Organization.Value }, ct);

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
        var (all, ours, free, listed) = await connection.QuerySingleAsync<(long, long, long, long)>("""
            select count(*) filter (where not newcomer), count(*) filter (where not newcomer and managed_by = @organization),
              count(*) filter (where not newcomer and managed_by is null and not coalesce(excluded_by @> array[@organization], false)),
              count(*) filter (where managed_by = @organization)
            from (select managed_by, excluded_by, state = 0 and signed_up as newcomer from accounts.account where domain = @domain) a
            """, new { organization = organization.Value, domain });
        return new(all, ours, free, listed);
    }
}

/// <summary>Counts of large domains cost a tenth of a second, and pages ask often: they are held for a moment.</summary>
sealed class RecentDomainCounts(TimeProvider clock)
    : HeldAnswers<(OrganizationId Organization, string Domain), DomainAccountCount>(clock, TimeSpan.FromSeconds(5));
