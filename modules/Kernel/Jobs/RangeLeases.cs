namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>
/// Who walks which range: rows, by the database's clock. A lease keeps others from trying; that nothing is done twice is the cursor's and
/// the row lock's (<see cref="JobWorker"/>). Nobody takes a range while its chunk is being written, however late its holder is.
/// </summary>
sealed class RangeLeases(NpgsqlDataSource database, Node node, BackgroundSettings settings)
{
    /// <summary>Says that this node lives and still walks these ranges, and looks what there is to do.</summary>
    /// <param name="atOnce">So many of an organization's waiting ranges are enough.</param>
    public async Task<OpenWork> Look(IReadOnlyCollection<(Guid Job, int No)> mine, int atOnce, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("""
            insert into kernel.node as n (id, lives_until) values ($1, clock_timestamp() + $2)
              on conflict (id) do update set lives_until = excluded.lives_until
            """) { Parameters = { new() { Value = node.Id }, new() { Value = settings.Lease } } });
        if (mine.Count > 0) batch.BatchCommands.Add(Renew(mine));
        batch.BatchCommands.Add(new("select count(*)::int from kernel.node where lives_until > clock_timestamp()"));
        batch.BatchCommands.Add(new("""
            select job_id, no, organization_id, asked_at, elsewhere, total from (
              select *, count(*) over () as total,
                row_number() over (partition by organization_id, elsewhere, mine order by asked_at, job_id, no) as place
              from (
                select r.job_id, r.no, j.organization_id, j.asked_at,
                  coalesce(r.holder <> $1 and r.leased_until > clock_timestamp(), false) as elsewhere,
                  exists (select from unnest($2::uuid[], $3::int[]) as m(job_id, no) where m.job_id = r.job_id and m.no = r.no) as mine
                from kernel.job j join kernel.job_range r on r.job_id = j.id where j.state in (0, 1) and not r.finished) open) placed
            where elsewhere or mine or place <= $4
            """)
        {
            Parameters =
            {
                new() { Value = node.Id }, Jobs(mine), Numbers(mine), new() { Value = (long)atOnce },
            },
        });
        await using var rows = await batch.ExecuteReaderAsync(ct);
        await rows.ReadAsync(ct);
        var nodes = Math.Max(1, rows.GetInt32(0));
        await rows.NextResultAsync(ct);
        var (total, waiting, elsewhere, known) = (0L, new List<OpenRange>(), new List<Guid>(), mine.ToHashSet());
        while (await rows.ReadAsync(ct))
        {
            var range = new OpenRange(rows.GetGuid(0), rows.GetInt32(1), rows.GetGuid(2), rows.GetDateTime(3));
            total = rows.GetInt64(5);
            if (known.Contains(range.Key)) continue;
            if (rows.GetBoolean(4)) elsewhere.Add(range.Organization);
            else waiting.Add(range);
        }
        return new(nodes, total, waiting, elsewhere);
    }

    /// <returns>Those that were still free: another node may have been faster.</returns>
    public async Task<IReadOnlySet<(Guid Job, int No)>> Take(IReadOnlyCollection<(Guid Job, int No)> ranges, CancellationToken ct)
    {
        var taken = new HashSet<(Guid, int)>();
        if (ranges.Count == 0) return taken;
        await using var connection = await database.OpenConnectionAsync(ct);
        // A row that had to be looked at again is judged by its own columns alone. What this node holds and does not walk was left by its
        // process before.
        await using var command = new NpgsqlCommand("""
            update kernel.job_range r set holder = $1, leased_until = clock_timestamp() + $2
            from (select r.job_id, r.no from kernel.job_range r join unnest($3::uuid[], $4::int[]) as w(job_id, no) on w.job_id = r.job_id
                and w.no = r.no
              where not r.finished and (r.holder is null or r.holder = $1 or r.leased_until <= clock_timestamp())
              for update of r skip locked) free
            where r.job_id = free.job_id and r.no = free.no
            returning r.job_id, r.no
            """, connection)
        {
            Parameters = { new() { Value = node.Id }, new() { Value = settings.Lease }, Jobs(ranges), Numbers(ranges) },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) taken.Add((rows.GetGuid(0), rows.GetInt32(1)));
        return taken;
    }

    /// <summary>For whoever comes next; nothing where another has it already.</summary>
    public async Task GiveBack((Guid Job, int No) range)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "update kernel.job_range set holder = null, leased_until = null where job_id = $1 and no = $2 and holder = $3", connection)
        {
            Parameters = { new() { Value = range.Job }, new() { Value = range.No }, new() { Value = node.Id } },
        };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>This node takes no more part; rows of nodes that died go along, at the latest.</summary>
    public async Task SignOff()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "delete from kernel.node where id = $1 or lives_until < clock_timestamp() - interval '1 hour'", connection)
        {
            Parameters = { new() { Value = node.Id } },
        };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A chunk that is being written renews by itself, and its row is not waited for.</summary>
    NpgsqlBatchCommand Renew(IReadOnlyCollection<(Guid Job, int No)> ranges) => new("""
        update kernel.job_range r set leased_until = clock_timestamp() + $2
        from (select r.job_id, r.no from kernel.job_range r join unnest($3::uuid[], $4::int[]) as m(job_id, no) on m.job_id = r.job_id
            and m.no = r.no
          where r.holder = $1 for update of r skip locked) held
        where r.job_id = held.job_id and r.no = held.no
        """)
    {
        Parameters = { new() { Value = node.Id }, new() { Value = settings.Lease }, Jobs(ranges), Numbers(ranges) },
    };

    static NpgsqlParameter Jobs(IEnumerable<(Guid Job, int No)> ranges) =>
        new NpgsqlParameter<Guid[]> { TypedValue = [.. ranges.Select(r => r.Job)] };

    static NpgsqlParameter Numbers(IEnumerable<(Guid Job, int No)> ranges) =>
        new NpgsqlParameter<int[]> { TypedValue = [.. ranges.Select(r => r.No)] };
}

/// <summary>A range of a job that has not ended.</summary>
sealed record OpenRange(Guid Job, int No, Guid Organization, DateTime AskedAt)
{
    public (Guid Job, int No) Key => (Job, No);
}

/// <summary>What a node sees when it looks for work.</summary>
/// <param name="Nodes">That live, this one among them.</param>
/// <param name="Total">Open ranges of all jobs, whoever has them.</param>
/// <param name="Waiting">Those that nobody has: of each organization only as many as a node could take.</param>
/// <param name="Elsewhere">Whose ranges other nodes walk, an entry for each range.</param>
sealed record OpenWork(int Nodes, long Total, IReadOnlyList<OpenRange> Waiting, IReadOnlyList<Guid> Elsewhere);

/// <summary>One node's hold on one range.</summary>
sealed class RangeHold(Guid holder, Guid organization)
{
    public Guid Holder => holder;

    /// <summary>Whose job it is.</summary>
    public Guid Organization => organization;

    /// <summary>Asked by the keeper, done by the worker when its chunk is written.</summary>
    public volatile bool GiveBack;
}
