namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>The tokens of all people of an organization (SPEC M8).</summary>
sealed class ListApiTokensHandler(NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<ListApiTokens, Outcome<ListPage<OwnedApiToken>>>, IRequestHandler<CountApiTokens, long>
{
    sealed record Asked(OrganizationId Organization, ApiTokenFilter By, DateTimeOffset Now);

    static readonly IReadOnlyList<ListFilter<Asked>> Filters =
    [
        new("organization", (f, value) => $"a.managed_by = {value(f.Organization.Value)}"),
        new("shown", (f, value) => $"t.revoked_at is null and t.expires_at > {value((f.Now - ReadApiTokens.ShownExpired).UtcDateTime)}"),
        new("q", (f, value) =>
        {
            if (SearchKey.Typed(f.By.Search) is not { } typed) return null;
            var pattern = value(SearchKey.Pattern(typed));
            return $"(a.name_key like {pattern} or a.email like {pattern} or lower(t.label) like {pattern} "
                + $"or strpos(lower(t.label), {value(SearchKey.Exact(f.By.Search))}) > 0)";
        }),
        new("expired", (f, value) => f.By.Expired is { } expired
            ? $"t.expires_at {(expired ? "<=" : ">")} {value(f.Now.UtcDateTime)}"
            : null),
        new("createdFrom", (f, value) => f.By.Created?.From is { } from ? $"t.created_at >= {value(from.UtcDateTime)}" : null),
        new("createdTo", (f, value) => f.By.Created?.To is { } to ? $"t.created_at < {value(to.UtcDateTime)}" : null),
        new("usedFrom", (f, value) => f.By.Used?.From is { } from ? $"t.last_used_at >= {value(from.UtcDateTime)}" : null),
        new("usedTo", (f, value) => f.By.Used?.To is { } to ? $"t.last_used_at < {value(to.UtcDateTime)}" : null),
    ];

    public Task<Outcome<ListPage<OwnedApiToken>>> Handle(ListApiTokens query, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var list = new KeysetList<OwnedApiToken>
        {
            Name = "apiTokens",
            Alias = "t",
            Columns = "t.id, t.label, t.created_at, t.expires_at, t.last_used_at, a.id, a.name, a.email",
            Row = r => new(
                new(r.GetGuid(0), r.GetString(1), r.GetDateTime(2), r.GetDateTime(3), r.IsDBNull(4) ? null : r.GetDateTime(4),
                    r.GetDateTime(3) <= now), new(r.GetGuid(5)), r.GetString(6), r.GetString(7)),
            Orders = [new(ListSort.Added, KeysetColumn.Time("t.created_at"))],
        };
        return list.Page(database, new(ListSort.Added, query.Descending, query.Cursor, query.Size),
            values => Task.FromResult(Rows(query.Organization, query.Filter ?? new(), now, values)), ct);
    }

    public Task<long> Handle(CountApiTokens query, CancellationToken ct) => ListRows.Count(database, long.MaxValue,
        values => Task.FromResult(Rows(query.Organization, query.Filter, clock.GetUtcNow(), values)), ct);

    static ListRows Rows(OrganizationId organization, ApiTokenFilter filter, DateTimeOffset now, NpgsqlParameterCollection values) =>
        new("security.v_api_token t join accounts.v_account a on a.id = t.account_id",
            Filters.Where(new(organization, filter, now), values));
}
