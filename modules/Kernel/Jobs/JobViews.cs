namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>queued → running → done; cancelled by an admin at any time; failed only after its retries, and then resumable.</summary>
public enum JobState { Queued, Running, Cancelled, Failed, Done }

/// <summary>What a job page shows.</summary>
/// <param name="Kind">"claim", "unclaim", ...: what a machine reads.</param>
/// <param name="Title">What the admin reads, such as "Claim accounts on acme.example".</param>
/// <param name="Total">Items expected when the job began; more may appear while it runs.</param>
/// <param name="Counts">Items by outcome code: "claimed", or a refusal's code.</param>
/// <param name="PerSecond">Items a second over the last five seconds; null when nothing was done in them.</param>
/// <param name="Failure">Why a failed job stopped, in words.</param>
public sealed record JobView(
    JobId Id, Guid Organization, string Kind, string Title, JobState State, Guid? AskedBy, DateTimeOffset AskedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long Total, long Done, IReadOnlyDictionary<string, long> Counts,
    double? PerSecond, string? Failure)
{
    /// <summary>What was announced when it was asked for, by outcome code; null where nothing was.</summary>
    public IReadOnlyDictionary<string, long>? Will { get; init; }

    /// <summary>How many were announced, which is the number in the title, and how many items became what was; null where nothing was.
    /// </summary>
    public (long Did, long Announced)? Deed => Will is { Count: > 0 } will
        ? (will.Keys.Sum(code => Counts.GetValueOrDefault(code)), will.Values.Sum())
        : null;

    /// <summary>How many were announced, and how many of them are done: the number that the title has. Where nothing was announced, of all
    /// that are looked at.</summary>
    public (long Done, long Of) Progress
    {
        get => Deed is var (did, announced) ? (did, Math.Max(did, announced)) : (Done, Math.Max(Done, Total));
    }

    public bool Ended => State is JobState.Cancelled or JobState.Failed or JobState.Done;

    /// <summary>0 to 100.</summary>
    public double Percent => Total <= 0 ? (Ended ? 100 : 0) : Math.Min(100, 100.0 * Done / Total);

    /// <summary>At the present rate; null when it cannot be told.</summary>
    public TimeSpan? TimeLeft => !Ended && PerSecond is > 0 ? TimeSpan.FromSeconds(Math.Max(0, Total - Done) / PerSecond.Value) : null;
}

/// <summary>An organization's jobs, newest first. Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ListJobs(Guid Organization, string? Cursor = null, int Size = 50) : IRequest<Outcome<ListPage<JobView>>>
{
    /// <summary>Only those that have ended, or only the others; null for all.</summary>
    public bool? Ended { get; init; }
}

/// <summary>Refuses with <see cref="NotFound"/> for a job of another organization.</summary>
public sealed record ReadJob(Guid Organization, JobId Job) : IRequest<Outcome<JobView>>;

/// <summary>Several at once; unknown and foreign ones are left out.</summary>
public sealed record ReadJobs(Guid Organization, IReadOnlyCollection<Guid> Jobs) : IRequest<IReadOnlyList<JobView>>;

/// <summary>What is done stays done; nothing further is begun. Refused once the job has ended.</summary>
public sealed record CancelJob(Guid Organization, JobId Job, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Takes a failed or cancelled job up where it stopped.</summary>
public sealed record ResumeJob(Guid Organization, JobId Job, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Walks all of a job in the caller's time, where no background work runs, such as in a command.</summary>
public sealed record WalkJob(JobId Job) : IRequest<Done>;
