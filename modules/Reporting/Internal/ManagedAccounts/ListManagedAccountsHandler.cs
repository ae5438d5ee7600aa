using DirectoryPlatform.Reporting.Internal.Users;

namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>Which managed accounts a filter means.</summary>
sealed class ManagedAccountRows(AccountConditions conditions, RareSearch search)
{
    public async Task<ListRows> Of(OrganizationId organization, ManagedAccountFilter filter, DateTimeOffset now,
        NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        var where = await conditions.Where(filter, organization, now, parameters, ct);
        var narrowed = await search.Narrow("select account_id from accounts.v_search where text like $1", filter.SearchText,
            SearchKey.Pattern, parameters, ct);
        return new("accounts.v_listed a", narrowed is null ? where : $"{where} and {narrowed}");
    }
}

sealed class ListManagedAccountsHandler(NpgsqlDataSource database, ManagedAccountRows rows, IMediator mediator, TimeProvider clock)
    : IRequestHandler<ListManagedAccounts, Outcome<ListPage<ManagedAccountRow>>>, IRequestHandler<CountMatchingAccounts, long>
{
    static readonly KeysetList<ManagedAccountRow> List = new()
    {
        Name = "managedAccounts",
        Columns = "a.id, a.name, a.email, a.state, a.last_active_at, a.claimed_at",
        Row = r => new(new(r.GetGuid(0)), r.GetString(1), r.IsDBNull(2) ? "" : r.GetString(2), (AccountState)r.GetInt16(3),
            PeopleOrders.Seen(r.GetDateTime(4)), r.GetDateTime(5)),
        Orders = PeopleOrders.All,
    };

    public async Task<Outcome<ListPage<ManagedAccountRow>>> Handle(ListManagedAccounts query, CancellationToken ct)
    {
        var listed = List.Page(database, new(query.Sort, query.Descending, query.Cursor, query.Size),
            values => rows.Of(query.Organization, query.Filter ?? ManagedAccountFilter.Everybody, clock.GetUtcNow(), values, ct), ct);
        // While the database looks for the page, which is on its way already.
        var policies = await mediator.Send(new ReadPolicyAssignment(query.Organization), ct);
        var page = await listed;
        return page.Granted ? page.Value.With(await Furnished(page.Value.Rows, query.Organization, policies, ct)) : page.Refusal;
    }

    public Task<long> Handle(CountMatchingAccounts query, CancellationToken ct) => ListRows.Count(database, query.Limit,
        values => rows.Of(query.Organization, query.Filter, clock.GetUtcNow(), values, ct), ct);

    /// <summary>What stands beside the rows of this page alone: by ids,
    /// so that one plan serves every page and the page's own query is planned quickly.</summary>
    async Task<IReadOnlyList<ManagedAccountRow>> Furnished(IReadOnlyList<ManagedAccountRow> page, OrganizationId organization,
        PolicyAssignment policies, CancellationToken ct)
    {
        if (page.Count == 0) return page;
        var ids = page.Select(r => r.Id.Value).ToArray();
        await using var batch = database.CreateBatch();
        NpgsqlBatchCommand picturesAndApps = new(), policy = new();
        var people = picturesAndApps.Parameters.Place(ids);
        // One statement in place of two: each costs as much as what either of them finds.
        picturesAndApps.CommandText = $"""
            select account_id, picture, null::text[], null::text[] from accounts.v_profile
              where picture is not null and account_id = any({people})
            union all
            select x.account_id, null, x.names, x.ids from ({OpenApps.Of(people, picturesAndApps.Parameters.Place(organization.Value))}) x
            """;
        batch.BatchCommands.Add(picturesAndApps);
        // Where there is but one, the page's own rows say who is under it.
        if (policies.Policies.Count > 1)
        {
            policy.CommandText = $"select a.id, {policies.Sql(policy.Parameters.Place)} from accounts.v_listed a where a.id = "
                + $"any({policy.Parameters.Place(ids)})";
            batch.BatchCommands.Add(policy);
        }
        var furnished = page.ToDictionary(r => r.Id.Value, r => r with
        {
            Policy = policies.Policies.Count == 1 && r.State is not AccountState.Unverified ? policies.Default.Settings.Name : null,
            Billable = policies.Policies.Count > 1 || policies.Default.Settings.Billable,
            Apps = [],
        });
        await using var found = await batch.ExecuteReaderAsync(ct);
        while (await found.ReadAsync(ct))
        {
            var row = furnished[found.GetGuid(0)];
            furnished[row.Id.Value] = found.IsDBNull(1)
                ? row with { Apps = found.GetFieldValue<string[]>(2), AppIds = found.GetFieldValue<string[]>(3) }
                : row with { Picture = found.GetGuid(1) };
        }
        if (await found.NextResultAsync(ct))
            while (await found.ReadAsync(ct))
                if (!found.IsDBNull(1) && policies.Policies.FirstOrDefault(p => p.Id.Value == found.GetGuid(1)) is { Settings: var its })
                    furnished[found.GetGuid(0)] = furnished[found.GetGuid(0)] with { Policy = its.Name, Billable = its.Billable };
        return [.. page.Select(r => furnished[r.Id.Value])];
    }
}
