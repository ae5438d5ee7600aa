namespace DirectoryPlatform.Sites.Internal.Access;

/// <summary>Who is let in where, until it is revoked; filed under the person and the site.</summary>
sealed class KnownEntries(Revocations revocations, Admissions admissions, TimeProvider clock)
    : FollowedAnswers<(AccountId Account, string Site, string App), Entry>(revocations, admissions, clock, Most)
{
    /// <summary>Some megabytes (own choice).</summary>
    const int Most = 50_000;
}

sealed record Entry(AppRole Role);

sealed class MayEnterAppHandler(StandingStore standings, KnownEntries known, NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<MayEnterApp, Outcome<AppRole>>
{
    static readonly TimeSpan Precision = TimeSpan.FromHours(1);

    /// <summary>No host and no id is longer (RFC 1035).</summary>
    const int Longest = 260;

    public async Task<Outcome<AppRole>> Handle(MayEnterApp query, CancellationToken ct)
    {
        if (query is not { Site.Length: > 0 and <= Longest, App.Length: > 0 and <= Longest }) return new NotFound("site");
        var (site, app) = (query.Site.ToLowerInvariant(), query.App.ToLowerInvariant());
        Refusal refusal = new NotFound("site");
        return await known.Ask((query.Account, site, app), Read) is { } entered ? entered.Role : refusal;

        async Task<Followed<Entry>?> Read()
        {
            if (await standings.Of(site, app, query.Account, AccountState.Active, CancellationToken.None) is not var (id, standing))
                return null;
            var entry = standing.MayEnter();
            if (!entry.Granted)
            {
                refusal = entry.Refusal;
                return null;
            }
            var now = clock.GetUtcNow();
            if (!(standing.LastUsedAt > now - Precision)) await Note(id, app, standing, query.Account, now, CancellationToken.None);
            return new(new(entry.Value), now + Precision, query.Account.Value, id.Value);
        }
    }

    /// <summary>Once an hour at most for a person and an app; a row that somebody holds is left for the next request, so that the door
    /// never waits.</summary>
    async Task Note(SiteId site, string app, Standing standing, AccountId account, DateTimeOffset now, CancellationToken ct)
    {
        await using var note = database.CreateCommand("""
            with held as (
              select site_id, account_id from sites.site_member where site_id = $1 and account_id = $2 for no key update skip locked),
            used as (
              insert into sites.app_use as u (site_id, account_id, app_id, last_used_at) select site_id, account_id, $5, $3 from held
              on conflict (site_id, account_id, app_id) do update set last_used_at = $3 where u.last_used_at < $3 - interval '1 hour'),
            noted as (
              update sites.site_member m set last_active_at = $3 from held
              where m.site_id = held.site_id and m.account_id = held.account_id and m.last_active_at < $3 - interval '1 hour'
              returning m.account_id)
            update sites.listed l set last_active_at = $3 from noted where l.id = noted.account_id and l.scope_id in ($1, $4)
            """);
        foreach (var value in (object[])[site.Value, account.Value, now.UtcDateTime, standing.Organization.Value, app])
            note.Parameters.Add(new() { Value = value });
        await note.ExecuteNonQueryAsync(ct);
    }
}
