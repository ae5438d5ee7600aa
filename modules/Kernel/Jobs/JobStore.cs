using System.Runtime.CompilerServices;

namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>Starts jobs and reads them for pages.</summary>
public sealed class JobStore(NpgsqlDataSource database, Admissions admissions, TimeProvider clock)
{
    const string Columns = """
        j.id, j.kind, j.organization_id as organization, j.title, j.state, j.asked_by as askedBy, j.asked_at as askedAt,
        j.started_at as startedAt, j.ended_at as endedAt, j.total, j.failure, r.done, r.counts,
        (j.arguments -> 'will')::text as will,
        (select sum(size) / 5.0 from kernel.job_result x
          where x.job_id = j.id and j.state = 1 and x.at > @now - interval '5 seconds')::float8 as perSecond
        from kernel.job j cross join lateral (
          select coalesce(sum(done), 0)::bigint as done, coalesce(jsonb_agg(counts), '[]')::text as counts
          from kernel.job_range where job_id = j.id) r
        """;

    /// <summary>Writes the job; <see cref="JobKeeper"/> finds it. The same id again changes nothing.</summary>
    /// <returns>False when the job was there already.</returns>
    public async Task<bool> Insert(NewJob job, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inserted = await connection.ExecuteAsync("""
            insert into kernel.job (id, kind, organization_id, title, arguments, state, asked_by, origin, asked_at, total)
            values (@id, @Kind, @Organization, @Title, @Arguments::jsonb, 0, @Actor, @origin::jsonb, @now, @Total)
              on conflict (id) do nothing
            """, new
        {
            id = job.Id.Value,
            job.Kind,
            job.Organization,
            job.Title,
            job.Arguments,
            job.Origin.Actor,
            origin = KernelJson.Write(job.Origin),
            now = Now,
            job.Total
        }, transaction);
        if (inserted == 1)
        {
            await connection.ExecuteAsync("""
                insert into kernel.job_range (job_id, no, after, upto) select @id, no, after, upto
                  from unnest(@afters::uuid[], @uptos::uuid[]) with ordinality as r(after, upto, no)
                """, new
            {
                id = job.Id.Value,
                afters = job.Ranges.Select(r => r.After).ToArray(),
                uptos = job.Ranges.Select(r => r.Upto)
                    .ToArray()
            }, transaction);
            if (job.Begun is { } action)
                await Tell(connection, job.Organization, job.Origin, job.Id.Value, action, null,
                    KernelJson.Write(new { job.Kind, job.Total }));
        }
        await admissions.Stand();
        await transaction.CommitAsync(ct);
        return inserted == 1;
    }

    static readonly KeysetList<Guid> List = new()
    {
        Name = "jobs",
        Alias = "j",
        Columns = "j.id",
        Row = r => r.GetGuid(0),
        Orders = [new(ListSort.Added, KeysetColumn.Time("j.asked_at"))],
    };

    static readonly IReadOnlyList<ListFilter<ListJobs>> Filters =
    [
        new("organization", (asked, value) => $"j.organization_id = {value(asked.Organization)}"),
        new("ended", (asked, _) => asked.Ended switch { null => null, true => "j.ended_at is not null", false => "j.ended_at is null" }),
    ];

    /// <summary>Which jobs are on the page first, then how far each of them is.</summary>
    public async Task<Outcome<ListPage<JobView>>> Page(ListJobs query, CancellationToken ct)
    {
        var page = await List.Page(database, new(ListSort.Added, Descending: true, query.Cursor, query.Size),
            values => Task.FromResult(new ListRows("kernel.job j", Filters.Where(query, values))), ct);
        if (!page.Granted) return page.Refusal;
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<JobRow>($"select {Columns} where j.id = any(@ids) order by j.asked_at desc, j.id desc",
            new { ids = page.Value.Rows.ToArray(), now = Now });
        return page.Value.With(rows.Select(r => r.View()));
    }

    internal async Task<IReadOnlyList<JobView>> Of(Guid organization, IReadOnlyCollection<Guid> jobs) =>
        [.. (await database.Rows<JobRow>($"select {Columns} where j.id = any(@ids) and j.organization_id = @organization",
            new { ids = jobs.ToArray(), organization, now = Now })).Select(r => r.View())];

    public async Task<Outcome<JobView>> Of(Guid organization, JobId job)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<JobRow>(
            $"select {Columns} where j.id = @id and j.organization_id = @organization", new { id = job.Value, organization, now = Now });
        return row is null ? new NotFound("job") : row.View();
    }

    /// <summary>What became of each item, a chunk at a time, in the order in which it was done.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<(Guid Item, string Code)>> Results(JobId job,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var chunks = await connection.QueryAsync<(int Range, int Seq)>(
            "select range_no, seq from kernel.job_result where job_id = @job order by range_no, seq", new { job = job.Value });
        foreach (var (range, seq) in chunks.AsList())
        {
            var (items, codes) = await connection.QuerySingleAsync<(Guid[], string[])>(
                "select items, codes from kernel.job_result where job_id = @job and range_no = @range and seq = @seq",
                new { job = job.Value, range, seq });
            yield return [.. items.Zip(codes)];
        }
    }

    /// <returns>Whether the job was in one of the states and is now in the other; the change is audited.</returns>
    public async Task<bool> Move(Guid organization, JobId job, JobState[] from, JobState to, string action, Origin origin)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Locked first: a worker that is just finishing the last range is waited for, and then seen.
        await connection.ExecuteAsync("select from kernel.job where id = @id for no key update", new { id = job.Value }, transaction);
        var nothingLeft = to is JobState.Running && !await connection.ExecuteScalarAsync<bool>(
            "select exists (select from kernel.job_range where job_id = @id and not finished)", new { id = job.Value }, transaction);
        if (nothingLeft) to = JobState.Done;
        var moved = await connection.ExecuteAsync("""
            update kernel.job set state = @to, failure = null, ended_at = case when @ends then @now else null end
            where id = @id and organization_id = @organization and state = any(@from)
            """, new
        {
            id = job.Value,
            organization,
            from = from.Select(s => (short)s).ToArray(),
            to = (short)to,
            ends = to is JobState.Cancelled or JobState.Done,
            now = Now
        }, transaction) == 1;
        if (moved) await Tell(connection, organization, origin, job.Value, action, job.Value, null);
        await admissions.Stand();
        await transaction.CommitAsync();
        return moved;
    }

    /// <param name="by">The job that does it; null while it is only asked for.</param>
    async Task Tell(NpgsqlConnection connection, Guid organization, Origin origin, Guid job, string action, Guid? by, string? fact)
    {
        await using var audit = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                AuditLog.Insert(
                    [new(Guid.CreateVersion7(), clock.GetUtcNow(), organization, origin, job, action, by, fact, null, null, null)])
            }
        };
        await audit.ExecuteNonQueryAsync();
    }

    /// <summary>Takes the addresses away from which these people asked for jobs (SPEC A6).</summary>
    public static NpgsqlBatchCommand Forget(Guid[] people) =>
        new("update kernel.job set origin = origin - 'address' where asked_by = any($1) and origin ? 'address'")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = people } },
        };

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    sealed record JobRow
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public Guid Organization { get; init; }
        public string Title { get; init; } = "";
        public short State { get; init; }
        public Guid? AskedBy { get; init; }
        public DateTime AskedAt { get; init; }
        public DateTime? StartedAt { get; init; }
        public DateTime? EndedAt { get; init; }
        public long Total { get; init; }
        public string? Failure { get; init; }
        public long Done { get; init; }
        public string Counts { get; init; } = "[]";
        public double? PerSecond { get; init; }
        public string? Will { get; init; }

        public JobView View() => new(
            new(Id), Organization, Kind, Title, (JobState)State, AskedBy, AskedAt, StartedAt, EndedAt, Total, Done,
            KernelJson.Read<Dictionary<string, long>[]>(Counts).SelectMany(c => c).GroupBy(c => c.Key)
                .ToDictionary(c => c.Key, c => c.Sum(v => v.Value)), PerSecond, Failure)
        { Will = Will is null or "null" ? null : KernelJson.Read<Dictionary<string, long>>(Will) };
    }
}
