namespace DirectoryPlatform.Web.Api.Management;

/// <summary>What is done with one managed account, below <c>/users/{accountId}/manage</c>: its address (SPEC M4), its API tokens (M8) and
/// its life (A3 to A5). Asking for a state that is there already is granted, so that a repeated request does no harm.</summary>
static class ManagedUser
{
    const string Path = "/users/{accountId:guid}/manage";

    /// <summary>RFC 5321, 4.5.3.1.</summary>
    const int LongestPart = 64, LongestEmail = 254;

    public static void MapManagedUser(this IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/api-tokens", async (ApiCall call, Guid accountId) =>
            (await call.Send(new ReadApiTokens(new(accountId), call.Organization))).Shown(found => ApiResult.Plain(found.Tokens.Select(t =>
                new Token(t.Id, t.Label, t.CreatedAt.UtcDateTime, t.LastUsedAt?.UtcDateTime, t.ExpiresAt.UtcDateTime)))))
            .Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        var manage = app.Requiring(Permission.ManageAccounts, ApiScope.AccountsManage);
        manage.MapPut($"{Path}/email", SetEmail);
        manage.MapDelete($"{Path}/api-tokens/{{tokenId:guid}}", RevokeToken);
        manage.MapPost($"{Path}/lifecycle/disable", Disable);
        manage.MapPost($"{Path}/lifecycle/enable", Enable);
        manage.MapPost($"{Path}/lifecycle/delete", Delete);
        manage.MapPost($"{Path}/lifecycle/cancel-delete", CancelDelete);
    }

    /// <summary>Onto a domain that the organization has verified.</summary>
    static async Task<ApiResult> SetEmail(ApiCall call, Guid accountId)
    {
        var body = await call.Body<EmailBody>();
        if (!body.Granted) return body.Refusal;
        var given = await call.Execute(new GiveEmail(new(accountId), call.Organization, body.Value.Email, call.Origin));
        return given.Refusal switch
        {
            null or EmailUnchanged => ApiResult.Nothing,
            EmailDomainForeign foreign => UserFaults.Of(StatusCodes.Status403Forbidden, "forbidden.unclaimedDomain",
                new Unclaimed(foreign.Domain), foreign.Sentence),
            EmailUnverified mail => UserFaults.Of(StatusCodes.Status403Forbidden, "forbidden.targetUnverified", null, mail.Sentence),
            EmailTaken taken => UserFaults.Of(StatusCodes.Status409Conflict, "conflict.emailTaken", null, taken.Sentence),
            InvalidValue invalid => UserFaults.Violated([("email", Violation(body.Value.Email ?? ""))], invalid.Sentence),
            var refusal => refusal,
        };
    }

    static string Violation(string email) => email.Trim() is var text && text.Length > LongestEmail
        ? "maxLength"
        : text.LastIndexOf('@') > LongestPart ? "partMaxLength" : "validCharacters";

    static async Task<ApiResult> RevokeToken(ApiCall call, Guid accountId, Guid tokenId)
    {
        var revoked = await call.Execute(new RevokeApiToken(new(accountId), tokenId, call.Organization, call.Origin));
        return revoked.Refusal is NoSuchApiToken ? UserFaults.NotFound("notFound") : revoked.Done();
    }

    static async Task<ApiResult> Disable(ApiCall call, Guid accountId)
    {
        var body = await call.Body<MessageBody>(mayBeMissing: true);
        var disabled = await body.Then(b => call.Execute(
            new DeactivateAccount(new(accountId), call.Organization, null, b.Message, true, call.Origin)));
        return disabled.Refusal is AlreadyDeactivated ? ApiResult.Nothing : disabled.Done();
    }

    static async Task<ApiResult> Enable(ApiCall call, Guid accountId)
    {
        var enabled = await call.Execute(new ReactivateAccount(new(accountId), call.Organization, call.Origin));
        return enabled.Refusal is NotDeactivated ? ApiResult.Nothing : enabled.Done();
    }

    static async Task<ApiResult> Delete(ApiCall call, Guid accountId) =>
        (await call.Execute(new ScheduleDeletion(new(accountId), call.Organization, call.Origin))).Shown(fact =>
            ApiResult.Plain(new Said($"The account will be deleted on {((DeletionScheduled)fact).DueAt.InLetters()}.")));

    static async Task<ApiResult> CancelDelete(ApiCall call, Guid accountId)
    {
        var cancelled = await call.Execute(new CancelDeletion(new(accountId), call.Organization, call.Origin));
        return cancelled.Refusal is NotBeingDeleted
            ? UserFaults.NotFound("notFound")
            : cancelled.Shown(_ => ApiResult.Plain(new Said("The deletion is cancelled, and the account can be used again.")));
    }

    sealed record EmailBody(string? Email);
    sealed record Unclaimed(string Domain);

    /// <param name="Message">What the person is told at the sign-in.</param>
    sealed record MessageBody(string? Message);

    sealed record Said(string Message);

    /// <param name="LastAccess">To the minute; left out for never.</param>
    /// <param name="ExpiresAt">Beyond that API.</param>
    sealed record Token(Guid Id, string Label, DateTime CreatedAt, DateTime? LastAccess, DateTime ExpiresAt);
}
