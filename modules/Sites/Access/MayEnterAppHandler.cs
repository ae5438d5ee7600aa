using System.Collections.Concurrent;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Access;

/// <summary>Answers that were yes a moment ago.</summary>
sealed class RecentAnswers(TimeProvider clock)
{
    /// <summary>Some megabytes; then all are asked again (own choice).</summary>
    const int Most = 50_000;

    readonly ConcurrentDictionary<(AccountId, string, string), (AppRole Role, long Until)> _yes = new();

    public AppRole? Of(AccountId account, string site, string app) => _yes.TryGetValue((account, site, app), out var held) && held.Until > clock.GetTimestamp() ? held.Role : null;

    /// <param name="since">When the rows were about to be read: what was committed since then must not be hidden for longer.</param>
    public void Keep(AccountId account, string site, string app, AppRole role, long since)
    {
        if (_yes.Count >= Most) _yes.Clear();
        _yes[(account, site, app)] = (role, since + (long)(MayEnterApp.Remembered.TotalSeconds * clock.TimestampFrequency));
    }
}

sealed class MayEnterAppHandler(StandingStore standings, RecentAnswers recent, NpgsqlDataSource database, TimeProvider clock) : IRequestHandler<MayEnterApp, Outcome<AppRole>>
{
    static readonly TimeSpan Precision = TimeSpan.FromHours(1);

    /// <summary>No host and no id is longer (RFC 1035).</summary>
    const int Longest = 260;

    public async Task<Outcome<AppRole>> Handle(MayEnterApp query, CancellationToken ct)
    {
        if (query is not { Site.Length: > 0 and <= Longest, App.Length: > 0 and <= Longest }) return new NotFound("site");
        var (site, app) = (query.Site.ToLowerInvariant(), query.App.ToLowerInvariant());
        if (recent.Of(query.Account, site, app) is { } role) return role;
        var since = clock.GetTimestamp();
        if (await standings.Of(site, app, query.Account, AccountState.Active, ct) is not var (id, standing)) return new NotFound("site");
        var entry = standing.MayEnter();
        if (!entry.Granted) return entry;
        recent.Keep(query.Account, site, app, entry.Value, since);
        var now = clock.GetUtcNow();
        if (!(standing.LastActiveAt > now - Precision)) await Note(id, standing, query.Account, now, ct);
        return entry;
    }

    /// <summary>Once an hour at most for a person and a site; a row that somebody holds is left for the next hour's request, so that the door never waits.</summary>
    async Task Note(SiteId site, Standing standing, AccountId account, DateTimeOffset now, CancellationToken ct)
    {
        await using var note = database.CreateCommand("""
            with noted as (
              update sites.site_member set last_active_at = $3 where (site_id, account_id) in (
                select site_id, account_id from sites.site_member where site_id = $1 and account_id = $2 and last_active_at < $3 - interval '1 hour' for no key update skip locked)
              returning account_id)
            update sites.listed l set last_active_at = $3 from noted where l.id = noted.account_id and l.scope_id in ($1, $4)
            """);
        foreach (var value in (object[])[site.Value, account.Value, now.UtcDateTime, standing.Organization.Value]) note.Parameters.Add(new() { Value = value });
        await note.ExecuteNonQueryAsync(ct);
    }
}
