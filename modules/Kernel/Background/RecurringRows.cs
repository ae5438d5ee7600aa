namespace DirectoryPlatform.Kernel.Background;

/// <summary>When recurring work is due and who is at it, by the database's clock.</summary>
sealed class RecurringRows(NpgsqlDataSource database, Node node, BackgroundSettings settings)
{
    /// <summary>What is new is due at once; what has come to be done more often does not wait for the beat of before.</summary>
    public async Task Register(IReadOnlyCollection<IRecurring> all, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into kernel.recurring as r (name, next_at)
              select name, clock_timestamp() from unnest(@names) as name order by name
            on conflict (name) do nothing;
            update kernel.recurring r set next_at = clock_timestamp() + w.every
            from unnest(@names, @every) as w(name, every) where r.name = w.name and r.next_at > clock_timestamp() + w.every
            """, new { names = all.Select(w => w.Name).ToArray(), every = all.Select(w => w.Every).ToArray() }, cancellationToken: ct));
    }

    /// <summary>Says that this node is still at some of it, and takes what is due and free.</summary>
    /// <param name="running">Names that this node is at.</param>
    /// <param name="idle">The others that it knows. What it does not know is another version's, whose node has it.</param>
    public async Task<IReadOnlyList<string>> Take(string[] running, string[] idle, int atMost, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (running.Length > 0)
            await connection.ExecuteAsync(new CommandDefinition(
                "update kernel.recurring set leased_until = clock_timestamp() + @Lease where name = any(@running) and holder = @Id",
                new { running, settings.Lease, node.Id }, cancellationToken: ct));
        if (atMost <= 0) return [];
        return (await connection.QueryAsync<string>(new CommandDefinition("""
            update kernel.recurring r set holder = @Id, leased_until = clock_timestamp() + @Lease
            from (select name from kernel.recurring where name = any(@idle) and next_at <= clock_timestamp()
                and (holder is null or holder = @Id or leased_until <= clock_timestamp())
              order by next_at, name limit @atMost for update skip locked) due
            where r.name = due.name returning r.name
            """, new { idle, settings.Lease, node.Id, atMost }, cancellationToken: ct))).AsList();
    }

    /// <summary>Its next beat is the first that lies ahead: what was missed is not made up for.</summary>
    public Task Done(IRecurring work) => Change("""
        update kernel.recurring set holder = null, leased_until = null,
          next_at = next_at + @Every * (1 + floor(extract(epoch from clock_timestamp() - next_at) / extract(epoch from @Every)))::float8
        where name = @Name and holder = @Id
        """, work);

    /// <summary>It was not done: whoever looks next does it.</summary>
    public Task GiveBack(IRecurring work) =>
        Change("update kernel.recurring set holder = null, leased_until = null where name = @Name and holder = @Id", work);

    Task Change(string sql, IRecurring work) => database.Write(
        sql, new { work.Name, work.Every, node.Id }, CancellationToken.None);
}
