using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.ManagedAccounts;

sealed class CountMatchingAccountsHandler(NpgsqlDataSource database, AccountConditions conditions, AccountSearch search,
    TimeProvider clock) : IRequestHandler<CountMatchingAccounts, long>
{
    public async Task<long> Handle(CountMatchingAccounts query, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        var command = CustomPlanQuery.Query(batch);
        var where = await conditions.Where(query.Filter, query.Organization, clock.GetUtcNow(), command.Parameters, ct);
        if (await search.Narrow(query.Filter, command.Parameters, ct) is { } narrowed) where += $" and {narrowed}";
        command.CommandText = $"select count(*) from (select from accounts.v_listed a where {where} limit {query.Limit}) x";
        await using var rows = await CustomPlanQuery.Rows(batch, ct);
        await rows.ReadAsync(ct);
        return rows.GetInt64(0);
    }
}
