using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>A count over an index alone takes a tenth of a second at a million accounts; a curve of days may be some minutes old.</summary>
sealed class RecentGrowth(TimeProvider clock) : HeldAnswers<OrganizationId, Growth>(clock, TimeSpan.FromMinutes(5));

sealed class ManagedAccountGrowth(NpgsqlDataSource database, RecentGrowth recent) : IRequestHandler<ReadGrowth, Growth>
{
    /// <summary>More points than this are more than a table and a small chart can show.</summary>
    const int MostDays = 92;

    public Task<Growth> Handle(ReadGrowth query, CancellationToken ct) =>
        recent.Ask(query.Organization, now => Count(query.Organization, now));

    async Task<Growth> Count(OrganizationId organization, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var days = (await connection.QueryAsync<(DateTime Day, long Claimed)>("""
            select date_trunc('day', claimed_at, 'UTC') as day, count(*) from accounts.v_listed where managed_by = @id
              and claimed_at is not null and state <> 0 group by 1 order by 1
            """, new { id = organization.Value })).Select(d => (Day: DateOnly.FromDateTime(d.Day), d.Claimed)).ToList();
        return Of(days, now);
    }

    internal static Growth Of(IReadOnlyList<(DateOnly Day, long Claimed)> days, DateTimeOffset now)
    {
        var byMonth = days.Count > MostDays;
        var total = 0L;
        return new(
            [.. days.GroupBy(d => byMonth ? new DateOnly(d.Day.Year, d.Day.Month, 1) : d.Day)
                .Select(g => (g.Key, Claimed: g.Sum(d => d.Claimed))).Select(g => new GrowthPoint(g.Key, g.Claimed, total += g.Claimed))],
            byMonth, now);
    }
}
