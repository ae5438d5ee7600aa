namespace DirectoryPlatform.Kernel.Background;

/// <summary>
/// Ends sessions that have written something and stand still in the middle of a command, because their process froze while it sent one.
/// PostgreSQL's time-outs end those that are idle between two commands; these count as active, and would keep their rows locked for as
/// long as the process stands. Whatever they were at is done again by whoever has its lease, and a turn that wakes up tries again.
/// </summary>
sealed class StuckSessions(NpgsqlDataSource database, BackgroundSettings settings, ILogger<StuckSessions> log) : IRecurring
{
    /// <summary>A process with the time of the last message that it took, and how many bytes of a COPY have come, which move no time. Seen
    /// twice with the same ones, nothing has come between.</summary>
    sealed record Session(int Pid, DateTime Since, long Copied);

    HashSet<Session> _seen = [];

    public string Name => "end stuck sessions";
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var still = (await connection.QueryAsync<Session>("""
            select a.pid, state_change as since, coalesce(c.bytes_processed, 0) as copied
            from pg_stat_activity a left join pg_stat_progress_copy c on c.pid = a.pid
            where a.datname = current_database() and usename = current_user and application_name = current_setting('application_name')
              and a.pid <> pg_backend_pid() and state = 'active' and wait_event = 'ClientRead' and backend_xid is not null
              and state_change < clock_timestamp() - @ChunkSilence
            """, new { settings.ChunkSilence })).ToHashSet();
        foreach (var session in still.Where(_seen.Contains))
        {
            if (await connection.ExecuteScalarAsync<bool?>(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid = @Pid and state_change = @Since", session) == true)
                log.StuckSessionEnded(session.Since);
        }
        _seen = still;
    }
}
