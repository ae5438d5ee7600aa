namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>As for the managed accounts.</summary>
sealed class RecentUserCounts(TimeProvider clock) : HeldAnswers<Guid, UserCounts>(clock, TimeSpan.FromSeconds(5));

sealed class UserCounters(NpgsqlDataSource database, RecentUserCounts recent, SiteUserRows rows, TimeProvider clock)
    : IRequestHandler<CountUsers, UserCounts>, IRequestHandler<CountMatchingUsers, long>
{
    public Task<long> Handle(CountMatchingUsers query, CancellationToken ct) =>
        ListRows.Count(database, long.MaxValue, values => rows.Of(query.Scope, query.Filter, clock.GetUtcNow(), values, ct), ct);

    public Task<UserCounts> Handle(CountUsers query, CancellationToken ct) => recent.Ask(query.Scope.Id, _ => Count(query.Scope.Id));

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
