namespace DirectoryPlatform.Kernel.Bulk;

/// <summary>Finds an action by its name.</summary>
public sealed class BulkActions(IEnumerable<IBulkAction> actions)
{
    readonly Dictionary<string, IBulkAction> _byName = actions.ToDictionary(a => a.Name);

    /// <summary>Null for none.</summary>
    public IBulkAction? Of(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    /// <summary>Of a job whose list is gone; null where the kind says nothing.</summary>
    public IBulkAction? OfKind(string kind) =>
        kind == IBulkJob.UsualKind ? null : _byName.Values.FirstOrDefault(a => a.JobKind == kind);

    /// <summary>The action that a job has carried out and that can be taken back; null for none.</summary>
    public IBulkAction? Undoable(JobView job) =>
        job.Ended ? _byName.Values.FirstOrDefault(a => a.Undo is { } undo && job.Counts.ContainsKey(undo.Code)) : null;
}

/// <summary>From a draft to its job: preview, confirmation, undo.</summary>
sealed class BulkHandlers(BulkDrafts drafts, BulkActions actions, JobStore jobs, JobScheduling scheduling)
    : IRequestHandler<ReviewBulk, Outcome<BulkReview>>, IRequestHandler<ConfirmBulk, Outcome<JobId>>,
    IRequestHandler<ExportBulkReview, Outcome<Done>>, IRequestHandler<ExportBulkResults, Outcome<Done>>,
    IRequestHandler<PrepareUndo, Outcome<UndoDraft>>, IRequestHandler<IsUndoable, bool>, IRequestHandler<ReadJobList, Outcome<JobList>>
{
    const int ShownBlocked = 100, ShownSample = 5;

    public async Task<Outcome<BulkReview>> Handle(ReviewBulk query, CancellationToken ct)
    {
        if (await Find(query.Organization, query.Site, query.Family, query.Draft, ct) is not var (draft, action))
            return new NotFound("bulk action");
        if (draft.CarriedOut) return new DraftVoid();
        var review = await Review(draft, action, query.Viewer.Value, ct);
        if (query.Once) await drafts.Discard(draft.DraftId, ct);
        return review;
    }

    static async Task<Outcome<BulkReview>> Review(BulkDraft draft, IBulkAction action, Guid viewer, CancellationToken ct)
    {
        var target = await action.Target(draft, ct);
        if (!target.Granted) return target.Refusal;
        var preview = await action.Preview(draft, viewer, ct);
        var will = preview.Counts.Where(c => c.Code is not null).ToList();
        var refused = preview.Counts.Where(c => c.Refusal is not null).GroupBy(c => c.Refusal!)
            .Select(g => new BulkRefusal(g.Key.Code, g.Key.Sentence, g.Sum(c => c.Number))).OrderByDescending(r => r.Accounts).ToList();
        var review = new BulkReview(
            draft.DraftId, draft.Action, action.WordsFor(draft), target.Value, draft.Undoes is { } job ? new JobId(job) : null,
            will.GroupBy(c => c.Code!).ToDictionary(g => g.Key, g => g.Sum(c => c.Number)), refused,
            [.. preview.Blocked.Take(ShownBlocked)], [.. will.SelectMany(c => c.Sample).Take(ShownSample)], draft.LeftOut,
            draft.BadLineCount, KernelJson.Read<BadLine[]>(draft.BadLines), action.ToType(draft, will.Sum(c => c.Number)))
        { Details = preview.Details, MayBeEmpty = action.MayBeEmpty(draft) };
        return review with { Title = action.Title(review) };
    }

    public async Task<Outcome<JobId>> Handle(ConfirmBulk command, CancellationToken ct)
    {
        if (await Find(command.Organization, command.Site, command.Family, command.Draft, ct) is not var (draft, action))
            return new NotFound("bulk action");
        var id = new JobId(draft.Id);
        // A second click finds the job of the first.
        if (draft.CarriedOut) return id;
        var order = new BulkOrder(command.Reason, command.Message, command.Notify);
        var reviewed = await Review(draft, action, command.Origin.Actor ?? Guid.Empty, ct);
        if (!reviewed.Granted) return reviewed.Refusal;
        var review = reviewed.Value;
        if (review.WillChange == 0 && !review.MayBeEmpty)
        {
            if (command.Unseen) await drafts.Discard(draft.DraftId, ct);
            return new NothingToDo();
        }
        if (action.Words.Acknowledge is not null && !command.Acknowledged) return new NotAcknowledged();
        if (!command.Unseen && review.ToType is { } toType && !IsTyped(command.Typed, toType, review.WillChange))
            return new TypedWrong();
        if (await action.Begin(draft, order, command.Origin, ct) is { } refusal) return refusal;
        var (total, ranges) = await action.Ranges(draft, ct);
        await jobs.Insert(new NewJob(id, action.JobKind, command.Organization.Value, review.Title,
            KernelJson.Write(order with { Will = review.Will }), command.Origin, total, ranges), ct);
        scheduling.Start();
        return id;
    }

    public async Task<Outcome<Done>> Handle(ExportBulkReview query, CancellationToken ct)
    {
        if (await Find(query.Organization, query.Site, query.Family, query.Draft, ct) is not var (draft, action))
            return new NotFound("bulk action");
        if ((await action.Target(draft, ct)).Refusal is { } gone) return gone;
        await using var csv = CsvFile.Write(query.Output);
        await foreach (var line in action.Lines(draft, query.Viewer.Value, ct)) await csv.WriteRecordAsync(line, ct);
        return Done.It;
    }

    public async Task<Outcome<Done>> Handle(ExportBulkResults query, CancellationToken ct)
    {
        var job = await jobs.Of(query.Organization.Value, query.Job);
        if (!job.Granted) return job.Refusal;
        var draft = await drafts.OfJob(query.Job, ct);
        if ((draft is null ? actions.OfKind(job.Value.Kind)
            : actions.Of(draft.Action)) is not BulkAction action) return new NotFound("job");
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync([.. action.Heads, "Result"], ct);
        await foreach (var chunk in jobs.Results(query.Job, ct))
        {
            var known = await drafts.Items(new(query.Job.Value), [.. chunk.Select(c => c.Item)], ct);
            var described = await action.Describe([.. chunk.Select(c => known.GetValueOrDefault(c.Item) ?? new(c.Item))], ct);
            for (var i = 0; i < chunk.Count; i++) await csv.WriteRecordAsync([.. described[i], chunk[i].Code], ct);
        }
        return Done.It;
    }

    public async Task<Outcome<JobList>> Handle(ReadJobList query, CancellationToken ct)
    {
        var job = await jobs.Of(query.Organization.Value, query.Job);
        if (!job.Granted) return job.Refusal;
        return await drafts.OfJob(query.Job, ct) is { } draft
            ? new JobList(draft.Action, draft.BadLineCount, KernelJson.Read<BadLine[]>(draft.BadLines))
            : new NotFound("job");
    }

    public Task<bool> Handle(IsUndoable query, CancellationToken ct) => Task.FromResult(actions.Undoable(query.Job) is not null);

    public async Task<Outcome<UndoDraft>> Handle(PrepareUndo command, CancellationToken ct)
    {
        var job = await jobs.Of(command.Organization.Value, command.Job);
        if (!job.Granted) return job.Refusal;
        if (!job.Value.Ended && await drafts.OfJob(command.Job, ct) is { } running && actions.Of(running.Action)?.Undo is not null)
            return new JobStillRuns();
        if (actions.Undoable(job.Value) is not { Undo: { } undo } action) return new NotUndoable();
        var done = await drafts.OfJob(command.Job, ct);
        if (action.KeepsItems && done is null) return new NotUndoable();
        var opposite = actions.Of(undo.Action)!;
        var draft = new BulkDraft
        {
            OrganizationId = command.Organization.Value,
            SiteId = done?.SiteId,
            Action = opposite.Name,
            Undoes = command.Job.Value,
            MadeBy = command.Origin.Actor,
        };
        return new UndoDraft(await drafts.InsertUndo(draft, undo.Code, ct, opposite.KeepsItems), opposite.Name, draft.Site);
    }

    async Task<(BulkDraft, IBulkAction)?> Find(OrganizationId organization, SiteId? site, string? family, BulkDraftId id,
        CancellationToken ct) =>
        await drafts.Of(organization, site, id, ct) is { } draft && actions.Of(draft.Action) is { } action
            && (family is null || family == action.Family) ? (draft, action) : null;

    /// <summary>"1,234", "1 234" and "1234" are one number; a name is one in any letter case.</summary>
    static bool IsTyped(string? typed, string toType, long number) =>
        string.Equals(typed?.Trim(), toType, StringComparison.OrdinalIgnoreCase)
        || (toType.All(char.IsAsciiDigit)
            && string.Concat((typed ?? "").Where(c => c is not (',' or '.' or '\'') && !char.IsWhiteSpace(c)))
                == number.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Any action on a draft, thousands at a time: the same decisions as in its preview.</summary>
sealed class BulkJob(BulkDrafts drafts, BulkActions actions) : IBulkJob
{
    public string Kind => IBulkJob.UsualKind;

    public async Task<Chunk> Next(JobSlice slice, Npgsql.NpgsqlConnection connection, CancellationToken ct) =>
        await drafts.OfJob(slice.Job, ct, connection) is { } draft && actions.Of(draft.Action) is { } action
            ? await action.Next(draft, KernelJson.Read<BulkOrder>(slice.Arguments), slice, connection, ct)
            : new([], [], null, [], "The list of affected people no longer exists.");
}
