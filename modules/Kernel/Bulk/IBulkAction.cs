namespace DirectoryPlatform.Kernel.Bulk;

/// <summary>
/// One thing that can be done to many (SPEC A10, C8, C9). Whoever registers one gets input, preview, confirmation, job, results and undo.
/// <see cref="BulkAction"/> is the easy way to write one.
/// </summary>
public interface IBulkAction
{
    /// <summary>In drafts, forms and addresses, such as "log-out"; stable.</summary>
    string Name { get; }

    BulkWords Words { get; }

    /// <summary>With the consequences of just this draft.</summary>
    BulkWords WordsFor(BulkDraft draft) => Words;

    /// <summary>Where its drafts are reviewed and confirmed, such as "accounts"; stable. The addresses of one family ask for another
    /// permission, or for the password earlier, than those of the next: a draft is none at another family's.</summary>
    string Family { get; }

    /// <summary>How the jobs of this action are found: several actions may share one.</summary>
    string JobKind => IBulkJob.UsualKind;

    /// <summary>Null when it cannot be taken back.</summary>
    BulkUndo? Undo => null;

    /// <summary>The list is part of the results, and is kept for as long as these can be read.</summary>
    bool KeepsItems => false;

    /// <summary>How that is called to which, or on which, it is done: "" where there is nothing to say. Asked anew each time, because it
    /// may be gone since; refuses what is not this organization's.</summary>
    Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) => Task.FromResult<Outcome<string>>("");

    /// <summary>For the admin, without personal data: "Deactivate 3 accounts".</summary>
    string Title(BulkReview review) => Words.Title(review);

    /// <summary>What must be typed to confirm: a number, or a name beside which the number will do; null for nothing.</summary>
    string? ToType(BulkDraft draft, long number) =>
        number >= BulkWords.TypeFrom ? number.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Whether it can be confirmed though nothing would change.</summary>
    bool MayBeEmpty(BulkDraft draft) => false;

    /// <summary>Before the job is written. A refusal keeps it from being written.</summary>
    Task<Refusal?> Begin(BulkDraft draft, BulkOrder order, Origin origin, CancellationToken ct) => Task.FromResult<Refusal?>(null);

    /// <summary>The dry run: the same decisions as the job's, and nothing written.</summary>
    Task<BulkPreview> Preview(BulkDraft draft, Guid viewer, CancellationToken ct);

    /// <summary>The dry run item by item, as records of a file; the first one is its head.</summary>
    IAsyncEnumerable<string[]> Lines(BulkDraft draft, Guid viewer, CancellationToken ct);

    /// <summary>How many items there are, and the ranges that workers walk.</summary>
    Task<(long Total, IReadOnlyList<JobRange> Ranges)> Ranges(BulkDraft draft, CancellationToken ct);

    /// <summary>As <see cref="IBulkJob.Next"/>.</summary>
    Task<Chunk> Next(BulkDraft draft, BulkOrder order, JobSlice slice, NpgsqlConnection connection, CancellationToken ct);
}

/// <param name="Code">The outcome that is taken back.</param>
/// <param name="Action">Name of the action that takes it back.</param>
public sealed record BulkUndo(string Code, string Action);

/// <summary>How an action is called on pages.</summary>
/// <param name="Label">In a menu.</param>
/// <param name="Done">"1,234 accounts will be …".</param>
/// <param name="Dangerous">Whether it takes something away.</param>
/// <param name="Consequences">What it means for the people, one sentence each.</param>
public sealed record BulkWords(string Label, string Icon, string Done, bool Dangerous, IReadOnlyList<string> Consequences)
{
    /// <summary>From here on the number is typed to confirm (own choice, as C1 asks for the domain's name).</summary>
    public const int TypeFrom = 1_000;

    /// <summary>Before "5 accounts".</summary>
    public string Verb { get; init; } = Label;

    public (string One, string Many) Items { get; init; } = ("account", "accounts");

    /// <summary>Between what is done and the target: "to", "on", "from".</summary>
    public string Towards { get; init; } = "to";

    /// <summary>Whether a reason and a message are asked for.</summary>
    public bool AsksReason { get; init; }

    /// <summary>Whether the people can be told by mail.</summary>
    public bool AsksNotify { get; init; }

    /// <summary>Whether the box of <see cref="AsksNotify"/> is ticked beforehand.</summary>
    public bool Notifies { get; init; } = true;

    /// <summary>What must be ticked; null for nothing.</summary>
    public string? Acknowledge { get; init; }

    /// <summary>Whether the target's name stands in quotation marks: somebody has chosen it.</summary>
    public bool QuotesTarget { get; init; }

    public string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? Items.One : Items.Many)}");

    public string At(string target) => target.Length == 0 ? "" : QuotesTarget ? $" {Towards} “{target}”" : $" {Towards} {target}";

    public string Title(BulkReview review)
    {
        var verb = review.Undoes is null ? Verb : $"Undo: {char.ToLowerInvariant(Verb[0])}{Verb[1..]}";
        return $"{verb} {Of(review.WillChange)}{At(review.Target)}";
    }
}
