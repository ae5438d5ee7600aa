using DirectoryPlatform.Accounts.Storage;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Claiming;

/// <summary>The review account by account: each line is what the job would say of it.</summary>
sealed class ExportClaimReviewHandler(ClaimDrafts drafts, NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<ExportClaimReview, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ExportClaimReview query, CancellationToken ct)
    {
        if (await drafts.Of(query.Organization, query.Draft) is not { } draft) return new NotFound("claim");
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync((string[])["Email", "Name", "Account id", "Result"], ct);
        await using var command = database.CreateCommand(draft.FromFile
            ? $"select {AccountStore.Columns} from accounts.account where id in (select account_id from accounts.claim_draft_account "
            + "where draft_id = $1) and domain = $2 order by email"
            : $"select {AccountStore.Columns} from accounts.account where $1::uuid is not null and domain = $2 order by id");
        command.Parameters.Add(new() { Value = draft.Id });
        command.Parameters.Add(new() { Value = draft.Domain });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var account = AccountStore.ReadRow(rows);
            var outcome = draft.Decide(account, clock.GetUtcNow());
            // A foreign organization's people are counted, not named: only what can be claimed or is ours already shows who it is.
            var ours = outcome.Granted || account.ManagedBy == query.Organization;
            await csv.WriteRecordAsync((string[])[account.Email?.Value ?? "", ours ? account.Name : "", ours ? account.Id.ToString() : "",
                outcome.Granted ? draft.Unclaim ? "will be unclaimed" : "will be claimed" : outcome.Refusal.Sentence], ct);
        }
        return Done.It;
    }
}
