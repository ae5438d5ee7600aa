using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Accounts.Bulk;

/// <summary>The draft's rows.</summary>
sealed class BulkDrafts(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>As long as a claim's draft.</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    const int ShownBadLines = 100;

    /// <param name="accounts">Gives the SQL that selects ids of accounts, and adds its values to the parameters.</param>
    /// <param name="asked">How many rows were asked for, when that is known: those not found are counted as left out.</param>
    public async Task<BulkDraftId> Insert(
        OrganizationId organization, BulkAction action, JobId? undoes, Func<NpgsqlParameterCollection, Task<string>> accounts, long? asked,
        IReadOnlyList<BadLine> bad, Origin origin, CancellationToken ct,
        string? target = null)
    {
        var (id, now) = (Guid.CreateVersion7(), clock.GetUtcNow().UtcDateTime);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("""
            insert into accounts.bulk_draft (id, organization_id, action, undoes, made_by, made_at, bad_line_count, bad_lines, target)
            values (@id, @organization, @action, @undoes, @Actor, @now, @badCount, @badLines::jsonb, @target)
            """, new
        {
            id,
            organization = organization.Value,
            action = (short)action,
            undoes = undoes?.Value,
            origin.Actor,
            now,
            badCount = (long)bad.Count,
            badLines = KernelJson.Write(bad.OrderBy(b => b.Line).Take(ShownBadLines)),
            target,
        }, transaction);
        // A million rows take a few seconds; the analysis afterwards keeps the preview's plan sound.
        await using var choose = new NpgsqlCommand { Connection = connection, CommandTimeout = 120, Parameters = { new() { Value = id } } };
        choose.CommandText =
            $"insert into accounts.bulk_draft_account (draft_id, account_id) select $1, chosen.id "
            + $"from ({await accounts(choose.Parameters)}) as chosen(id)";
        var kept = await choose.ExecuteNonQueryAsync(ct);
        if (asked > kept)
            await connection.ExecuteAsync("update accounts.bulk_draft set left_out = @leftOut where id = @id",
                new { id, leftOut = asked - kept }, transaction);
        if (kept > 100_000) await connection.ExecuteAsync("analyze accounts.bulk_draft_account", transaction: transaction);
        await transaction.CommitAsync(ct);
        return new(id);
    }

    /// <summary>Null for an unknown, foreign or outdated draft.</summary>
    public async Task<BulkDraft?> Of(OrganizationId organization, BulkDraftId draft)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<BulkDraft>("""
            select id, organization_id as organizationId, action, undoes, made_by as madeBy, job_id as jobId, left_out as leftOut,
              bad_line_count as badLineCount, bad_lines::text as badLines, target
            from accounts.bulk_draft where id = @id and organization_id = @organization and made_at > @old
            """, new { id = draft.Value, organization = organization.Value, old = Old });
    }

    public async Task Started(BulkDraftId draft, JobId job)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update accounts.bulk_draft set job_id = @job where id = @id",
            new { id = draft.Value, job = job.Value });
    }

    /// <summary>Lists that no job needs any more: uploaded lines hold addresses, and those go with their people (SPEC A6).</summary>
    public async Task Forget()
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var table in (string[])["bulk_draft", "claim_draft"])
            await connection
                .ExecuteAsync(
                    $"delete from accounts.{table} d where made_at < @old and not exists (select from kernel.job j where j.id = d.id "
                    + "and j.state < 4)", new { old = Old });
        // A job that was cancelled can be resumed from its list; its bad lines served the preview alone.
        foreach (var table in (string[])["bulk_draft", "claim_draft"])
            await connection.ExecuteAsync($"update accounts.{table} set bad_lines = '[]' where made_at < @old and bad_lines <> '[]'",
                new { old = Old });
    }

    DateTime Old => (clock.GetUtcNow() - Life).UtcDateTime;
}

sealed record BulkDraft
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public short Action { get; init; }
    public Guid? Undoes { get; init; }
    public Guid? MadeBy { get; init; }
    public Guid? JobId { get; init; }
    public long LeftOut { get; init; }
    public long BadLineCount { get; init; }
    public string BadLines { get; init; } = "[]";
    public string? Target { get; init; }

    public BulkDraftId DraftId => new(Id);
    public BulkAction Does => (BulkAction)Action;
    public OrganizationId By => new(OrganizationId);
}
