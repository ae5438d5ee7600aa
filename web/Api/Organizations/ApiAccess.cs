namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>What programs get in with, below <c>/admin/api-access/v1/orgs/{orgId}</c>: the API tokens of managed accounts, and the
/// organization's API keys.</summary>
static class ApiAccess
{
    const string All = "/admin/api-access/v1/orgs/{orgId:guid}", AllTokens = $"{All}/api-tokens", Keys = $"{All}/api-keys";
    const string Works = "ALLOWED", IsOver = "EXPIRED", OldestFirst = "createdAt", NewestFirst = $"-{OldestFirst}";

    public static readonly string[] Statuses = [Works, IsOver], Orders = [OldestFirst, NewestFirst];

    public static void MapApiAccess(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        read.MapGet(AllTokens, Tokens);
        read.MapGet($"{AllTokens}/count", Count);
        app.MapDelete(AllTokens, RevokeAll).Requires(Permission.ManageAccounts, ApiScope.AccountsManage);
        app.MapGet(Keys, ListKeys).Requires(Permission.ManageApiKeys, ApiScope.KeysRead);
        app.MapGet($"{Keys}/count", async (ApiCall call) => (await KeysOf(call)).Shown(keys => ApiResult.Plain(keys.Count)))
            .Requires(Permission.ManageApiKeys, ApiScope.KeysRead);
        app.MapDelete($"{Keys}/{{apiKeyId:guid}}", async (ApiCall call, Guid apiKeyId) =>
            (await call.Execute(new RevokeApiKey(call.Organization, apiKeyId, call.Origin))).Done())
            .Requires(Permission.ManageApiKeys, ApiScope.KeysManage);
    }

    static async Task<ApiResult> Tokens(ApiCall call)
    {
        var filter = FilterOf(call);
        if (!filter.Granted) return filter.Refusal;
        var page = await call.Send(new ListApiTokens(call.Organization, filter.Value, call.Cursor, call.Size,
            call.Asked.Text("sort") is not OldestFirst));
        return page.Shown(p => ApiResult.Of(
            p.Rows.Select(t => new Token(t.Token.Id, t.Token.Label, StatusOf(t.Token.Expired), t.Token.CreatedAt.UtcDateTime,
                t.Token.ExpiresAt.UtcDateTime, t.Token.LastUsedAt?.UtcDateTime,
                new(t.Owner.Value, call.Organization.Value, t.Name, t.Email))), call.CursorLinks(p)));
    }

    static async Task<ApiResult> Count(ApiCall call)
    {
        var filter = FilterOf(call);
        return filter.Granted ? ApiResult.Plain(await call.Send(new CountApiTokens(call.Organization, filter.Value))) : filter.Refusal;
    }

    static Outcome<ApiTokenFilter> FilterOf(ApiCall call)
    {
        var (created, used) = (TokenSpans.Of(call, "createdAt"), TokenSpans.Of(call, "lastActiveAt"));
        return (created.Refusal ?? used.Refusal) is { } refusal
            ? refusal
            : new ApiTokenFilter(call.Asked.Text("q"), Expired(call), created.Span, used.Span);
    }

    static bool? Expired(ApiCall call) => call.Asked.Text("status") switch { null => null, var status => status == IsOver };

    /// <summary>By the same action as on the page, for everybody: the people are told by mail, as there.</summary>
    static async Task<ApiResult> RevokeAll(ApiCall call)
    {
        if (await call.Send(new CountApiTokens(call.Organization, new(Expired: false))) == 0) return ApiResult.Nothing;
        var job = await ManyAtOnce.Begin(call, new PrepareBulk(call.Organization, ManyAccounts.RevokeApiTokens, null, null, call.Origin)
        { OnlyPossible = true });
        return job.Refusal is NothingToDo ? ApiResult.Nothing
            : job.Granted ? await JobsApi.Accepted(call, job.Value)
            : job.Refusal;
    }

    static async Task<ApiResult> ListKeys(ApiCall call) =>
        (await KeysOf(call)).Shown(keys => call.PageOf(keys, k => $"{k.Id}").Shown(page => ApiResult.Of(
            page.Rows.Select(k => new Key(k.Id, k.Name, StatusOf(IsExpired(k)), k.CreatedAt.UtcDateTime,
                k.ExpiresAt.UtcDateTime, k.LastUsedAt?.UtcDateTime, k.Stopped?.Sentence, [.. k.Scopes.Select(s => s.Name())],
                new(k.ActsFor.Value, call.Organization.Value, k.ActsForName, null))), call.CursorLinks(page))));

    /// <summary>There are few, and all are read.</summary>
    static async Task<Outcome<IReadOnlyList<ApiKeyView>>> KeysOf(ApiCall call)
    {
        var (expires, used) = (TokenSpans.Of(call, "expiresAt"), TokenSpans.Of(call, "lastActiveAt"));
        if ((expires.Refusal ?? used.Refusal) is { } refusal) return refusal;
        var typed = SearchKey.Typed(call.Asked.Text("q"));
        return (await call.Send(new ReadApiKeys(call.Organization))).Where(k =>
            (typed is null || Has(k.Name, typed) || Has(k.ActsForName, typed))
            && (Expired(call) is not { } expired || IsExpired(k) == expired)
            && expires.Span?.Holds(k.ExpiresAt) != false && used.Span?.Holds(k.LastUsedAt) != false).ToList();
    }

    static bool Has(string text, string typed) => SearchKey.Of(text).Contains(typed, StringComparison.Ordinal);

    static bool IsExpired(ApiKeyView key) => key.Stopped is ApiKeyExpired;

    static string StatusOf(bool expired) => expired ? IsOver : Works;

    /// <param name="LastActiveAt">To the minute; left out for never.</param>
    sealed record Token(Guid Id, string Label, string Status, DateTime CreatedAt, DateTime ExpiresAt, DateTime? LastActiveAt, Owner User);

    /// <param name="Stopped">Why it does not work; left out while it does.</param>
    /// <param name="CreatedBy">In whose name it acts.</param>
    sealed record Key(Guid Id, string Label, string Status, DateTime CreatedAt, DateTime ExpiresAt, DateTime? LastActiveAt, string? Stopped,
        IReadOnlyList<string> Scopes, Owner CreatedBy);

    sealed record Owner(Guid Id, Guid OrgId, string Name, string? Email);
}
