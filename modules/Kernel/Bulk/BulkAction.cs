using System.Runtime.CompilerServices;

namespace DirectoryPlatform.Kernel.Bulk;

/// <param name="Actor">Who asks.</param>
/// <param name="Slice">Null in a dry run.</param>
public sealed record BulkRun(BulkDraft Draft, BulkOrder Order, Guid? Actor, JobSlice? Slice = null);

/// <summary>
/// The easy way to an action: <see cref="Decide"/> says of each item what would be done, <see cref="Do"/> does it for a chunk at once.
/// Preview, review file, job and results follow from these two.
/// </summary>
public abstract class BulkAction(BulkDrafts drafts, NpgsqlDataSource database, BackgroundSettings settings) : IBulkAction
{
    const int SampleSize = 5;

    public abstract string Name { get; }
    public abstract BulkWords Words { get; }
    public virtual BulkWords WordsFor(BulkDraft draft) => Words;
    public abstract string Family { get; }
    public virtual string JobKind => IBulkJob.UsualKind;
    public virtual BulkUndo? Undo => null;
    public virtual bool KeepsItems => false;

    /// <summary>Items of one transaction.</summary>
    protected virtual int ChunkSize => 2_000;

    protected virtual int Workers => 2;

    /// <summary>Whether <see cref="Do"/> decides by itself, under locks of its own.</summary>
    protected virtual bool DecidesWhenDoing => false;

    /// <summary>One outcome an item, in their order: the code of what would be done.</summary>
    protected abstract Task<IReadOnlyList<Outcome<string>>> Decide(BulkRun run, IReadOnlyList<BulkItem> items, NpgsqlConnection connection,
        CancellationToken ct);

    /// <summary>Does it in the chunk's open transaction.</summary>
    /// <param name="decided">Of <see cref="Decide"/>, a moment ago; empty where <see cref="DecidesWhenDoing"/>.</param>
    /// <returns>What became of each, and what is still to be written.</returns>
    protected abstract Task<BulkDone> Do(BulkRun run, IReadOnlyList<BulkItem> items, IReadOnlyList<Outcome<string>> decided,
        NpgsqlConnection connection, CancellationToken ct);

    public virtual Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) => Task.FromResult<Outcome<string>>("");

    public virtual Task<Refusal?> Begin(BulkDraft draft, BulkOrder order, Origin origin, CancellationToken ct) =>
        Task.FromResult<Refusal?>(null);

    /// <summary>What else the preview says.</summary>
    protected virtual Task<IReadOnlyList<BulkDetail>> Details(BulkRun run, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<BulkDetail>>([]);

    /// <summary>Heads of the columns that say who an item is.</summary>
    public virtual string[] Heads => ["Item"];

    /// <summary>Who each item is, under <see cref="Heads"/>.</summary>
    public virtual Task<IReadOnlyList<string[]>> Describe(IReadOnlyList<BulkItem> items, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<string[]>>([.. items.Select(i => (string[])[i.Text ?? $"{i.Item}"])]);

    /// <summary>What a review file says of an item with which something will be done.</summary>
    protected virtual string WillBe(string code) => $"will be {Words.Done}";

    protected virtual BulkSample Sample(BulkItem item, string[] described) =>
        new(item.Text is null ? new AccountId(item.Item) : null, described[0]);

    public async Task<BulkPreview> Preview(BulkDraft draft, Guid viewer, CancellationToken ct)
    {
        var run = new BulkRun(draft, new(), viewer);
        var counts = new Dictionary<(string? Code, Refusal? Refusal), (long Number, List<BulkItem> Sample)>();
        await foreach (var (items, outcomes) in Walk(run, ct))
            for (var i = 0; i < items.Count; i++)
            {
                var key = (outcomes[i].Granted ? outcomes[i].Value : null, outcomes[i].Refusal);
                var (number, sample) = counts.GetValueOrDefault(key, (0, []));
                if (number < SampleSize) sample.Add(items[i]);
                counts[key] = (number + 1, sample);
            }
        var all = new List<BulkCount>();
        foreach (var ((code, refusal), (number, sample)) in counts)
        {
            var described = code is null ? [] : await Describe(sample, ct);
            all.Add(new(code, refusal, number, [.. described.Select((d, i) => Sample(sample[i], d))]));
        }
        return new(all) { Details = await Details(run, ct) };
    }

    public async IAsyncEnumerable<string[]> Lines(BulkDraft draft, Guid viewer, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return [.. Heads, "Result"];
        await foreach (var (items, outcomes) in Walk(new(draft, new(), viewer), ct))
        {
            var described = await Describe(items, ct);
            for (var i = 0; i < items.Count; i++)
                yield return [.. described[i], outcomes[i].Granted ? WillBe(outcomes[i].Value) : outcomes[i].Refusal!.Sentence];
        }
    }

    public Task<(long Total, IReadOnlyList<JobRange> Ranges)> Ranges(BulkDraft draft, CancellationToken ct) =>
        drafts.Ranges(draft.DraftId, settings.Chunk(ChunkSize), Workers, ct);

    public async Task<Chunk> Next(BulkDraft draft, BulkOrder order, JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var size = slice.Size(ChunkSize);
        var items = await drafts.Items(draft.DraftId, slice.After, size, ct, connection, slice.Upto);
        var run = new BulkRun(draft, order, slice.Origin.Actor, slice);
        var decided = DecidesWhenDoing ? [] : await Decide(run, items, connection, ct);
        var done = await Do(run, items, decided, connection, ct);
        // A chunk shorter than the size was the last of its range.
        return done.Stop is { } reason ? new([], [], null, [], reason) : new([.. items.Select(i => i.Item)],
            [.. done.Outcomes.Select(o => o.Granted ? o.Value : o.Refusal.Code)], items.Count < size ? null : items[^1].Item, done.Writes);
    }

    /// <summary>Page by page, each in a transaction that is taken back: a decision may lock what it looks at.</summary>
    async IAsyncEnumerable<(IReadOnlyList<BulkItem> Items, IReadOnlyList<Outcome<string>> Outcomes)> Walk(BulkRun run,
        [EnumeratorCancellation] CancellationToken ct)
    {
        for (IReadOnlyList<BulkItem> page = [];
            (page = await drafts.Items(run.Draft.DraftId, page.Count == 0 ? null : page[^1].Item, 5_000, ct)).Count > 0;)
        {
            IReadOnlyList<Outcome<string>> outcomes;
            await using (var connection = await database.OpenConnectionAsync(ct))
            await using (await connection.BeginTransactionAsync(ct))
                outcomes = await Decide(run, page, connection, ct);
            yield return (page, outcomes);
        }
    }
}

/// <param name="Outcomes">One an item, in their order.</param>
/// <param name="Writes">For the end of the same transaction.</param>
/// <param name="Stop">Set when the job cannot go on, such as after a site was removed.</param>
public sealed record BulkDone(IReadOnlyList<Outcome<string>> Outcomes, IReadOnlyList<NpgsqlBatchCommand> Writes, string? Stop = null);
