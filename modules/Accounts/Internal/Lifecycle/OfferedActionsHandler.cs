using DirectoryPlatform.Accounts.Internal.Storage;
using MediatR;

namespace DirectoryPlatform.Accounts.Internal.Lifecycle;

sealed class OfferedActionsHandler(AccountReading accounts, TimeProvider clock)
    : IRequestHandler<OfferedActions, IReadOnlyList<OfferedAction>>
{
    public async Task<IReadOnlyList<OfferedAction>> Handle(OfferedActions query, CancellationToken ct) =>
        await accounts.WithRoster(query.Account, ct) is { } account
            ? OfferedActions.Of(account, query.Organization, query.Viewer, clock.GetUtcNow())
            : [];
}
