namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>Pages ask often, and the counts cost much.</summary>
sealed class RecentCounters(TimeProvider clock) : HeldAnswers<OrganizationId, ManagedAccountCounts>(clock, TimeSpan.FromSeconds(5));

/// <summary>A count over an index alone takes a tenth of a second at a million accounts.</summary>
sealed class RecentGrowth(TimeProvider clock) : HeldAnswers<OrganizationId, Growth>(clock, TimeSpan.FromSeconds(30));

/// <summary>As dear as a count by state.</summary>
sealed class RecentActivity(TimeProvider clock) : HeldAnswers<OrganizationId, Activity>(clock, TimeSpan.FromSeconds(30));

/// <summary>The counters, computed over a covering index and held for a moment, and how they came to be. Not cancelled with whoever asked
/// first: others may wait for it.</summary>
sealed class ManagedAccountCounters(NpgsqlDataSource database, IMediator mediator, RecentCounters recent, RecentGrowth recentGrowth,
    RecentActivity recentActivity)
    : IRequestHandler<CountManagedAccounts, ManagedAccountCounts>, IRequestHandler<ReadGrowth, Growth>,
    IRequestHandler<ReadActivity, Activity>
{
    /// <summary>As far back as the list's filter looks.</summary>
    const int DaysOfActivity = 90;

    /// <summary>More points than this are more than a table and a small chart can show.</summary>
    const int MostDays = 92;

    public Task<ManagedAccountCounts> Handle(CountManagedAccounts query, CancellationToken ct) =>
        recent.Ask(query.Organization, now => Count(query.Organization, now));

    public Task<Growth> Handle(ReadGrowth query, CancellationToken ct) =>
        recentGrowth.Ask(query.Organization, now => CountDays(query.Organization, now));

    public Task<Activity> Handle(ReadActivity query, CancellationToken ct) =>
        recentActivity.Ask(query.Organization, now => CountActivity(query.Organization, now));

    async Task<ManagedAccountCounts> Count(OrganizationId organization, DateTimeOffset now)
    {
        var counts = (await database.Rows<(short State, long Accounts)>(
            "select state, count(*) from accounts.v_account where managed_by = @id group by state", new { id = organization.Value },
            CancellationToken.None)).ToDictionary(r => (AccountState)r.State, r => r.Accounts);
        var (atProvider, twoStep) = await Secure(organization);
        long Of(AccountState state) => counts.GetValueOrDefault(state);
        // Who has not verified the address counts there and nowhere else (SPEC C4).
        return new(counts.Values.Sum() - Of(AccountState.Unverified), Of(AccountState.Active), Of(AccountState.Deactivated),
            Of(AccountState.PendingDeletion), Of(AccountState.Unverified), atProvider + twoStep, now)
        { SingleSignOn = atProvider };
    }

    /// <summary>Where no policy has single sign-on, which costs nothing to know, only two-step verification counts.</summary>
    async Task<(long AtProvider, long TwoStep)> Secure(OrganizationId organization)
    {
        var assignment = await mediator.Send(new ReadPolicyAssignment(organization));
        await using var command = database.CreateCommand();
        string Value(object value) => command.Parameters.Place(value);
        command.CommandText = assignment.Policies.Any(p => p.Settings.SingleSignOn)
            ? $"""
              select count(*) filter (where {assignment.Has(SecureLogin.SingleSignOn, Value)}),
                count(*) filter (where {assignment.Has(SecureLogin.TwoStep, Value)})
              from accounts.v_listed a where a.managed_by = {Value(organization.Value)}
              """
            : $"select 0::bigint, count(*) from security.v_two_step t join accounts.v_account a on a.id = t.account_id "
            + $"where a.managed_by = {Value(organization.Value)} and a.state <> 0";
        await using var counted = await command.ExecuteReaderAsync();
        await counted.ReadAsync();
        return (counted.GetInt64(0), counted.GetInt64(1));
    }

    /// <summary>Over the index by last activity alone.</summary>
    async Task<Activity> CountActivity(OrganizationId organization, DateTimeOffset now)
    {
        var found = await database.Rows<(int Day, long Accounts)>("""
            select case when last_active_at = '-infinity' then -1
              else least(greatest(0, floor(extract(epoch from @now - last_active_at) / 86400)), @DaysOfActivity)::int end as day, count(*)
            from accounts.v_listed where managed_by = @id group by 1
            """, new { id = organization.Value, now = now.UtcDateTime, DaysOfActivity }, CancellationToken.None);
        var days = new long[DaysOfActivity];
        foreach (var (day, accounts) in found.Where(f => f.Day is >= 0 and < DaysOfActivity)) days[day] = accounts;
        long Of(int day) => found.Where(f => f.Day == day).Sum(f => f.Accounts);
        return new(days, Of(DaysOfActivity), Of(-1), now);
    }

    async Task<Growth> CountDays(OrganizationId organization, DateTimeOffset now)
    {
        var days = (await database.Rows<(DateTime Day, long Claimed)>("""
            select date_trunc('day', claimed_at, 'UTC') as day, count(*) from accounts.v_listed where managed_by = @id
              and claimed_at is not null and state <> 0 group by 1 order by 1
            """, new { id = organization.Value }, CancellationToken.None))
            .Select(d => (Day: DateOnly.FromDateTime(d.Day), d.Claimed)).ToList();
        var byMonth = days.Count > MostDays;
        var total = 0L;
        return new(
            [.. days.GroupBy(d => byMonth ? new DateOnly(d.Day.Year, d.Day.Month, 1) : d.Day)
                .Select(g => (g.Key, Claimed: g.Sum(d => d.Claimed))).Select(g => new GrowthPoint(g.Key, g.Claimed, total += g.Claimed))],
            byMonth, now);
    }
}
