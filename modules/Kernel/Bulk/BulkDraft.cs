namespace DirectoryPlatform.Kernel.Bulk;

/// <summary>Something being prepared that is to be done to many; kept in the database so that Back, reload and another node all work. Void
/// after a day. Its id becomes the job's id.</summary>
public readonly record struct BulkDraftId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Who is meant, and what is to be done: preview, job, results and undo speak of the same people.</summary>
public sealed record BulkDraft
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public Guid OrganizationId { get; init; }

    /// <summary>The site that it is about alone; null for the organization.</summary>
    public Guid? SiteId { get; init; }

    /// <summary>Of an <see cref="IBulkAction"/>.</summary>
    public string Action { get; init; } = "";

    /// <summary>JSON that the action understands, such as the policy to which accounts are moved.</summary>
    public string Options { get; init; } = "{}";

    /// <summary>There is no list: the action finds its items by itself, those too that appear while it runs.</summary>
    public bool Everything { get; init; }

    /// <summary>The job whose doing is taken back; null otherwise.</summary>
    public Guid? Undoes { get; init; }

    public Guid? MadeBy { get; init; }

    /// <summary>Rows that were asked for and are not there, or not any more.</summary>
    public long LeftOut { get; init; }

    public long BadLineCount { get; init; }
    public string BadLines { get; init; } = "[]";
    public bool CarriedOut { get; init; }

    public BulkDraftId DraftId => new(Id);
    public OrganizationId By => new(OrganizationId);
    public SiteId? Site => SiteId is { } id ? new SiteId(id) : null;

    public T Option<T>() => KernelJson.Read<T>(Options);
}

/// <param name="Item">The account, or an id in the order of the lines.</param>
/// <param name="Text">An address where it is no account; it goes with its person (SPEC A6).</param>
/// <param name="Only">Of an undo: the sites on which something was done; null for all.</param>
public sealed record BulkItem(Guid Item, string? Text = null, int? Line = null, Guid[]? Only = null);

/// <summary>What the admin says when confirming.</summary>
/// <param name="Reason">Kept and shown to admins.</param>
/// <param name="Message">Shown to the people.</param>
/// <param name="Notify">Whether the people are told by mail.</param>
public sealed record BulkOrder(string? Reason = null, string? Message = null, bool Notify = false)
{
    /// <summary>What the review said that will be done, by outcome code: the job counts towards it.</summary>
    public IReadOnlyDictionary<string, long>? Will { get; init; }
}
