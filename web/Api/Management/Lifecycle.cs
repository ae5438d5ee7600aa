namespace DirectoryPlatform.Web.Api.Management;

/// <summary><c>POST /users/{accountId}/manage/lifecycle/…</c> (SPEC A3 to A5). Asking for a state that is there already is granted, so that
/// a repeated request does no harm.</summary>
static class Lifecycle
{
    public static void MapLifecycle(this IEndpointRouteBuilder app)
    {
        Map("disable", Disable);
        Map("enable", Enable);
        Map("delete", Delete);
        Map("cancel-delete", CancelDelete);

        void Map(string verb, Delegate handler) => app.MapPost($"/users/{{accountId:guid}}/manage/lifecycle/{verb}", handler)
            .Requires(Permission.ManageAccounts, ApiScope.AccountsManage);
    }

    static async Task Disable(HttpContext http, IMediator mediator, Guid accountId)
    {
        var body = await ApiBody.ReadLenient<Body>(http, mayBeMissing: true);
        var refusal = !body.Granted
            ? body.Refusal
            : (await mediator.Send(new DeactivateAccount(new(accountId), http.KeysOrganization(), null, body.Value.Message, true,
                http.Origin()), CancellationToken.None)).Refusal;
        await (refusal is null or AlreadyDeactivated ? ApiAnswer.Nothing(http) : UserFaults.Refuse(http, accountId, refusal));
    }

    static async Task Enable(HttpContext http, IMediator mediator, Guid accountId)
    {
        var refusal = (await mediator.Send(new ReactivateAccount(new(accountId), http.KeysOrganization(), http.Origin()),
            CancellationToken.None)).Refusal;
        await (refusal is null or NotDeactivated ? ApiAnswer.Nothing(http) : UserFaults.Refuse(http, accountId, refusal));
    }

    static async Task Delete(HttpContext http, IMediator mediator, Guid accountId)
    {
        var outcome = await mediator.Send(new ScheduleDeletion(new(accountId), http.KeysOrganization(), http.Origin()),
            CancellationToken.None);
        if (outcome.Granted)
            await ApiAnswer.Write(http, StatusCodes.Status200OK,
                new Said($"The account will be deleted on {((DeletionScheduled)outcome.Value).DueAt.InLetters()}."));
        else await UserFaults.Refuse(http, accountId, outcome.Refusal);
    }

    static async Task CancelDelete(HttpContext http, IMediator mediator, Guid accountId)
    {
        var outcome = await mediator.Send(new CancelDeletion(new(accountId), http.KeysOrganization(), http.Origin()),
            CancellationToken.None);
        await (outcome.Refusal switch
        {
            null => ApiAnswer.Write(http, StatusCodes.Status200OK,
                new Said("The deletion is cancelled, and the account can be used again.")),
            NotBeingDeleted => UserFaults.NotFound(http, "notFound"),
            var refusal => UserFaults.Refuse(http, accountId, refusal),
        });
    }

    /// <param name="Message">What the person is told at the sign-in.</param>
    sealed record Body(string? Message);

    sealed record Said(string Message);
}
