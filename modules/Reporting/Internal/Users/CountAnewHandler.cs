using DirectoryPlatform.Reporting.Internal.ManagedAccounts;
using DirectoryPlatform.Reporting.Internal.Policies;

namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>Of this node: what others hold is right within seconds.</summary>
sealed class CountAnewHandler(RecentCounters accounts, RecentUserCounts users, RecentPolicyCounts policies)
    : IRequestHandler<CountAnew, Done>
{
    public Task<Done> Handle(CountAnew query, CancellationToken ct)
    {
        accounts.Forget(o => o.Value == query.Place);
        users.Forget(s => s.Id == query.Place || s.Organization.Value == query.Place);
        policies.Forget(o => o.Value == query.Place);
        return Task.FromResult(Done.It);
    }
}
