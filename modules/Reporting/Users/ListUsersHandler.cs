using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Reporting.ManagedAccounts;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Users;

sealed class ListUsersHandler(NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<ListUsers, UserPage>
{
    const int MaxSize = 1_000, FirstKey = 11;

    public async Task<UserPage> Handle(ListUsers query, CancellationToken ct)
    {
        var (size, filter) = (Math.Clamp(query.Size, 1, MaxSize), query.Filter ?? UserFilter.Everybody);
        await using var batch = database.CreateBatch();
        var command = CustomPlanQuery.Query(batch);
        var source = UserConditions.Source(query.Scope, filter, command.Parameters);
        List<string> where = ["true", .. UserConditions.Where(query.Scope, filter, clock.GetUtcNow(), command.Parameters)];
        if (await UserConditions.Narrow(database, filter, command.Parameters, ct) is { } narrowed) where.Add(narrowed);
        var cursor = ManagedAccountCursor.Read(query.Cursor, query.Sort, query.Descending);
        var descending = query.Descending != (cursor?.Back == true);
        if (cursor is not null && ManagedAccountOrder.Behind(query.Sort, cursor.Keys, cursor.Id, descending, command.Parameters) is
            {
            } behind) where.Add(behind);
        else (cursor, descending) = (null, query.Descending);
        command.Parameters.Add(new() { Value = query.Scope.Organization.Value });
        var columns = ManagedAccountOrder.Of(query.Sort);
        command.CommandText = $"""
            select p.id, p.account_id, coalesce(n.name, p.email), coalesce(n.email, p.email), p.state, n.state, coalesce(n.managed_by =
              ${command.Parameters.Count}, false), p.last_active_at, p.claimed_at,
              (select picture from accounts.v_profile f where f.account_id = p.account_id), (select i.site_id from sites.v_invitation i
                where i.id = p.id and p.account_id is null), {string.Join(", ", columns.Select((_, i) => $"p.key{i}"))}
            from (select a.*, {string.Join(", ", columns.Select((c, i) => $"{c.Sql} as key{i}"))} from {source}
              where {string.Join(" and ", where)} order by {ManagedAccountOrder.Sql(query.Sort, descending)} limit {size + 1}) p
              left join accounts.v_account n on n.id = p.account_id
            order by {string.Join(", ", columns.Select((_, i) => $"p.key{i}").Append("p.id").Select(c => descending ? $"{c} desc" : c))}
            """;
        var rows = await Read(batch, columns, ct);
        var more = rows.Count > size;
        if (more) rows.RemoveAt(size);
        if (cursor?.Back == true) rows.Reverse();
        return new(
            await WithPlaces(query.Scope, [.. rows.Select(r => r.Row)], ct),
            rows.Count > 0 && (more || cursor?.Back == true) ? At(rows[^1], back: false) : null,
            rows.Count > 0 && cursor is not null && (more || !cursor.Back) ? At(rows[0], back: true) : null);

        string At((UserRow Row, string[] Keys) at, bool back) =>
            new ManagedAccountCursor(query.Sort, query.Descending, at.Keys, at.Row.Id, back).ToString();
    }

    static async Task<List<(UserRow Row, string[] Keys)>> Read(NpgsqlBatch batch, ManagedAccountOrder.Column[] columns,
        CancellationToken ct)
    {
        var found = new List<(UserRow, string[])>();
        await using var rows = await CustomPlanQuery.Rows(batch, ct);
        while (await rows.ReadAsync(ct))
        {
            var (status, seen) = (rows.GetInt16(4), rows.GetDateTime(7));
            found.Add((
                new(rows.GetGuid(0), rows.IsDBNull(1) ? null : new AccountId(rows.GetGuid(1)), rows.GetString(2), rows.GetString(3),
                    status == 0 ? null : (UserStatus)status,
                    rows.IsDBNull(5) ? null : (AccountState)rows.GetInt16(5), rows.GetBoolean(6),
                    seen == DateTime.MinValue ? null : seen, rows.GetDateTime(8), rows.IsDBNull(9) ? null : rows.GetGuid(9), [],
                    rows.IsDBNull(10) ? null : new SiteId(rows.GetGuid(10))),
                [.. columns.Select((c, i) => c.Write(rows.GetValue(FirstKey + i)))]));
        }
        return found;
    }

    /// <summary>What opens for the people of this page alone: apps on a site, sites in an organization.</summary>
    async Task<IReadOnlyList<UserRow>> WithPlaces(UserScope scope, IReadOnlyList<UserRow> page, CancellationToken ct)
    {
        var people = page.Where(r => r.Account is not null).Select(r => r.Id).ToArray();
        await using var connection = await database.OpenConnectionAsync(ct);
        if (scope.Site is null && page.Where(r => r.InvitedTo is not null).Select(r => r.Email).ToArray() is { Length: > 0 } invited)
        {
            var sites = (await connection.QueryAsync<(string Email, string[] Names)>("""
                select i.email, array_agg(s.name order by s.name_key) from sites.v_invitation i join sites.v_site s on s.id = i.site_id
                where i.email = any(@invited) and s.organization_id = @organization and i.accepted_at is null and i.revoked_at is null
                  group by i.email
                """, new { invited, organization = scope.Organization.Value })).ToDictionary(r => r.Email, r => r.Names);
            page = [.. page.Select(r => r.InvitedTo is not null && sites.TryGetValue(r.Email, out var names)
                ? r with { Places = names }
                : r)];
        }
        if (people.Length == 0) return page;
        var places = (await connection.QueryAsync<(Guid Account, string[] Names)>(scope.Site is null
            ? "select m.account_id, array_agg(s.name order by s.name_key) from sites.v_member m join sites.v_site s on s.id = m.site_id "
            + "where m.account_id = any(@people) and s.organization_id = @id group by m.account_id"
            : """
              select o.account_id, array_agg(distinct p.name order by p.name) from (
                select account_id, app_id from sites.v_grant where site_id = @id and account_id = any(@people)
                union all
                select gm.account_id, x.app_id from sites.v_group_member gm join sites.v_group_grant x on x.group_id = gm.group_id
                  where x.site_id = @id and gm.account_id = any(@people)) o
                join sites.v_app p on p.id = o.app_id group by o.account_id
              """, new { people, id = scope.Id })).ToDictionary(r => r.Account, r => r.Names);
        return [.. page.Select(r => places.TryGetValue(r.Id, out var names) ? r with { Places = names } : r)];
    }
}

/// <summary>As for the managed accounts.</summary>
sealed class RecentUserCounts(TimeProvider clock) : HeldAnswers<Guid, UserCounts>(clock, TimeSpan.FromSeconds(5));

sealed class CountUsersHandler(NpgsqlDataSource database, RecentUserCounts recent) : IRequestHandler<CountUsers, UserCounts>
{
    public Task<UserCounts> Handle(CountUsers query, CancellationToken ct) => recent.Ask(query.Scope.Id, _ => Count(query.Scope.Id));

    /// <summary>Not cancelled with whoever asked first: others may wait for it.</summary>
    async Task<UserCounts> Count(Guid scope)
    {
        await using var connection = await database.OpenConnectionAsync();
        var by = (await connection.QueryAsync<(short Status, long Users)>(
            "select status, count(*) from sites.v_listed where scope_id = @scope group by status", new { scope }))
                .ToDictionary(r => (UserStatus)r.Status, r => r.Users);
        var dormant = await connection.ExecuteScalarAsync<long>(
            $"select count(*) from accounts.v_account n join sites.v_listed l on l.account_id = n.id where l.scope_id = @scope "
                + $"and l.status = @active and {UserConditions.Dormant("n")}", new { scope, active = (short)UserStatus.Active });
        // Asked one after the other: somebody may have been switched off in between.
        return new(by.Values.Sum(), Math.Max(0, by.GetValueOrDefault(UserStatus.Active) - dormant),
            by.GetValueOrDefault(UserStatus.Invited), by.GetValueOrDefault(UserStatus.Suspended), dormant);
    }
}
