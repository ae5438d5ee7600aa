using System.Globalization;
using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Bulk;

/// <summary>The dry run, and then the job.</summary>
sealed class BulkConfirmation(BulkDrafts drafts, BulkNumbers numbers, BulkDeeds deeds, ClaimRanges ranges, JobStore jobs,
    JobScheduling scheduling)
    : IRequestHandler<ReviewBulk, Outcome<BulkReview>>, IRequestHandler<ConfirmBulk, Outcome<JobId>>
{
    /// <summary>From here on the admin types the number (own choice, as C1 asks for the domain's name).</summary>
    const int TypeNumberFrom = 1_000;

    const int ShownBlocked = 100, ShownSample = 5;

    public async Task<Outcome<BulkReview>> Handle(ReviewBulk query, CancellationToken ct)
    {
        if (await drafts.Of(query.Organization, query.Draft) is not { } draft) return new NotFound("bulk action");
        if (draft.JobId is not null) return new DraftVoid();
        var target = await Target(draft, ct);
        if (!target.Granted) return target.Refusal;
        var (groups, blocked) = await numbers.Of(draft, new BulkOrder(draft.Does, draft.By, query.Viewer.Value, Target: draft.Target), ct);
        var willBe = groups.Where(g => g.Refusal is null).ToArray();
        var refused = groups.Where(g => g.Refusal is not null).GroupBy(g => g.Refusal!)
            .Select(g => new ClaimRefusalCount(g.Key.Code, g.Key.Sentence, g.Sum(x => x.Accounts))).OrderByDescending(r => r.Accounts)
            .ToArray();
        var number = willBe.Sum(g => g.Accounts);
        return new BulkReview(
            query.Draft, draft.Does, draft.Undoes is { } job ? new JobId(job) : null, number, refused, [.. blocked.Take(ShownBlocked)],
            [.. willBe.SelectMany(g => g.Sample).Take(ShownSample)],
            draft.LeftOut, draft.BadLineCount, KernelJson.Read<BadLine[]>(draft.BadLines), number >= TypeNumberFrom)
        { Target = target.Value };
    }

    public async Task<Outcome<JobId>> Handle(ConfirmBulk command, CancellationToken ct)
    {
        if (await drafts.Of(command.Organization, command.Draft) is not { } draft) return new NotFound("bulk action");
        var id = new JobId(draft.Id);
        if (draft.JobId is not null) return id;
        var reviewed = await Handle(new ReviewBulk(command.Organization, command.Draft, new(command.Origin.Actor ?? Guid.Empty)), ct);
        // Another click was faster: its job is this one's.
        if (reviewed.Refusal is DraftVoid) return id;
        if (!reviewed.Granted) return reviewed.Refusal;
        var review = reviewed.Value;
        if (review.WillChange == 0) return new NothingToDo();
        if (command.Reason?.Length > DeactivateAccount.MaxText) return new TextTooLong("reason");
        if (command.Message?.Length > DeactivateAccount.MaxText) return new TextTooLong("message");
        if (draft.Does is BulkAction.Delete && !command.Acknowledged) return new NotAcknowledged();
        if (review.MustTypeNumber && Digits(command.TypedNumber) != review.WillChange.ToString(CultureInfo.InvariantCulture))
            return new TypedNumberWrong();
        var order = new BulkOrder(draft.Does, draft.By, command.Origin.Actor, command.Reason, command.Message, command.Notify,
            draft.Target);
        var (total, cut) = await ranges.Of(AccountSource.Chosen(command.Draft), ct);
        await jobs.Insert(new NewJob(
            id, BulkJob.JobKind, command.Organization.Value, order.Title(review.WillChange, draft.Undoes is not null, review.Target),
            KernelJson.Write(new BulkArguments(command.Draft, order)), command.Origin, total, cut), ct);
        await drafts.Started(command.Draft, id);
        await scheduling.TryStart(id, ct);
        return id;
    }

    /// <summary>Asked anew each time: what accounts are moved to may be gone since.</summary>
    async Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) => deeds.Of(draft.Does) is { } deed
        ? await deed.Target(draft.By, draft.Target, ct)
        : "";

    /// <summary>"1,234", "1 234" and "1234" are one number.</summary>
    static string Digits(string? typed) => string.Concat((typed ?? "").Where(c => c is not (',' or '.' or '\'') && !char.IsWhiteSpace(c)));
}

/// <summary>The dry run account by account.</summary>
sealed class ExportBulkReviewHandler(BulkDrafts drafts, BulkNumbers numbers, BulkDeeds deeds, NpgsqlDataSource database,
    TimeProvider clock) : IRequestHandler<ExportBulkReview, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ExportBulkReview query, CancellationToken ct)
    {
        if (await drafts.Of(query.Organization, query.Draft) is not { } draft) return new NotFound("bulk action");
        var order = new BulkOrder(draft.Does, draft.By, query.Viewer.Value, Target: draft.Target);
        var (special, owned) = await numbers.Known(draft, order, ct);
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync((string[])["Name", "Email", "Account id", "Result"], ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = numbers.Accounts(connection, draft, order, "true");
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var (account, something) = BulkNumbers.Read(rows);
            var refusal = special.TryGetValue(account.Id, out var decided)
                ? decided
                : deeds.Refused(order, account, something, owned, clock.GetUtcNow()).Refusal;
            await csv.WriteRecordAsync((string[])[account.Name, account.Email?.Value ?? "", account.Id.ToString(),
                refusal?.Sentence ?? "will change"], ct);
        }
        return Done.It;
    }
}
