namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>The tokens of all people of an organization (SPEC M8).</summary>
sealed class ListApiTokensHandler(NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<ListApiTokens, Outcome<ListPage<OwnedApiToken>>>
{
    static readonly IReadOnlyList<ListFilter<(ListApiTokens By, DateTimeOffset ShownSince)>> Filters =
    [
        new("organization", (f, value) => $"a.managed_by = {value(f.By.Organization.Value)}"),
        new("shown", (f, value) => $"t.revoked_at is null and t.expires_at > {value(f.ShownSince.UtcDateTime)}"),
        new("q", (f, value) =>
        {
            if (SearchKey.Typed(f.By.Search) is not { } typed) return null;
            var pattern = value(SearchKey.Pattern(typed));
            return $"(a.name_key like {pattern} or a.email like {pattern})";
        }),
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
        return list.Page(database, new(ListSort.Added, Descending: true, query.Cursor, query.Size),
            values => Task.FromResult(new ListRows("security.v_api_token t join accounts.v_account a on a.id = t.account_id",
                Filters.Where((query, now - ReadApiTokens.ShownExpired), values))), ct);
    }
}
