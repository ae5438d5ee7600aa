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
        new("domains", (f, value) => f.By.Domains is { } domains
            ? $"split_part(a.email, '@', -1) = any({value(domains.ToArray())})"
            : null),
        new("emails", (f, value) =>
        {
            if (f.By.Emails is not { } emails) return null;
            var place = value(emails.ToArray());
            return $"a.id in (select n.id from accounts.v_account n where n.email = any({place}) "
                + $"union all select i.id from sites.v_invitation i where i.email = any({place}))";
        }),
        new("memberships", (f, value) => f.By.Memberships is { } memberships
            ? $"a.state = any({value(memberships.Select(m => (short?)m ?? 0).ToArray())})"
            : null),
        new("states", (f, value) => f.By.States is { } states
            ? $"({(states.Contains(AccountState.Active) ? "a.account_id is null or " : "")}exists (select from accounts.v_account n "
                + $"where n.id = a.account_id and n.state = any({value(states.Select(s => (short)s).ToArray())})))"
            : null),
        new("standings", (f, _) => f.By.Standings is { } standings
            ? $"({string.Join(" or ", standings.Distinct().Select(Standing).DefaultIfEmpty("false"))})"
            : null),
        new("twostep", (f, value) => f.By.TwoStep is { } on
            ? $"exists (select from accounts.v_account m where m.id = a.account_id and m.managed_by = "
                + $"{value(f.Scope.Organization.Value)}) and {(on ? "" : "not ")}exists (select from security.v_two_step t "
                + "where t.account_id = a.account_id)"
            : null),
        new("roles", (f, value) => f.By.Roles is { } roles
            ? $"({string.Join(" or ", roles.Distinct().Select(r => HasRole(f, r, value)).DefaultIfEmpty("false"))})"
            : null),
        new("resources", (f, value) => f.By.Resources is null ? null : OpensApp(f, null, value)),
        new("active", (f, value) => f.By.LastActive is { } active ? ManagedAccountFilter.Within(active, f.Now, value) : null),
        new("app", (f, value) => f.By.App is { } app ? HasApp(f.Scope, app, value) : null),
        new("group", (f, value) => f.By.Group is { } group ? InGroup(f, [group], value) : null),
        new("groups", (f, value) => f.By.Groups is { } groups ? InGroup(f, groups, value) : null),
        new("only", (f, value) => f.By.Only is { } only ? $"a.account_id = any({value(only.Select(o => o.Value).ToArray())})" : null),
        new("accounts", (f, _) => f.By.AccountsOnly ? "a.account_id is not null" : null),
        new("names", (f, value) => f.By.Names is { } names ? TextConditions.Named(names, value) : null),
        new("mailboxes", (f, value) => f.By.Mailboxes is { } boxes ? TextConditions.InMailbox(boxes, value) : null),
        new("domainPart", (f, value) => f.By.DomainPart is { } part
            ? $"split_part(a.email, '@', -1) like {value(SearchKey.Pattern(part))}"
            : null),
        new("q", (f, value) => f.By.SearchText is { } text ? $"a.search like {value(SearchKey.Pattern(text))}" : null),
    ];

    public async Task<ListRows> Of(UserScope scope, UserFilter filter, DateTimeOffset now, NpgsqlParameterCollection parameters,
        CancellationToken ct)
    {
        var each = Sources(scope, filter, parameters.Place);
        return new(From(each), await Where(new(scope, filter, now), each.Count > 1 || filter.NeverInvited, parameters, ct))
        {
            Each = each,
        };
    }

    /// <summary>Statistics of whom a filter means, as rows of one query: 0, status and state of the account (null for an invitation);
    /// 1, 0 and null for who is on no site; 2, role and null; each with how many.</summary>
    public async Task<string> Statistics(UserScope scope, UserFilter filter, DateTimeOffset now, NpgsqlParameterCollection parameters,
        CancellationToken ct)
    {
        var asked = new Asked(scope, filter, now);
        var where = await Where(asked, accounts: true, parameters, ct);
        return string.Join(" union all ", (string[])[
            $"select 0, a.state::int, n.state::int, count(*) from {Of(filter)} left join accounts.v_account n on n.id = a.account_id "
                + $"where {where} group by a.state, n.state",
            $"select 1, 0, null, count(*) from {Of(filter with { NeverInvited = true })} where {where} and a.state = 0",
            .. Enum.GetValues<UserRole>().Select(role =>
                $"select 2, {(int)role}, null, count(*) from {Of(filter with { Roles = [.. filter.Roles ?? [], role] })} "
                + $"where {where} and {HasRole(asked, role, parameters.Place)}")]);

        string Of(UserFilter by) => From(Sources(scope, by, parameters.Place));
    }

    /// <param name="accounts">Whether accounts that are on no site are among the rows.</param>
    async Task<string> Where(Asked asked, bool accounts, NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        List<string> all = [Filters.Where(asked, parameters)];
        var find = asked.By.Type is UserType.NeverInvited
                ? "select account_id from accounts.v_search where text like $1"
            : accounts
                ? "select account_id from accounts.v_search where text like $1 union all select id from sites.v_listed where search like $1"
                : "select id from sites.v_listed where search like $1";
        foreach (var text in (string?[])[asked.By.SearchText, OfEmail(asked.By.Mailboxes?.Part), OfEmail(asked.By.DomainPart)])
            if (await search.Narrow(find, text, SearchKey.Pattern, parameters, ct) is { } narrowed) all.Add(narrowed);
        return string.Join(" and ", all);
    }

    /// <summary>Part of an email address, which is searched for as it is; null where it is none.</summary>
    static string? OfEmail(string? part) => part?.All(char.IsAscii) == true ? part.ToLowerInvariant() : null;

    /// <summary>Cannot act and is there still.</summary>
    public static string Dormant(string account) =>
        $"{account}.state in ({(short)AccountState.Unverified}, {(short)AccountState.Deactivated}, {(short)AccountState.PendingDeletion})";

    static string From(IReadOnlyList<string> each) => $"({string.Join(" union all ", each)}) a";

    /// <summary>Selects of rows, none of which is in two of them, for the alias <c>a</c>, with the column names that
    /// <see cref="ManagedAccounts.PeopleOrders"/> sort by: who is listed, and where they are meant managed accounts and admins of the
    /// organization that are on no site.</summary>
    static IReadOnlyList<string> Sources(UserScope scope, UserFilter filter, Func<object, string> value)
    {
        var (id, organization) = (value(scope.Id), value(scope.Organization.Value));
        var canJoin = $"l.state not in ({(short)AccountState.Deleted}, {(short)AccountState.Unverified})";
        var unlisted = $"not exists (select from sites.v_listed u where u.scope_id = {id} and u.id = l.id)";
        var ofAccount = $"l.id, l.id as account_id, {organization} as organization_id";
        var never = $"""
            select {ofAccount}, 0::smallint as state, l.name_key, l.email, l.claimed_at, '-infinity'::timestamptz as last_active_at,
              l.name_key || ' ' || l.email as search
            from accounts.v_listed l where l.managed_by = {organization} and {canJoin} and {unlisted}
            """;
        if (filter.Type is UserType.NeverInvited) return [never];
        List<string> each = filter is { Type: UserType.Managed, NeverInvited: true }
            // Both kinds in the order of their accounts: few on no site would be looked for among all.
            ? [$"""
               select {ofAccount}, coalesce(u.status, 0::smallint) as state, l.name_key, l.email,
                 coalesce(u.added_at, l.claimed_at) as claimed_at, coalesce(u.last_active_at, '-infinity') as last_active_at,
                 l.name_key || ' ' || l.email as search
               from accounts.v_listed l left join sites.v_listed u on u.scope_id = {id} and u.id = l.id
               where l.managed_by = {organization} and (u.id is not null or {canJoin})
               """]
            : ["select id, account_id, organization_id, status as state, name_key, email, added_at as claimed_at, last_active_at, search "
                + $"from sites.v_listed where scope_id = {id}", .. filter.NeverInvited ? (string[])[never] : []];
        if (filter.Roles?.Contains(UserRole.OrganizationAdmin) == true)
            each.Add($"""
                select {ofAccount}, 0::smallint as state, l.name_key, l.email,
                  coalesce((select max(e.at) from kernel.v_audit_entry e where e.subject_id = l.id
                    and e.action = 'OrganizationAdminAppointed' and e.fact->>'organization' = {organization}::text),
                    l.created_at) as claimed_at,
                  '-infinity'::timestamptz as last_active_at, l.name_key || ' ' || l.email as search
                from accounts.v_listed l where l.id in (select id from accounts.v_account where admin_of @> array[{organization}])
                  and l.state <> {(short)AccountState.Deleted} and {unlisted}
                  {(filter.NeverInvited ? $"and (l.managed_by is distinct from {organization} or not {canJoin})" : "")}
                """);
        return each;
    }

    /// <summary>Whose account can act; an invitation that waits is answered by its own word.</summary>
    static string Standing(UserStanding standing)
    {
        return standing switch
        {
            UserStanding.Active => Acts(UserStatus.Active),
            UserStanding.Suspended => Acts(UserStatus.Suspended),
            UserStanding.NotInvited => Acts(null),
            UserStanding.Invited => $"a.state = {(short)UserStatus.Invited}",
            UserStanding.Deactivated => In(AccountState.Deactivated, AccountState.Deleted),
            UserStanding.ForDeletion => In(AccountState.PendingDeletion),
        };

        static string Acts(UserStatus? status) => $"a.state = {(short?)status ?? 0} and {In(AccountState.Active, AccountState.Unverified)}";
        static string In(params AccountState[] states) => "exists (select from accounts.v_account n where n.id = a.account_id and n.state "
            + $"in ({string.Join(", ", states.Select(s => (short)s))}))";
    }

    static string HasRole(Asked asked, UserRole role, Func<object, string> value) => role switch
    {
        UserRole.User => OpensApp(asked, AppRole.User, value),
        UserRole.Admin => OpensApp(asked, AppRole.Admin, value),
        UserRole.OrganizationAdmin => "exists (select from accounts.v_account n where n.id = a.account_id and n.admin_of @> "
            + $"{value(new[] { asked.Scope.Organization.Value })})",
        UserRole.SiteAdmin => Administers(asked, "=", value),
        UserRole.AccessAdmin => Administers(asked, "<>", value),
    };

    /// <param name="whole">How the app's id compares with none, which stands for the whole site.</param>
    static string Administers(Asked asked, string whole, Func<object, string> value) =>
        $"exists (select from sites.v_admin d where d.account_id = a.account_id and d.app_id {whole} '' and d.site_id "
        + $"{Places(asked.Scope, value)})";

    /// <summary>Who opens an app: one of the resources where they are asked for, in this role where there is one.</summary>
    static string OpensApp(Asked asked, AppRole? role, Func<object, string> value) =>
        $"exists (select from sites.v_open_app o where o.account_id = a.account_id and o.site_id {Places(asked.Scope, value)}"
        + (role is { } held ? $" and o.role = {(short)held}" : "")
        + (asked.By.Resources is { } resources
            ? $" and (o.app_id, o.site_id) in (select * from unnest({value(resources.Select(r => r.App).ToArray())}, "
                + $"{value(resources.Select(r => r.Site.Value).ToArray())}))"
            : "") + ")";

    static string InGroup(Asked asked, IEnumerable<GroupId> groups, Func<object, string> value) =>
        "exists (select from sites.v_group_member gm join sites.v_group g on g.id = gm.group_id where gm.account_id = a.account_id "
        + $"and gm.group_id = any({value(groups.Select(g => g.Value).ToArray())}) and g.organization_id = "
        + $"{value(asked.Scope.Organization.Value)})";

    /// <summary>Sites of the scope.</summary>
    static string Places(UserScope scope, Func<object, string> value) => scope.Site is { } site
        ? $"= {value(site.Value)}"
        : $"in (select id from sites.v_site where organization_id = {value(scope.Organization.Value)})";

    static string HasApp(UserScope scope, string id, Func<object, string> value)
    {
        return $"exists (select from sites.v_open_app o where o.account_id = a.account_id and o.app_id = {value(id)} "
            + $"and o.site_id {Places(scope, value)})";
    }
}
