namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>Which users a filter means, for lists, counts and files alike.</summary>
sealed class SiteUserRows(RareSearch search)
{
    /// <summary>What a filter asks, and where.</summary>
    internal sealed record Asked(UserScope Scope, UserFilter By, DateTimeOffset Now);

    /// <summary>A new one is one more line here and a member of <see cref="UserFilter"/>.</summary>
    internal static readonly IReadOnlyList<ListFilter<Asked>> Filters =
    [
        new("status", (f, value) => f.By.Status is { } status ? $"a.state = {value((short)status)}" : null),
        new("dormant", (f, _) => f.By.Dormant is { } dormant
            ? $"{(dormant ? "" : "not ")}exists (select from accounts.v_account n where n.id = a.account_id and {Dormant("n")})"
            : null),
        new("type", (f, value) => f.By.Type is UserType.Managed or UserType.External
            ? $"{(f.By.Type is UserType.External ? "not " : "")}exists (select from accounts.v_account m where m.id = "
                + $"a.account_id and m.managed_by = {value(f.Scope.Organization.Value)})"
            : null),
        new("domain", (f, value) => f.By.Domain is { } domain ? $"split_part(a.email, '@', -1) = {value(domain)}" : null),
        new("active", (f, value) => f.By.LastActive is { } active ? ManagedAccountFilter.Within(active, f.Now, value) : null),
        new("app", (f, value) => f.By.App is { } app ? HasApp(f.Scope, app, value) : null),
        new("group", (f, value) => f.By.Group is { } group
            ? $"exists (select from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id where gm.account_id = "
                + $"a.account_id and gm.group_id = {value(group.Value)} and g.organization_id = {value(f.Scope.Organization.Value)})"
            : null),
        new("only", (f, value) => f.By.Only is { } only ? $"a.account_id = any({value(only.Select(o => o.Value).ToArray())})" : null),
        new("q", (f, value) => f.By.SearchText is { } text ? $"a.search like {value(SearchKey.Pattern(text))}" : null),
    ];

    public async Task<ListRows> Of(UserScope scope, UserFilter filter, DateTimeOffset now, NpgsqlParameterCollection parameters,
        CancellationToken ct)
    {
        var from = From(scope, filter, parameters.Place);
        var where = Filters.Where(new(scope, filter, now), parameters);
        var narrowed = await search.Narrow(
            filter.Type is UserType.NeverInvited
                ? "select account_id from accounts.v_search where text like $1"
                : "select id from sites.v_listed where search like $1",
            filter.SearchText, SearchKey.Pattern, parameters, ct);
        return new(from, narrowed is null ? where : $"{where} and {narrowed}");
    }

    /// <summary>Cannot act and is there still.</summary>
    public static string Dormant(string account) =>
        $"{account}.state in ({(short)AccountState.Unverified}, {(short)AccountState.Deactivated}, {(short)AccountState.PendingDeletion})";

    /// <summary>Rows under the alias <c>a</c>, with the column names that <see cref="ManagedAccounts.PeopleOrders"/> sort by.</summary>
    static string From(UserScope scope, UserFilter filter, Func<object, string> value)
    {
        var id = value(scope.Id);
        return filter.Type is UserType.NeverInvited
            ? $"""
               (select l.id, l.id as account_id, l.managed_by as organization_id, 0::smallint as state, l.name_key, l.email, l.claimed_at,
                  '-infinity'::timestamptz as last_active_at, l.name_key || ' ' || l.email as search from accounts.v_listed l
                where l.managed_by = {value(scope.Organization.Value)}
                  and l.state not in ({(short)AccountState.Deleted}, {(short)AccountState.Unverified})
                  and not exists (select from sites.v_listed u where u.scope_id = {id} and u.id = l.id)) a
               """
            : $"(select id, account_id, organization_id, status as state, name_key, email, added_at as claimed_at, last_active_at, search "
            + $"from sites.v_listed where scope_id = {id}) a";
    }

    static string HasApp(UserScope scope, string id, Func<object, string> value)
    {
        var (app, places) = (value(id), scope.Site is { } site
            ? $"= {value(site.Value)}"
            : $"in (select id from sites.v_site where organization_id = {value(scope.Organization.Value)})");
        return $"exists (select from sites.v_open_app o where o.account_id = a.account_id and o.app_id = {app} and o.site_id {places})";
    }
}
