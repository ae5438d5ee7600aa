using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Sites;
using Npgsql;

namespace DirectoryPlatform.Reporting.Users;

/// <summary>Turns a scope and a filter into SQL, for lists, counts and files alike.</summary>
static class UserConditions
{
    /// <summary>A search that matches no more than this many rows of the whole platform is answered from its matches; a more common one by
    /// walking the sorted list.</summary>
    const int FewMatches = 1_000;

    /// <summary>Rows under the alias <c>a</c>, with the column names that the managed accounts' orders sort by.</summary>
    public static string Source(UserScope scope, UserFilter filter, NpgsqlParameterCollection parameters)
    {
        var id = Value(parameters, scope.Id);
        return filter.Type is UserType.NeverInvited
            ? $"""
               (select l.id, l.id as account_id, 0::smallint as state, l.name_key, l.email, l.claimed_at,
                  '-infinity'::timestamptz as last_active_at, l.name_key || ' ' || l.email as search from accounts.v_listed l
                where l.managed_by = {Value(parameters, scope.Organization.Value)}
                  and l.state not in ({(short)AccountState.Deleted}, {(short)AccountState.Unverified})
                  and not exists (select from sites.v_listed u where u.scope_id = {id} and u.id = l.id)) a
               """
            : $"(select id, account_id, status as state, name_key, email, added_at as claimed_at, last_active_at, search "
            + $"from sites.v_listed where scope_id = {id}) a";
    }

    public static IEnumerable<string> Where(UserScope scope, UserFilter filter, DateTimeOffset now, NpgsqlParameterCollection parameters)
    {
        if (filter.Status is { } status) yield return $"a.state = {Value(parameters, (short)status)}";
        if (filter.Dormant is { } dormant)
            yield return $"{(dormant ? "" : "not ")}exists (select from accounts.v_account n where n.id = a.account_id and {Dormant("n")})";
        if (filter.Type is UserType.Managed or UserType.External)
            yield return $"{(filter.Type is UserType.External ? "not " : "")}exists (select from accounts.v_account m where m.id = "
                + $"a.account_id and m.managed_by = {Value(parameters, scope.Organization.Value)})";
        if (filter.LastActive is { } active)
            yield return active switch
            {
                LastActive.Never => "a.last_active_at = '-infinity'",
                LastActive.Within7Days => $"a.last_active_at >= {Ago(7)}",
                LastActive.Within30Days => $"a.last_active_at >= {Ago(30)}",
                LastActive.Within90Days => $"a.last_active_at >= {Ago(90)}",
                LastActive.LongerAgo => $"a.last_active_at > '-infinity' and a.last_active_at < {Ago(90)}",
            };
        if (filter.App is not null)
        {
            var (app, places) = (Value(parameters, filter.App),
                scope.Site is { } site
                ? $"= {Value(parameters, site.Value)}"
                : $"in (select id from sites.v_site where organization_id = {Value(parameters, scope.Organization.Value)})");
            yield return $"""
                (exists (select from sites.v_grant g where g.account_id = a.account_id and g.app_id = {app} and g.site_id {places})
                or exists (select from sites.v_group_member gm join sites.v_group_grant x on x.group_id = gm.group_id
                  join sites.v_member m on m.site_id = x.site_id and m.account_id = gm.account_id
                  where gm.account_id = a.account_id and x.app_id = {app} and x.site_id {places}))
                """;
        }
        if (filter.Group is { } group)
            yield return $"exists (select from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id where gm.account_id = "
                + $"a.account_id and gm.group_id = {Value(parameters, group.Value)} and g.organization_id = "
                + $"{Value(parameters, scope.Organization.Value)})";
        if (filter.Only is { } only) yield return $"a.account_id = any({Value(parameters, only.Select(o => o.Value).ToArray())})";
        if (filter.SearchText is { } search) yield return $"a.search like {Value(parameters, SearchKey.Pattern(search))}";

        string Ago(int days) => Value(parameters, now.UtcDateTime.AddDays(-days));
    }

    /// <summary>Cannot act and is there still.</summary>
    public static string Dormant(string account) =>
        $"{account}.state in ({(short)AccountState.Unverified}, {(short)AccountState.Deactivated}, {(short)AccountState.PendingDeletion})";

    /// <summary>As for managed accounts: few matches on the whole platform cut the list down to them.</summary>
    public static async Task<string?> Narrow(NpgsqlDataSource database, UserFilter filter, NpgsqlParameterCollection parameters,
        CancellationToken ct)
    {
        if (filter.SearchText is not { Length: >= 3 } search) return null;
        await using var find = database.CreateCommand(filter.Type is UserType.NeverInvited
            ? $"select account_id from accounts.v_search where text like $1 limit {FewMatches + 1}"
            : $"select id from sites.v_listed where search like $1 limit {FewMatches + 1}");
        find.Parameters.Add(new() { Value = SearchKey.Pattern(search) });
        var ids = new List<Guid>();
        await using (var rows = await find.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) ids.Add(rows.GetGuid(0));
        if (ids.Count > FewMatches) return null;
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids.Distinct()] });
        return $"a.id = any(${parameters.Count})";
    }

    static string Value(NpgsqlParameterCollection parameters, object value)
    {
        parameters.Add(new NpgsqlParameter { Value = value });
        return $"${parameters.Count}";
    }
}
