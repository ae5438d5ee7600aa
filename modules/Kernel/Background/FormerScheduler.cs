namespace DirectoryPlatform.Kernel.Background;

/// <summary>
/// Drops the tables of the scheduler that kept jobs going before (docs/decisions/0058). A migration must not: while nodes are upgraded one
/// by one those of before still live by them. So they go when no such node has checked in for a day; where there are none, nothing happens.
/// </summary>
sealed class FormerScheduler(NpgsqlDataSource database) : IRecurring
{
    static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    public string Name => "drop the former scheduler's tables";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>("select to_regclass('kernel.qrtz_scheduler_state') is not null")) return;
        // It counts in ticks of 100 ns since the year 1.
        if (await connection.ExecuteScalarAsync<bool>("""
            select exists (select from kernel.qrtz_scheduler_state
              where last_checkin_time > (extract(epoch from clock_timestamp() - @Silence) + 62135596800) * 10000000)
            """, new { Silence })) return;
        await connection.ExecuteAsync("""
            do $$ declare old regclass; begin
              for old in select oid::regclass from pg_class where relnamespace = 'kernel'::regnamespace and relkind = 'r'
                and relname like 'qrtz\_%' loop
                execute format('drop table %s cascade', old);
              end loop;
            end $$
            """);
    }
}
