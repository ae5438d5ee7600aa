namespace DirectoryPlatform.Web.Api.Management;

/// <summary><c>/users/{accountId}/manage/api-tokens</c>: see and revoke the tokens of a managed account (SPEC M8).</summary>
static class UserTokens
{
    const string Path = "/users/{accountId:guid}/manage/api-tokens";

    public static void MapUserTokens(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, List).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        app.MapDelete($"{Path}/{{tokenId:guid}}", Revoke).Requires(Permission.ManageAccounts, ApiScope.AccountsManage);
    }

    static async Task List(HttpContext http, IMediator mediator, Guid accountId)
    {
        var tokens = await mediator.Send(new ReadApiTokens(new(accountId), http.KeysOrganization()), http.RequestAborted);
        if (tokens.Granted)
            await ApiAnswer.Write(http, StatusCodes.Status200OK,
                tokens.Value.Tokens.Select(t =>
                    new Shaped(t.Id, t.Label, t.CreatedAt.UtcDateTime, t.LastUsedAt?.UtcDateTime, t.ExpiresAt.UtcDateTime)));
        else await UserFaults.Refuse(http, accountId, tokens.Refusal);
    }

    static async Task Revoke(HttpContext http, IMediator mediator, Guid accountId, Guid tokenId)
    {
        var outcome = await mediator.Send(new RevokeApiToken(new(accountId), tokenId, http.KeysOrganization(), http.Origin()),
            CancellationToken.None);
        await (outcome.Refusal switch
        {
            null => ApiAnswer.Nothing(http),
            NoSuchApiToken => UserFaults.NotFound(http, "notFound"),
            var refusal => UserFaults.Refuse(http, accountId, refusal),
        });
    }

    /// <param name="LastAccess">To the minute; left out for never.</param>
    /// <param name="ExpiresAt">Beyond that API.</param>
    sealed record Shaped(Guid Id, string Label, DateTime CreatedAt, DateTime? LastAccess, DateTime ExpiresAt);
}
