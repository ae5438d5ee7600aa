namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>
/// Walks one range of one job, chunk by chunk. Every chunk is one transaction that locks the range's row first, so two workers that were
/// sent after the same range by mistake take turns and do each item once. Whoever has lost the lease meanwhile goes no further. Between two
/// chunks, where nothing is locked, it leaves room for people of other organizations (<see cref="FairShares"/>).
/// </summary>
sealed class JobWorker(
    NpgsqlDataSource database, IEnumerable<IBulkJob> kinds, Settlement settlement, TimeProvider clock, Wake outbox,
    BackgroundSettings settings, FairShares shares, Outage outage, ILogger<JobWorker> log)
{
    /// <summary>Then the job fails and waits for an admin: about a minute of trying. While the database is away, full or overfull, none is
    /// used up: the job is not what is wrong, and goes on once the database is back.</summary>
    const int MaxAttempts = 8;

    /// <summary>Between two tries of a database that is away (own choice).</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public Task Run(Guid job, int range, CancellationToken ct) => Run(job, range, null, ct);

    /// <param name="hold">Null for whoever walks by hand, beside whoever has the lease.</param>
    public async Task Run(Guid job, int range, RangeHold? hold, CancellationToken ct)
    {
        log.JobRangeBegan(job, range);
        for (var (attempt, away) = (1, 0); ;)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                using var piece = hold is null ? null : await shares.LongWork.Begin(hold.Organization, ct);
                if (!await Step(job, range, hold?.Holder, attempt, ct) || hold is { GiveBack: true }) break;
                (attempt, away) = (1, 0);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { throw; }
            catch (Exception failed)
            {
                if (!await IsSlowAlone(failed, ct) && outage.Explains(failed))
                {
                    await KeepLease(job, range, hold?.Holder, ct);
                    var pause = TimeSpan.FromMilliseconds(250 << Math.Min(++away, MaxAttempts));
                    await Task.Delay(pause < LongestPause ? pause : LongestPause, ct);
                    continue;
                }
                log.JobRangeInterrupted(failed, job, range, attempt);
                if (attempt >= MaxAttempts)
                {
                    await Fail(job, $"An error came back {MaxAttempts} times: {failed.Message}");
                    break;
                }
                await KeepLease(job, range, hold?.Holder, ct);
                var lostRace = failed is PostgresException { SqlState: "DP001" or "40P01" };
                await Task.Delay(lostRace ? TimeSpan.FromMilliseconds(20 * attempt) : TimeSpan.FromMilliseconds(250 << attempt), ct);
                attempt++;
            }
        }
        log.JobRangeFinished(job, range);
        outbox.Now();
    }

    /// <summary>Whether it ran out of time on a database that answers others: a chunk that is never done in its time has to fail.</summary>
    async Task<bool> IsSlowAlone(Exception failed, CancellationToken ct)
    {
        if (failed is not (TimeoutException or NpgsqlException { InnerException: TimeoutException })) return false;
        try
        {
            await database.Value<int>("select 1", new { }, ct);
            return true;
        }
        catch (Exception away) when (Database.IsAway(away)) { return false; }
    }

    /// <summary>A chunk that failed slowly has outlived the lease: another node would begin to count its attempts anew.</summary>
    async Task KeepLease(Guid job, int range, Guid? holder, CancellationToken ct)
    {
        if (holder is null) return;
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await connection.ExecuteAsync("""
                update kernel.job_range set leased_until = clock_timestamp() + @Lease
                where job_id = @job and no = @range and holder = @holder
                """, new { job, range, holder, settings.Lease });
        }
        catch (NpgsqlException) { } // Then the next look says whose it is.
    }

    /// <returns>False when there is nothing more to do here.</returns>
    async Task<bool> Step(Guid job, int range, Guid? holder, int attempt, CancellationToken ct)
    {
        using var span = Spans.Work("job chunk");
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // A process that froze in the middle must not keep the range, nor the people of the chunk, from everybody else.
        var at = await connection.QuerySingleOrDefaultAsync<Position>("""
            select j.kind, j.organization_id as organization, j.origin::text as origin, j.arguments::text as arguments, j.asked_by as
              askedBy, j.state, r.after, r.upto, r.cursor, r.counts::text as counts,
              (select count(*) from kernel.job_result x where x.job_id = j.id and x.range_no = r.no)::int as seq,
              set_config('idle_in_transaction_session_timeout', @silence, true)
            from kernel.job_range r join kernel.job j on j.id = r.job_id
            where r.job_id = @job and r.no = @range and not r.finished and j.state in (0, 1)
              and (@holder::uuid is null or r.holder = @holder) for update of r
            """, new { job, range, holder, silence = $"{settings.ChunkSilence.TotalMilliseconds:F0}" }, transaction);
        if (at is null) return false;
        span?.SetTag("directory.job", at.Kind);
        var (now, begun) = (clock.GetUtcNow(), settlement.Begin());
        var slice = new JobSlice(
            new(job), at.Organization, KernelJson.Read<Origin>(at.Origin), at.Arguments, at.Cursor ?? at.After, at.Upto, attempt, now)
        { Settings = settings };
        var work = kinds.SingleOrDefault(k => k.Kind == at.Kind) ?? kinds.Single(k => k.Kind == IBulkJob.UsualKind);
        var chunk = await work.Next(slice, connection, ct);
        if (chunk.Stop is { } reason)
        {
            await transaction.RollbackAsync(ct);
            await Fail(job, reason);
            return false;
        }
        await using var batch = new NpgsqlBatch(connection);
        foreach (var write in chunk.Writes) batch.BatchCommands.Add(write);
        AddProgress(batch, job, range, at, chunk, now, settings.Lease);
        await batch.ExecuteNonQueryAsync(ct);
        if (chunk.Cursor is null) await Close(connection, job, at, now);
        await transaction.CommitAsync(ct);
        Meters.JobItems.Count("job", at.Kind, chunk.Items.Count + (chunk.Counted?.Items ?? 0));
        await settlement.Settle(begun);
        return chunk.Cursor is not null;
    }

    static void AddProgress(NpgsqlBatch batch, Guid job, int range, Position at, Chunk chunk, DateTimeOffset now, TimeSpan lease)
    {
        var counts = KernelJson.Read<Dictionary<string, long>>(at.Counts);
        foreach (var code in chunk.Codes) counts[code] = counts.GetValueOrDefault(code) + 1;
        if (chunk.Counted is { } counted) counts[counted.Code] = counts.GetValueOrDefault(counted.Code) + counted.Items;
        var done = chunk.Items.Count + (chunk.Counted?.Items ?? 0);
        if (done > 0)
            batch.BatchCommands.Add(
                new("insert into kernel.job_result (job_id, range_no, seq, at, size, items, codes) values ($1, $2, $3, $4, $5, $6, $7)")
                {
                    Parameters =
                {
                    new() { Value = job }, new() { Value = range }, new() { Value = at.Seq + 1 }, new() { Value = now.UtcDateTime },
                    new() { Value = done },
                    new NpgsqlParameter<Guid[]> { TypedValue = [.. chunk.Items] },
                    new NpgsqlParameter<string[]> { TypedValue = [.. chunk.Codes] },
                },
                });
        batch.BatchCommands
            .Add(new("""
                update kernel.job_range set cursor = $3, finished = $4, done = done + $5, counts = $6,
                  holder = case when $4 then null else holder end,
                  leased_until = case when not $4 and holder is not null then clock_timestamp() + $7 end
                where job_id = $1 and no = $2
                """)
            {
                Parameters =
            {
                new() { Value = job }, new() { Value = range },
                new() { Value = (object?)(chunk.Cursor ?? at.Cursor) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = chunk.Cursor is null }, new() { Value = (long)done },
                new() { Value = KernelJson.Write(counts), NpgsqlDbType = NpgsqlDbType.Jsonb }, new() { Value = lease },
            },
            });
        batch.BatchCommands.Add(new("update kernel.job set state = 1, started_at = coalesce(started_at, $2) where id = $1 and state = 0")
        {
            Parameters = { new() { Value = job }, new() { Value = now.UtcDateTime } },
        });
    }

    /// <summary>The last range to finish ends the job; the job's row lock decides which one is last. What an admin wrote may name
    /// people, and erasure (SPEC A6) finds it elsewhere: a job that is done needs it no more.</summary>
    static async Task Close(NpgsqlConnection connection, Guid job, Position at, DateTimeOffset now)
    {
        // Not "for update": every range's results hold on to the job's key, and two that end at once would wait in a circle.
        await connection.ExecuteAsync("select from kernel.job where id = @job for no key update", new { job });
        var ended = await connection.ExecuteAsync("""
            update kernel.job set state = 4, ended_at = @now, arguments = arguments - 'reason' - 'message'
            where id = @job and state in (0, 1)
              and not exists (select from kernel.job_range where job_id = @job and not finished)
            """, new { job, now = now.UtcDateTime });
        if (ended == 1) await Tell(connection, job, at, JobState.Done, now);
    }

    async Task Fail(Guid job, string reason)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var at = await connection.QuerySingleOrDefaultAsync<Position>("""
            update kernel.job j set state = 3, failure = @reason, ended_at = @now where id = @job and state in (0, 1)
            returning j.kind, j.organization_id as organization, j.asked_by as askedBy
            """, new { job, reason, now = now.UtcDateTime });
        if (at is not null) await Tell(connection, job, at, JobState.Failed, now);
        await transaction.CommitAsync();
    }

    static async Task Tell(NpgsqlConnection connection, Guid job, Position at, JobState state, DateTimeOffset now)
    {
        await using var batch =
            new NpgsqlBatch(connection)
            {
                BatchCommands = { Outbox.Insert([(job, new JobEnded(new(job), at.Organization, at.Kind, state, at.AskedBy))], now) }
            };
        await batch.ExecuteNonQueryAsync();
    }

    sealed record Position
    {
        public string Kind { get; init; } = "";
        public Guid Organization { get; init; }
        public string Origin { get; init; } = "";
        public string Arguments { get; init; } = "";
        public Guid? AskedBy { get; init; }
        public short State { get; init; }
        public Guid? After { get; init; }
        public Guid? Upto { get; init; }
        public Guid? Cursor { get; init; }
        public string Counts { get; init; } = "{}";
        public int Seq { get; init; }
    }
}
