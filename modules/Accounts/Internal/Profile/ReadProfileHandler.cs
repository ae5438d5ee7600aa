using DirectoryPlatform.Accounts.Internal.Storage;
using DirectoryPlatform.Domains;
using MediatR;

namespace DirectoryPlatform.Accounts.Internal.Profile;

sealed class ReadProfileHandler(AccountReading accounts, TimeProvider clock)
    : IRequestHandler<ReadProfile, Outcome<ProfileView>>, IRequestHandler<ReadTraits, AccountTraits?>
{
    public async Task<AccountTraits?> Handle(ReadTraits query, CancellationToken ct) =>
        await accounts.Whole("id", query.Account.Value, ct) is { Email: { } email } account ? new(email.Domain, account.Profile) : null;

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
}
