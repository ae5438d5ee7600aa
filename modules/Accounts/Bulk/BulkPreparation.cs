using Dapper;
using DirectoryPlatform.Accounts.Claiming;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Bulk;

/// <summary>Fixes the list of accounts, from wherever it comes.</summary>
sealed class BulkPreparation(BulkDrafts drafts, AccountConditions conditions, BulkDeeds deeds, JobStore jobs, NpgsqlDataSource database,
    TimeProvider clock)
    : IRequestHandler<PrepareBulk, Outcome<BulkDraftId>>, IRequestHandler<PrepareUnclaimByFiles, Outcome<BulkDraftId>>,
    IRequestHandler<PrepareUndo, Outcome<BulkDraftId>>
{
    public async Task<Outcome<BulkDraftId>> Handle(PrepareBulk command, CancellationToken ct)
    {
        if (deeds.Of(command.Action) is { } deed && (await deed.Target(command.Organization, command.Target, ct)).Refusal is { } unknown)
            return unknown;
        if (command.Accounts is not { } accounts)
        {
            var filter = command.Filter ?? ManagedAccountFilter.Everybody;
            return await drafts.Insert(command.Organization, command.Action, null, async values =>
            {
                var where = await conditions.Where(filter, command.Organization, clock.GetUtcNow(), values, ct);
                return $"select a.id from accounts.account a where {where}";
            }, null, [], command.Origin, ct, command.Target);
        }
        var ids = accounts.Select(a => a.Value).Distinct().ToArray();
        return ids.Length == 0 ? new NothingChosen() : await drafts.Insert(command.Organization, command.Action, null, values =>
        {
            values.Add(new() { Value = command.Organization.Value });
            values.Add(new() { Value = ids });
            return Task.FromResult("select id from accounts.account where managed_by = $2 and id = any($3)");
        }, ids.Length, [], command.Origin, ct, command.Target);
    }

    public async Task<Outcome<BulkDraftId>> Handle(PrepareUnclaimByFiles command, CancellationToken ct)
    {
        if (command.Files.Count == 0) return new NothingChosen();
        var list = await AddressList.Read(new(command.Files), ct);
        if (!list.Granted) return list.Refusal;
        var (emails, bad) = (list.Value.Emails, list.Value.BadLines.ToList());
        await using var connection = await database.OpenConnectionAsync(ct);
        // One answer for unknown, foreign and unclaimed addresses: who has an account elsewhere is nobody's business.
        var known = (
            await connection
            .QueryAsync<string>("select email from accounts.account where email = any(@emails) and managed_by = @organization",
            new { emails = emails.Keys.Select(e => e.Value).ToArray(), organization = command.Organization.Value })).ToHashSet();
        bad.AddRange(emails.Where(e => !known.Contains(e.Key.Value)).Select(e => e.Value.Refuse(new NoManagedAccount().Sentence)));
        return await drafts.Insert(command.Organization, BulkAction.Unclaim, null, values =>
        {
            values.Add(new() { Value = command.Organization.Value });
            values.Add(new() { Value = known.ToArray() });
            return Task.FromResult("select id from accounts.account where managed_by = $2 and email = any($3)");
        }, null, bad, command.Origin, ct);
    }

    public async Task<Outcome<BulkDraftId>> Handle(PrepareUndo command, CancellationToken ct)
    {
        var job = await jobs.Of(command.Organization.Value, command.Job);
        if (!job.Granted) return job.Refusal;
        if (UndoOf(job.Value) is not var (code, action)) return new NotUndoable();
        if (!job.Value.Ended) return new JobStillRuns();
        return await drafts.Insert(command.Organization, action, command.Job, values =>
        {
            values.Add(new() { Value = command.Job.Value });
            values.Add(new() { Value = code });
            return Task.FromResult(
                "select item from kernel.job_result r, unnest(r.items, r.codes) as i(item, code) where r.job_id = $2 and i.code = $3");
        }, null, [], command.Origin, ct);
    }

    /// <summary>The outcome that a job of the kind leaves, and the action that takes it back.</summary>
    static (string Code, BulkAction Action)? UndoOf(JobView job) => job.Counts.ContainsKey("deactivated")
        ? ("deactivated", BulkAction.Reactivate)
        : job.Counts.ContainsKey("unclaimed") ? ("unclaimed", BulkAction.Reclaim) : null;
}
