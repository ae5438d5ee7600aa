namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>
/// Work on very many grains: not a loop over one, but chunks of some thousand rows that are read with their versions, decided with the same
/// pure functions and written in one statement each. Chunks are at least once;
/// each is exact because its cursor moves in its own transaction.
/// </summary>
public interface IBulkJob
{
    /// <summary>The kind that any job has which none of its own does; it does those of unknown kinds, too.</summary>
    const string UsualKind = "bulk";

    /// <summary>What the job row is found by: "claim", "unclaim".</summary>
    string Kind { get; }

    /// <summary>
    /// Reads and decides the next chunk on <paramref name="connection"/>, inside an open transaction, and hands back what to write. It runs
    /// again from the start when a write meets a lost race.
    /// </summary>
    Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct);
}

/// <summary>Where a worker stands.</summary>
/// <param name="After">Items with greater ids only; null for the beginning.</param>
/// <param name="Upto">Items up to and with this id; null for no end.</param>
/// <param name="Attempt">1 at first; from 3 on the chunk should lock what it reads, because others keep changing it.</param>
public sealed record JobSlice(
    JobId Job, Guid Organization, Origin Origin, string Arguments, Guid? After, Guid? Upto, int Attempt, DateTimeOffset Now)
{
    public BackgroundSettings Settings { get; init; } = new();

    /// <param name="usual">Items that a chunk of this kind of work has where nothing is said.</param>
    public int Size(int usual) => Settings.Chunk(usual);
}

/// <param name="Items">Ids of the items, ascending.</param>
/// <param name="Codes">One outcome code per item.</param>
/// <param name="Cursor">Where the next chunk begins; null when the range is finished.</param>
/// <param name="Writes">Statements to run in the chunk's transaction.</param>
/// <param name="Stop">Set when the whole job cannot go on, such as after losing the domain: it ends as failed with this sentence.</param>
/// <param name="Counted">Items that count as done without a result each, by outcome code:
/// what an export has written stands in its file.</param>
public sealed record Chunk(
    IReadOnlyList<Guid> Items, IReadOnlyList<string> Codes, Guid? Cursor, IReadOnlyList<NpgsqlBatchCommand> Writes, string? Stop = null,
    (string Code, int Items)? Counted = null);

/// <summary>A job to be started. Its id makes starting idempotent: the same id twice is one job.</summary>
/// <param name="Title">For the admin, without personal data.</param>
/// <param name="Arguments">JSON for the kind of job.</param>
/// <param name="Total">Items expected.</param>
/// <param name="Ranges">Disjoint ranges of item ids, each walked by one worker; one per core is enough.</param>
public sealed record NewJob(JobId Id, string Kind, Guid Organization, string Title, string Arguments, Origin Origin, long Total,
    IReadOnlyList<JobRange> Ranges)
{
    /// <summary>What the audit log calls its beginning; null when whoever asks writes an entry of their own.</summary>
    public string? Begun { get; init; } = KernelActions.JobBegun;
}

/// <param name="After">Exclusive lower end; null for none.</param>
/// <param name="Upto">Inclusive upper end; null for none.</param>
public sealed record JobRange(Guid? After, Guid? Upto);

/// <summary>A job of any kind has ended by itself: done, or failed after its retries.</summary>
public sealed record JobEnded(JobId Job, Guid Organization, string Kind, JobState State, Guid? AskedBy) : Fact;
