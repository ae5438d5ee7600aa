namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>What programs get in with, below <c>/admin/api-access/v1/orgs/{orgId}</c>: the API tokens of managed accounts, and the
/// organization's API keys.</summary>
static class ApiAccess
{
    const string All = "/admin/api-access/v1/orgs/{orgId:guid}", Keys = $"{All}/api-keys";

    public static void MapApiAccess(this IEndpointRouteBuilder app)
    {
        app.MapGet($"{All}/api-tokens", Tokens).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        app.MapGet(Keys, ListKeys).Requires(Permission.ManageApiKeys, ApiScope.KeysRead);
        app.MapDelete($"{Keys}/{{apiKeyId:guid}}", async (ApiCall call, Guid apiKeyId) =>
            (await call.Execute(new RevokeApiKey(call.Organization, apiKeyId, call.Origin))).Done())
            .Requires(Permission.ManageApiKeys, ApiScope.KeysManage);
    }

    static async Task<ApiResult> Tokens(ApiCall call) =>
        (await call.Send(new ListApiTokens(call.Organization, call.Asked.Text("q"), call.Cursor, call.Size))).Shown(page => ApiResult.Of(
            page.Rows.Select(t => new Token(t.Token.Id, t.Token.Label, StatusOf(t.Token.Expired), t.Token.CreatedAt.UtcDateTime,
                t.Token.ExpiresAt.UtcDateTime, t.Token.LastUsedAt?.UtcDateTime,
                new(t.Owner.Value, call.Organization.Value, t.Name, t.Email))), call.CursorLinks(page)));

    static async Task<ApiResult> ListKeys(ApiCall call) =>
        call.PageOf(await call.Send(new ReadApiKeys(call.Organization)), k => $"{k.Id}").Shown(page => ApiResult.Of(
            page.Rows.Select(k => new Key(k.Id, k.Name, StatusOf(k.Stopped is ApiKeyExpired), k.CreatedAt.UtcDateTime,
                k.ExpiresAt.UtcDateTime, k.LastUsedAt?.UtcDateTime, k.Stopped?.Sentence, [.. k.Scopes.Select(s => s.Name())],
                new(k.ActsFor.Value, call.Organization.Value, k.ActsForName, null))), call.CursorLinks(page)));

    static string StatusOf(bool expired) => expired ? "EXPIRED" : "ALLOWED";

    /// <param name="LastActiveAt">To the minute; left out for never.</param>
    sealed record Token(Guid Id, string Label, string Status, DateTime CreatedAt, DateTime ExpiresAt, DateTime? LastActiveAt, Owner User);

    /// <param name="Stopped">Why it does not work; left out while it does.</param>
    /// <param name="CreatedBy">In whose name it acts.</param>
    sealed record Key(Guid Id, string Label, string Status, DateTime CreatedAt, DateTime ExpiresAt, DateTime? LastActiveAt, string? Stopped,
        IReadOnlyList<string> Scopes, Owner CreatedBy);

    sealed record Owner(Guid Id, Guid OrgId, string Name, string? Email);
}
