using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory.Users;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory.ManagedAccounts;

sealed class ListManagedAccountsHandler(NpgsqlDataSource database, AccountConditions conditions, IMediator mediator, TimeProvider clock) : IRequestHandler<ListManagedAccounts, ManagedAccountPage>
{
    /// <summary>SPEC M1.</summary>
    const int MaxSize = 1_000;

    public async Task<ManagedAccountPage> Handle(ListManagedAccounts query, CancellationToken ct)
    {
        var size = Math.Clamp(query.Size, 1, MaxSize);
        var filter = query.Filter ?? ManagedAccountFilter.Everybody;
        var policies = await mediator.Send(new ReadPolicyAssignment(query.Organization), ct);
        await using var batch = database.CreateBatch();
        var command = ValuePlanned.Query(batch);
        List<string> where = [await conditions.Where(filter, query.Organization, clock.GetUtcNow(), command.Parameters, ct)];
        if (await AccountSearch.Narrow(database, filter, command.Parameters, ct) is { } narrowed) where.Add(narrowed);
        var cursor = ManagedAccountCursor.Read(query.Cursor, query.Sort, query.Descending);
        var descending = query.Descending != (cursor?.Back == true);
        if (cursor is not null && ManagedAccountOrder.Behind(query.Sort, cursor.Keys, cursor.Id, descending, command.Parameters) is { } behind) where.Add(behind);
        else (cursor, descending) = (null, query.Descending);
        command.CommandText = $"""
            select a.id, a.name, a.email, a.state, a.last_active_at, a.claimed_at,
              (select picture from accounts.v_profile p where p.account_id = a.id), {policies.Sql(command.Parameters.Place)}, {string.Join(", ", ManagedAccountOrder.Of(query.Sort).Select(c => c.Sql))} from accounts.v_listed a
            where {string.Join(" and ", where)} order by {ManagedAccountOrder.Sql(query.Sort, descending)} limit {size + 1}
            """;
        return await WithApps(PageOf(await Read(batch, query.Sort, policies, ct), query, cursor, size), query.Organization, ct);
    }

    /// <summary>For the rows of this page alone.</summary>
    async Task<ManagedAccountPage> WithApps(ManagedAccountPage page, OrganizationId organization, CancellationToken ct)
    {
        if (page.Rows.Count == 0) return page;
        await using var connection = await database.OpenConnectionAsync(ct);
        var apps = await OpenApps.Of(connection, organization, [.. page.Rows.Select(r => r.Id.Value)]);
        return page with { Rows = [.. page.Rows.Select(r => r with { Apps = apps.GetValueOrDefault(r.Id.Value) ?? [] })] };
    }

    static ManagedAccountPage PageOf(List<(ManagedAccountRow Row, string[] Keys)> rows, ListManagedAccounts query, ManagedAccountCursor? cursor, int size)
    {
        var more = rows.Count > size;
        if (more) rows.RemoveAt(size);
        if (cursor?.Back == true) rows.Reverse();
        return new(
            [.. rows.Select(r => r.Row)],
            rows.Count > 0 && (more || cursor?.Back == true) ? At(rows[^1], back: false) : null,
            rows.Count > 0 && cursor is not null && (more || !cursor.Back) ? At(rows[0], back: true) : null);

        string At((ManagedAccountRow Row, string[] Keys) at, bool back) => new ManagedAccountCursor(query.Sort, query.Descending, at.Keys, at.Row.Id.Value, back).ToString();
    }

    static async Task<List<(ManagedAccountRow Row, string[] Keys)>> Read(NpgsqlBatch batch, ManagedAccountSort sort, PolicyAssignment policies, CancellationToken ct)
    {
        const int firstKey = 8;
        var columns = ManagedAccountOrder.Of(sort);
        var found = new List<(ManagedAccountRow, string[])>();
        await using var rows = await ValuePlanned.Rows(batch, ct);
        while (await rows.ReadAsync(ct))
            found.Add((
                new(new(rows.GetGuid(0)), rows.GetString(1), rows.IsDBNull(2) ? "" : rows.GetString(2), (AccountState)rows.GetInt16(3), Seen(rows.GetDateTime(4)), rows.GetDateTime(5),
                    rows.IsDBNull(6) ? null : rows.GetGuid(6), policies.Policies.FirstOrDefault(p => p.Id.Value == rows.GetGuid(7))?.Settings.Name),
                [.. columns.Select((c, i) => c.Write(rows.GetValue(firstKey + i)))]));
        return found;
    }

    /// <summary>The database's "-infinity" reads as the smallest time there is.</summary>
    static DateTimeOffset? Seen(DateTime at) => at == DateTime.MinValue ? null : at;
}
