using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting.Users;
using DirectoryPlatform.Security;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.ManagedAccounts;

sealed class ListManagedAccountsHandler(NpgsqlDataSource database, AccountConditions conditions, AccountSearch search, IMediator mediator,
    TimeProvider clock) : IRequestHandler<ListManagedAccounts, ManagedAccountPage>
{
    /// <summary>SPEC M1.</summary>
    const int MaxSize = 1_000;

    public async Task<ManagedAccountPage> Handle(ListManagedAccounts query, CancellationToken ct)
    {
        var size = Math.Clamp(query.Size, 1, MaxSize);
        var filter = query.Filter ?? ManagedAccountFilter.Everybody;
        // While the search is looked up.
        var assigned = mediator.Send(new ReadPolicyAssignment(query.Organization), ct);
        await using var batch = database.CreateBatch();
        var command = CustomPlanQuery.Query(batch);
        List<string> where = [await conditions.Where(filter, query.Organization, clock.GetUtcNow(), command.Parameters, ct)];
        if (await search.Narrow(filter, command.Parameters, ct) is { } narrowed) where.Add(narrowed);
        var cursor = ManagedAccountCursor.Read(query.Cursor, query.Sort, query.Descending);
        var descending = query.Descending != (cursor?.Back == true);
        if (cursor is not null && ManagedAccountOrder.Behind(query.Sort, cursor.Keys, cursor.Id, descending, command.Parameters) is
            {
            } behind) where.Add(behind);
        else (cursor, descending) = (null, query.Descending);
        command.CommandText = $"""
            select a.id, a.name, a.email, a.state, a.last_active_at, a.claimed_at,
              {string.Join(", ", ManagedAccountOrder.Of(query.Sort).Select(c => c.Sql))} from accounts.v_listed a
            where {string.Join(" and ", where)} order by {ManagedAccountOrder.Sql(query.Sort, descending)} limit {size + 1}
            """;
        return await Furnished(PageOf(await Read(batch, query.Sort, ct), query, cursor, size), query.Organization, await assigned, ct);
    }

    /// <summary>What stands beside the rows of this page alone: by ids,
    /// so that one plan serves every page and the page's own query is planned quickly.</summary>
    async Task<ManagedAccountPage> Furnished(ManagedAccountPage page, OrganizationId organization, PolicyAssignment policies,
        CancellationToken ct)
    {
        if (page.Rows.Count == 0) return page;
        var ids = page.Rows.Select(r => r.Id.Value).ToArray();
        await using var batch = database.CreateBatch();
        NpgsqlBatchCommand own = new(), apps = new();
        own.CommandText =
            $"select a.id, (select picture from accounts.v_profile p where p.account_id = a.id), {policies.Sql(own.Parameters.Place)} "
            + $"from accounts.v_listed a where a.id = any({own.Parameters.Place(ids)})";
        apps.CommandText = OpenApps.Of(apps.Parameters.Place(ids), apps.Parameters.Place(organization.Value));
        batch.BatchCommands.Add(own);
        batch.BatchCommands.Add(apps);
        var furnished = page.Rows.ToDictionary(r => r.Id.Value);
        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            furnished[rows.GetGuid(0)] = furnished[rows.GetGuid(0)] with
            {
                Picture = rows.IsDBNull(1) ? null : rows.GetGuid(1),
                Policy = rows.IsDBNull(2) ? null : policies.Policies.FirstOrDefault(p => p.Id.Value == rows.GetGuid(2))?.Settings.Name,
                Apps = [],
            };
        await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct))
            furnished[rows.GetGuid(0)] = furnished[rows.GetGuid(0)] with { Apps = rows.GetFieldValue<string[]>(1) };
        return page with { Rows = [.. page.Rows.Select(r => furnished[r.Id.Value])] };
    }

    static ManagedAccountPage PageOf(List<(ManagedAccountRow Row, string[] Keys)> rows, ListManagedAccounts query,
        ManagedAccountCursor? cursor, int size)
    {
        var more = rows.Count > size;
        if (more) rows.RemoveAt(size);
        if (cursor?.Back == true) rows.Reverse();
        return new(
            [.. rows.Select(r => r.Row)],
            rows.Count > 0 && (more || cursor?.Back == true) ? At(rows[^1], back: false) : null,
            rows.Count > 0 && cursor is not null && (more || !cursor.Back) ? At(rows[0], back: true) : null);

        string At((ManagedAccountRow Row, string[] Keys) at, bool back) =>
            new ManagedAccountCursor(query.Sort, query.Descending, at.Keys, at.Row.Id.Value, back).ToString();
    }

    static async Task<List<(ManagedAccountRow Row, string[] Keys)>> Read(NpgsqlBatch batch, ManagedAccountSort sort, CancellationToken ct)
    {
        const int firstKey = 6;
        var columns = ManagedAccountOrder.Of(sort);
        var found = new List<(ManagedAccountRow, string[])>();
        await using var rows = await CustomPlanQuery.Rows(batch, ct);
        while (await rows.ReadAsync(ct))
            found.Add((
                new(new(rows.GetGuid(0)), rows.GetString(1), rows.IsDBNull(2) ? "" : rows.GetString(2), (AccountState)rows.GetInt16(3),
                    Seen(rows.GetDateTime(4)), rows.GetDateTime(5)),
                [.. columns.Select((c, i) => c.Write(rows.GetValue(firstKey + i)))]));
        return found;
    }

    /// <summary>The database's "-infinity" reads as the smallest time there is.</summary>
    static DateTimeOffset? Seen(DateTime at) => at == DateTime.MinValue ? null : at;
}
