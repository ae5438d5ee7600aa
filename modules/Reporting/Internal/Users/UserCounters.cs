using System.Text.Json;

namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>As for the managed accounts.</summary>
sealed class RecentUserCounts(TimeProvider clock) : HeldAnswers<UserScope, UserCounts>(clock, TimeSpan.FromSeconds(5));

/// <summary>So, too, by the filter as JSON.</summary>
sealed class RecentUserStatistics(TimeProvider clock) : HeldAnswers<(Guid, string), UserStatistics>(clock, TimeSpan.FromSeconds(5));

sealed class UserCounters(NpgsqlDataSource database, RecentUserCounts recent, RecentUserStatistics statistics, SiteUserRows rows,
    TimeProvider clock) : IRequestHandler<CountUsers, UserCounts>, IRequestHandler<CountMatchingUsers, long>,
    IRequestHandler<ReadUserStatistics, UserStatistics>
{
    public Task<UserStatistics> Handle(ReadUserStatistics query, CancellationToken ct) => statistics.Ask(
        (query.Scope.Id, JsonSerializer.Serialize(query.Filter)), _ => Count(query.Scope, query.Filter));

    /// <summary>Not cancelled either.</summary>
    async Task<UserStatistics> Count(UserScope scope, UserFilter filter)
    {
        await using var batch = database.CreateBatch();
        var query = CustomPlanQuery.Query(batch);
        query.CommandText = await rows.Statistics(scope, filter, clock.GetUtcNow(), query.Parameters, CancellationToken.None);
        var found = new List<(int Kind, int Word, AccountState State, long Users)>();
        await using var counted = await CustomPlanQuery.Rows(batch, CancellationToken.None);
        while (await counted.ReadAsync())
            found.Add((counted.GetInt32(0), counted.GetInt32(1),
                counted.IsDBNull(2) ? AccountState.Active : (AccountState)counted.GetInt32(2), counted.GetInt64(3)));
        return new(
            found.Where(f => f.Kind == 0).ToLookup(f => f.State, f => f.Users).ToDictionary(g => g.Key, g => g.Sum()),
            found.Where(f => f.Kind == 0 && f.Word != 0).ToLookup(f => (UserStatus)f.Word, f => f.Users)
                .ToDictionary(g => g.Key, g => g.Sum()),
            found.Single(f => f.Kind == 1).Users,
            found.Where(f => f.Kind == 2).ToDictionary(f => (UserRole)f.Word, f => f.Users));
    }

    public Task<long> Handle(CountMatchingUsers query, CancellationToken ct) =>
        ListRows.Count(database, long.MaxValue, values => rows.Of(query.Scope, query.Filter, clock.GetUtcNow(), values, ct), ct);

    public Task<UserCounts> Handle(CountUsers query, CancellationToken ct) => recent.Ask(query.Scope, _ => Count(query.Scope.Id));

    /// <summary>Not cancelled with whoever asked first: others may wait for it.</summary>
    async Task<UserCounts> Count(Guid scope)
    {
        var by = (await database.Rows<(short Status, long Users)>(
            "select status, count(*) from sites.v_listed where scope_id = @scope group by status", new { scope }, CancellationToken.None))
            .ToDictionary(r => (UserStatus)r.Status, r => r.Users);
        var dormant = await database.Value<long>(
            $"select count(*) from accounts.v_account n join sites.v_listed l on l.account_id = n.id where l.scope_id = @scope "
            + $"and l.status = @active and {SiteUserRows.Dormant("n")}", new { scope, active = (short)UserStatus.Active },
            CancellationToken.None);
        // Asked one after the other: somebody may have been switched off in between.
        return new(by.Values.Sum(), Math.Max(0, by.GetValueOrDefault(UserStatus.Active) - dormant),
            by.GetValueOrDefault(UserStatus.Invited), by.GetValueOrDefault(UserStatus.Suspended), dormant);
    }
}
