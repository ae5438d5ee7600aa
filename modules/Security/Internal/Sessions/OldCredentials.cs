namespace DirectoryPlatform.Security.Internal.Sessions;

/// <summary>
/// Removes credentials that have been dead for long: what is kept of them serves to recognise a device, to notice a token that is used
/// again, and to answer why a program stopped. The history of what happened is in the audit log. Each run removes a bounded number, so that
/// the first after years is no different from the others.
/// </summary>
sealed class OldCredentials(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    /// <summary>
    /// Since its last click; three times the longest that a session may sleep (SPEC S5), so every one of these is dead. A device that comes
    /// back later is told of as a new one (own choice).
    /// </summary>
    public static readonly TimeSpan Sessions = TimeSpan.FromDays(90);

    /// <summary>Of a living session: for so long the reuse of a refresh token ends it; an older one is only refused (own choice; a session
    /// of a year would leave 50,000 behind).</summary>
    public static readonly TimeSpan UsedRefreshTokens = TimeSpan.FromDays(30);

    /// <summary>Since they were good; mails are counted for a day (own choice).</summary>
    public static readonly TimeSpan ResetLinks = TimeSpan.FromDays(7);

    /// <summary>Since they expired or were revoked; an expired one is shown for 30 days (own choice).</summary>
    public static readonly TimeSpan ApiTokens = TimeSpan.FromDays(90);

    /// <summary>Since they came; a request is good for ten minutes, and its answer no longer.</summary>
    public static readonly TimeSpan ProviderAnswers = TimeSpan.FromDays(1);

    /// <summary>Since they were good, which is ten minutes; the history is in the audit log.</summary>
    public static readonly TimeSpan DeviceCodes = TimeSpan.FromDays(1);

    /// <summary>A statement takes some tens of milliseconds and no row that anybody waits for.</summary>
    internal const int AtOnce = 2_000, StatementsPerRun = 25;

    static readonly (string Table, string Key, string Dead, TimeSpan For)[] Kinds =
    [
        ("session", "id",
            "last_active_at < @old and (ended_at is not null or ends_at <= @now or last_active_at + idle <= @now) order by last_active_at",
            Sessions),
        ("refresh_token", "token_hash", "used_at < @old order by used_at", UsedRefreshTokens),
        ("password_reset", "token_hash", "expires_at < @old order by expires_at", ResetLinks),
        ("provider_answer", "token_hash", "answered_at < @old order by answered_at", ProviderAnswers),
        ("device_code", "id", "expires_at < @old order by expires_at", DeviceCodes),
        ("api_answer", "ctid", "begun_at < @old order by begun_at", TimeSpan.FromHours(24)),
        ("api_key", "id", "least(expires_at, revoked_at) < @old order by least(expires_at, revoked_at)", ApiTokens),
        ("api_token", "id", "least(expires_at, revoked_at) < @old order by least(expires_at, revoked_at)", ApiTokens),
    ];

    public string Name => "remove old credentials";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        foreach (var (table, key, dead, kept) in Kinds)
            for (var i = 0; i < StatementsPerRun; i++)
                // By an array, which is looked up by key whatever is known of the table's size; "in" is planned as a join.
                if (await connection.ExecuteAsync(
                    $"delete from security.{table} where {key} = any(array(select {key} from security.{table} where {dead} limit {AtOnce} "
                        + "for update skip locked))",
                    new { now = now.UtcDateTime, old = (now - kept).UtcDateTime }) < AtOnce) break;
    }
}
