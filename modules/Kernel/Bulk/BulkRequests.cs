namespace DirectoryPlatform.Kernel.Bulk;

/// <summary>The dry run (SPEC C8). Refuses with <see cref="DraftVoid"/> when it was carried out.</summary>
public sealed record ReviewBulk(OrganizationId Organization, BulkDraftId Draft, AccountId Viewer) : IRequest<Outcome<BulkReview>>
{
    /// <summary>As it was prepared for; another site's draft is answered as an unknown one.</summary>
    public SiteId? Site { get; init; }

    /// <summary>The <see cref="IBulkAction.Family"/> of the address that is asked; another's draft is answered as an unknown one. Null only
    /// for who has just prepared it.</summary>
    public string? Family { get; init; }

    /// <summary>Of a program that only looks: the draft is gone with the answer, since nothing leads back to it.</summary>
    public bool Once { get; init; }
}

/// <param name="Target">See <see cref="IBulkAction.Target"/>.</param>
/// <param name="Undoes">The job whose doing is taken back; null otherwise.</param>
/// <param name="Will">What will be done, by outcome code, if nothing changes until the job runs.</param>
/// <param name="Refused">The others by reason, with their number.</param>
/// <param name="Blocked">Accounts that are protected (SPEC A8), each with its reason, at most 100.</param>
/// <param name="Sample">Some of those to whom it will be done.</param>
/// <param name="LeftOut">Checked rows that are not there, or not any more.</param>
/// <param name="BadLines">Of files and pasted text, at most the first 100.</param>
/// <param name="ToType">What must be typed to confirm; null for nothing.</param>
public sealed record BulkReview(
    BulkDraftId Draft, string Action, BulkWords Words, string Target, JobId? Undoes, IReadOnlyDictionary<string, long> Will,
    IReadOnlyList<BulkRefusal> Refused, IReadOnlyList<BulkBlocked> Blocked, IReadOnlyList<BulkSample> Sample, long LeftOut,
    long BadLineCount, IReadOnlyList<BadLine> BadLines, string? ToType)
{
    /// <summary>What else there is to know, by name.</summary>
    public IReadOnlyList<BulkDetail> Details { get; init; } = [];

    /// <summary>Whether something is done even where nothing changes.</summary>
    public bool MayBeEmpty { get; init; }

    public string Title { get; init; } = "";

    public long WillChange => Will.Values.Sum();

    public bool MustType => ToType is not null;
}

/// <param name="Code">A refusal's code, as in the result file.</param>
public sealed record BulkRefusal(string Code, string Sentence, long Accounts);

public sealed record BulkBlocked(AccountId Account, string Name, Refusal Refusal);

/// <param name="Account">Null where there is none yet.</param>
/// <param name="Name">Or the address.</param>
public sealed record BulkSample(AccountId? Account, string Name)
{
    /// <summary>Several people may have one name; null where the name is the address already, or there is none.</summary>
    public string? Email { get; init; }
}

public sealed record BulkDetail(string Name, string Value);

/// <param name="Code">Of the outcome when it is granted.</param>
public sealed record BulkCount(string? Code, Refusal? Refusal, long Number, IReadOnlyList<BulkSample> Sample);

/// <summary>What a dry run finds.</summary>
public sealed record BulkPreview(IReadOnlyList<BulkCount> Counts)
{
    public IReadOnlyList<BulkBlocked> Blocked { get; init; } = [];
    public IReadOnlyList<BulkDetail> Details { get; init; } = [];
}

/// <summary>Starts the job. Sending it twice starts one job.</summary>
/// <param name="Acknowledged">That the warning was read, where <see cref="BulkWords.Acknowledge"/> asks for it (SPEC A5).</param>
/// <param name="Typed">What the admin typed, when <see cref="BulkReview.MustType"/>.</param>
public sealed record ConfirmBulk(
    OrganizationId Organization, BulkDraftId Draft, string? Reason, string? Message, bool Notify, bool Acknowledged, string? Typed,
    Origin Origin) : IRequest<Outcome<JobId>>
{
    /// <summary>As of <see cref="ReviewBulk"/>.</summary>
    public SiteId? Site { get; init; }

    /// <summary>As of <see cref="ReviewBulk"/>.</summary>
    public string? Family { get; init; }

    /// <summary>Of a program, which sees no review and types nothing: a number that changes meanwhile is no reason to refuse. Its draft is
    /// gone when there is nothing to do.</summary>
    public bool Unseen { get; init; }
}

/// <summary>The dry run item by item as CSV; streamed.</summary>
public sealed record ExportBulkReview(OrganizationId Organization, BulkDraftId Draft, AccountId Viewer, Stream Output)
    : IRequest<Outcome<Done>>
{
    /// <summary>As of <see cref="ReviewBulk"/>.</summary>
    public SiteId? Site { get; init; }

    /// <summary>As of <see cref="ReviewBulk"/>.</summary>
    public string? Family { get; init; }
}

/// <summary>What became of each item of a job as CSV. Refuses a job of another organization, and one whose action says of its items no more
/// than their ids, before the first byte.</summary>
public sealed record ExportBulkResults(OrganizationId Organization, JobId Job, Stream Output) : IRequest<Outcome<Done>>;

/// <summary>The list that a job acts on, as far as somebody typed it. Refuses with <see cref="NotFound"/> for a job of another
/// organization, and for one that has no list, or none any more.</summary>
public sealed record ReadJobList(OrganizationId Organization, JobId Job) : IRequest<Outcome<JobList>>;

/// <param name="Action">See <see cref="IBulkAction.Name"/>.</param>
/// <param name="BadLines">At most the first 100 of those that nobody was found for.</param>
public sealed record JobList(string Action, long BadLineCount, IReadOnlyList<BadLine> BadLines);

/// <summary>Whether what the job did can be taken back.</summary>
public sealed record IsUndoable(JobView Job) : IRequest<bool>;

/// <summary>Prepares the opposite of what a job has done (SPEC C9), for exactly those that it changed.</summary>
public sealed record PrepareUndo(OrganizationId Organization, JobId Job, Origin Origin) : IRequest<Outcome<UndoDraft>>;

/// <param name="Site">Where it is reviewed; null for the organization.</param>
public sealed record UndoDraft(BulkDraftId Draft, string Action, SiteId? Site);

public sealed record DraftVoid() : Refusal("draftVoid", "This review has expired or was already carried out. Start again.");
public sealed record NothingChosen() : Refusal("nothingChosen", "Choose at least one account.");
public sealed record NothingToDo() : Refusal("nothingToDo", "None of these accounts would change.");
public sealed record TypedWrong() : Refusal("typedWrong", "Type the text exactly as shown.");
public sealed record NotAcknowledged()
    : Refusal("notAcknowledged", "Select the checkbox to confirm that you understand what deleting means.");
public sealed record NotUndoable() : Refusal("notUndoable", "This job has not changed anything that can be undone.");
public sealed record JobStillRuns() : Refusal("jobStillRuns", "This job is still running. Cancel it first, or wait until it ends.");
public sealed record NoSuchAction() : Refusal("actionMissing", "Choose an action.");

/// <summary>A line of a file, or of pasted text, that names nobody who is meant.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Text">As it stands there, shortened.</param>
/// <param name="Why">With the file's name before it where there are several.</param>
public sealed record BadLine(int Line, string Text, string Why);
