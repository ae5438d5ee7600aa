namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class PrepareUserChangeHandler(NpgsqlDataSource database, AccountConditions conditions, SiteUserRows users, IMediator mediator,
    TimeProvider clock)
    : IRequestHandler<PrepareUserChange, Outcome<BulkDraftId>>, IRequestHandler<PrepareInvitees, Outcome<BulkDraftId>>
{
    public async Task<Outcome<BulkDraftId>> Handle(PrepareUserChange command, CancellationToken ct)
    {
        var accounts = command.Accounts ?? await Matching(command.Scope, command.Filter ?? UserFilter.Everybody, ct);
        return await mediator
            .Send(new DraftChange(command.Scope.Organization, command.Scope.Site, command.Change, accounts, command.Origin), ct);
    }

    public async Task<Outcome<BulkDraftId>> Handle(PrepareInvitees command, CancellationToken ct)
    {
        if (command.Accounts is { } chosen) return await mediator.Send(new DraftInvitees(command.Organization, chosen, command.Origin), ct);
        await using var find = database.CreateCommand();
        var filter = command.Filter ?? ManagedAccountFilter.Everybody;
        var where = await conditions.Where(filter, command.Organization, clock.GetUtcNow(), find.Parameters, ct);
        find.CommandText = $"select a.id from accounts.v_listed a where {where}";
        return await mediator.Send(new DraftInvitees(command.Organization, await Ids(find, ct), command.Origin), ct);
    }

    async Task<IReadOnlyList<AccountId>> Matching(UserScope scope, UserFilter filter, CancellationToken ct)
    {
        // Who was never invited is on no site: nothing there can be changed.
        if (filter.Type is UserType.NeverInvited) return [];
        await using var find = database.CreateCommand();
        var meant = await users.Of(scope, filter, clock.GetUtcNow(), find.Parameters, ct);
        find.CommandText = $"select a.account_id from {meant.From} where a.account_id is not null and {meant.Where}";
        return await Ids(find, ct);
    }

    static async Task<IReadOnlyList<AccountId>> Ids(NpgsqlCommand find, CancellationToken ct)
    {
        // All of a large organization take a few seconds.
        find.CommandTimeout = 120;
        var ids = new List<AccountId>();
        await using var rows = await find.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) ids.Add(new(rows.GetGuid(0)));
        return ids;
    }
}
