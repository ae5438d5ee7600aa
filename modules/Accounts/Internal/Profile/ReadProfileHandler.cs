namespace DirectoryPlatform.Accounts.Internal.Profile;

sealed class ReadProfileHandler(AccountReading accounts, TimeProvider clock)
    : IRequestHandler<ReadProfile, Outcome<ProfileView>>, IRequestHandler<OfferedActions, IReadOnlyList<OfferedAction>>
{
    public async Task<Outcome<ProfileView>> Handle(ReadProfile query, CancellationToken ct)
    {
        if (await accounts.WithRoster(query.Account, ct) is not { } account) return new NotFound("account");
        if (query.Organization is { } organization ? account.ManagedBy != organization : account.Id != query.Viewer)
            return new NotFound("account");
        return new ProfileView(
            account.Id, account.Name, account.Email?.Value, account.State, account.ManagedBy, account.ClaimedAt,
            query.Organization is null && account.ManagedBy is not null ? new ManagedByOrganization()
                : account.RefusalToEditEmail(query.Organization, query.Viewer.Value, query.Asker), account.Profile.Picture, Why("picture"),
                account.Profile.ProvisionedBy,
            [.. Enum.GetValues<AccountDetail>()
                .Select(d => new OfferedDetail(d, account[d], Why(d.Field()), AccountDetails.Of(d).MaxLength))],
                DetailRules.TimeZones)
        {
            Actions = query.Organization is { } by ? OfferedActions.Of(account, by, query.Viewer, clock.GetUtcNow()) : [],
        };

        Refusal? Why(string field) => account.RefusalToEdit(query.Organization, query.Viewer.Value, field);
    }

    public async Task<IReadOnlyList<OfferedAction>> Handle(OfferedActions query, CancellationToken ct) =>
        await accounts.WithRoster(query.Account, ct) is { } account
            ? OfferedActions.Of(account, query.Organization, query.Viewer, clock.GetUtcNow())
            : [];
}
