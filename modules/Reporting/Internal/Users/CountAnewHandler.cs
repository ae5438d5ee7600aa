using DirectoryPlatform.Reporting.Internal.ManagedAccounts;
using DirectoryPlatform.Reporting.Internal.Policies;

namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>Of this node: what others hold is right within seconds.</summary>
sealed class CountAnewHandler(RecentCounters accounts, RecentUserCounts users, RecentPolicyCounts policies)
    : IRequestHandler<CountAnew, Done>
{
    public Task<Done> Handle(CountAnew query, CancellationToken ct)
    {
        accounts.Forget(o => o == query.Organization);
        users.Forget(s => s.Organization == query.Organization);
        if (query.Policies) policies.Forget(o => o == query.Organization);
        return Task.FromResult(Done.It);
    }
}
