using DirectoryPlatform.Reporting.Internal.ManagedAccounts;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ListUsersHandler(NpgsqlDataSource database, SiteUserRows rows, TimeProvider clock)
    : IRequestHandler<ListUsers, Outcome<ListPage<UserRow>>>
{
    static readonly KeysetList<UserRow> List = new()
    {
        Name = "users",
        Columns = """
            a.id, a.account_id, coalesce(n.name, a.email), coalesce(n.email, a.email), a.state, n.state,
              coalesce(n.managed_by = a.organization_id, false), a.last_active_at, a.claimed_at,
              (select picture from accounts.v_profile f where f.account_id = a.account_id), (select i.site_id from sites.v_invitation i
                where i.id = a.id and a.account_id is null)
            """,
        Beside = "left join accounts.v_account n on n.id = a.account_id",
        Row = Row,
        Orders = PeopleOrders.All,
    };

    public async Task<Outcome<ListPage<UserRow>>> Handle(ListUsers query, CancellationToken ct)
    {
        var page = await List.Page(database, new(query.Sort, query.Descending, query.Cursor, query.Size),
            values => rows.Of(query.Scope, query.Filter ?? UserFilter.Everybody, clock.GetUtcNow(), values, ct), ct);
        return page.Granted ? page.Value.With(await WithPlaces(query.Scope, page.Value.Rows, ct)) : page.Refusal;
    }

    static UserRow Row(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.IsDBNull(1) ? null : new AccountId(row.GetGuid(1)), row.GetString(2), row.GetString(3),
        row.GetInt16(4) is var status and not 0 ? (UserStatus)status : null,
        row.IsDBNull(5) ? null : (AccountState)row.GetInt16(5), row.GetBoolean(6), PeopleOrders.Seen(row.GetDateTime(7)),
        row.GetDateTime(8), row.IsDBNull(9) ? null : row.GetGuid(9), [], row.IsDBNull(10) ? null : new SiteId(row.GetGuid(10)));

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
              select o.account_id, array_agg(distinct p.name order by p.name) from sites.v_open_app o
                join sites.v_app p on p.id = o.app_id where o.site_id = @id and o.account_id = any(@people) group by o.account_id
              """, new { people, id = scope.Id })).ToDictionary(r => r.Account, r => r.Names);
        return [.. page.Select(r => places.TryGetValue(r.Id, out var names) ? r with { Places = names } : r)];
    }
}
