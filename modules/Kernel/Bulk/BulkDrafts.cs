namespace DirectoryPlatform.Kernel.Bulk;

/// <summary>The drafts' rows, and the lists of who is meant.</summary>
public sealed class BulkDrafts(NpgsqlDataSource database, TimeProvider clock) : IRecurring
{
    /// <summary>Long enough for a lunch break and a question to a colleague; then the numbers are worth nothing (own choice).</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>How long results that need the list can be read and undone: after a month nobody remembers who was meant (own choice).
    /// </summary>
    static readonly TimeSpan ResultsKept = TimeSpan.FromDays(30);

    const int ShownBadLines = 100;

    const string Columns = """
        d.id, d.organization_id as organizationId, d.site_id as siteId, d.action, d.options::text as options, d.everything, d.undoes,
        d.made_by as madeBy, d.left_out as leftOut, d.bad_line_count as badLineCount, d.bad_lines::text as badLines,
        exists (select from kernel.job j where j.id = d.id) as carriedOut
        """;

    /// <param name="keep">See <see cref="IBulkAction.KeepsItems"/>.</param>
    public Task<BulkDraftId> Insert(BulkDraft draft, IReadOnlyList<BadLine> bad, IReadOnlyList<BulkItem> items, CancellationToken ct,
        bool keep = false) => Insert(draft, bad, keep, async connection =>
    {
        await connection.ExecuteAsync("""
            insert into kernel.bulk_item (draft_id, item, text, line) select @id, item, text, line from unnest(@items, @texts, @lines)
              as i(item, text, line)
            """, new
        {
            id = draft.Id,
            items = items.Select(i => i.Item).ToArray(),
            texts = items.Select(i => i.Text).ToArray(),
            lines = items.Select(i => i.Line).ToArray(),
        }, commandTimeout: 120);
        return items.Count;
    }, null, ct);

    /// <param name="select">Gives the SQL that selects ids of items, and adds its values to the parameters; <c>$1</c> is taken.</param>
    /// <param name="asked">How many rows were asked for, when that is known: those not found are counted as left out.</param>
    public Task<BulkDraftId> Insert(BulkDraft draft, IReadOnlyList<BadLine> bad, Func<NpgsqlParameterCollection, Task<string>> select,
        long? asked, CancellationToken ct, bool keep = false) => Insert(draft, bad, keep, async connection =>
    {
        // A million rows take a few seconds.
        await using var choose =
            new NpgsqlCommand { Connection = connection, CommandTimeout = 120, Parameters = { new() { Value = draft.Id } } };
        choose.CommandText =
            $"insert into kernel.bulk_item (draft_id, item) select $1, chosen.id from ({await select(choose.Parameters)}) as chosen(id)";
        return await choose.ExecuteNonQueryAsync(ct);
    }, asked, ct);

    async Task<BulkDraftId> Insert(BulkDraft draft, IReadOnlyList<BadLine> bad, bool keep, Func<NpgsqlConnection, Task<int>> fill,
        long? asked, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("""
            insert into kernel.bulk_draft (id, organization_id, site_id, action, options, everything, undoes, made_by, made_at, left_out,
              bad_line_count, bad_lines, keeps_items)
            values (@Id, @OrganizationId, @SiteId, @Action, @Options::jsonb, @Everything, @Undoes, @MadeBy, @now, @LeftOut, @count,
              @lines::jsonb, @keep)
            """, new
        {
            draft.Id,
            draft.OrganizationId,
            draft.SiteId,
            draft.Action,
            draft.Options,
            draft.Everything,
            draft.Undoes,
            draft.MadeBy,
            now = clock.GetUtcNow().UtcDateTime,
            draft.LeftOut,
            count = (long)bad.Count,
            lines = KernelJson.Write(bad.OrderBy(b => b.Line).Take(ShownBadLines)),
            keep,
        }, transaction);
        var kept = await fill(connection);
        if (asked > kept)
            await connection.ExecuteAsync("update kernel.bulk_draft set left_out = @leftOut where id = @id",
                new { id = draft.Id, leftOut = asked - kept }, transaction);
        // The plan of the preview depends on knowing that a list is long.
        if (kept > 50_000) await connection.ExecuteAsync("analyze kernel.bulk_item", transaction: transaction);
        await transaction.CommitAsync(ct);
        return draft.DraftId;
    }

    /// <summary>Those with whom a job has done something, and where.</summary>
    public async Task<BulkDraftId> InsertUndo(BulkDraft draft, string code, CancellationToken ct, bool keep)
    {
        await Insert(draft, [], values =>
        {
            values.Add(new() { Value = draft.Undoes!.Value });
            values.Add(new() { Value = code });
            return Task.FromResult(
                "select item from kernel.job_result r, unnest(r.items, r.codes) as i(item, code) where r.job_id = $2 and i.code = $3");
        }, null, ct, keep);
        await Write("""
            update kernel.bulk_item i set only_in = done.done_in, text = done.text, line = done.line from kernel.bulk_item done
            where i.draft_id = @draft and done.draft_id = @job and done.item = i.item
              and (done.done_in is not null or done.text is not null)
            """, new { draft = draft.Id, job = draft.Undoes }, ct);
        return draft.DraftId;
    }

    /// <summary>Null for an unknown, foreign or outdated draft, and for one of another site.</summary>
    public Task<BulkDraft?> Of(OrganizationId organization, SiteId? site, BulkDraftId draft, CancellationToken ct) =>
        Find($"""
            select {Columns} from kernel.bulk_draft d where d.id = @id and d.organization_id = @organization
              and d.site_id is not distinct from @site and d.made_at > @old
            """, new { id = draft.Value, organization = organization.Value, site = site?.Value, old = Ago(Life) }, ct);

    /// <summary>What a job works on, however old.</summary>
    public Task<BulkDraft?> OfJob(JobId job, CancellationToken ct, NpgsqlConnection? on = null) =>
        Find($"select {Columns} from kernel.bulk_draft d where d.id = @id", new { id = job.Value }, ct, on);

    public Task SetOptions(BulkDraftId draft, string options, CancellationToken ct) =>
        Write("update kernel.bulk_draft set options = @options::jsonb where id = @id", new { id = draft.Value, options }, ct);

    /// <summary>With its list, unless a job works on it.</summary>
    public Task Discard(BulkDraftId draft, CancellationToken ct) => Write("""
        delete from kernel.bulk_draft d where d.id = @id and not exists (select from kernel.job j where j.id = d.id)
        """, new { id = draft.Value }, ct);

    /// <summary>Items in their order, a page at a time.</summary>
    public async Task<IReadOnlyList<BulkItem>> Items(BulkDraftId draft, Guid? after, int take, CancellationToken ct,
        NpgsqlConnection? on = null, Guid? upto = null)
    {
        await using var own = on is null ? await database.OpenConnectionAsync(ct) : null;
        return [.. (await (on ?? own)!.QueryAsync<(Guid Item, string? Text, int? Line, Guid[]? Only)>("""
            select item, text, line, only_in from kernel.bulk_item where draft_id = @draft and item > @after and item <= @upto
              order by item limit @take
            """, new { draft = draft.Value, after = after ?? Guid.Empty, upto = upto ?? Guid.AllBitsSet, take }))
                .Select(i => new BulkItem(i.Item, i.Text, i.Line, i.Only))];
    }

    /// <summary>Those among the items.</summary>
    public async Task<IReadOnlyDictionary<Guid, BulkItem>> Items(BulkDraftId draft, Guid[] items, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid Item, string? Text, int? Line)>(
            "select item, text, line from kernel.bulk_item where draft_id = @draft and item = any(@items)",
            new { draft = draft.Value, items })).ToDictionary(i => i.Item, i => new BulkItem(i.Item, i.Text, i.Line));
    }

    public Task<long> Count(BulkDraftId draft, CancellationToken ct) => database.Value<long>(
        "select count(*) from kernel.bulk_item where draft_id = @draft",
        new { draft = draft.Value }, ct);

    /// <param name="chunk">Items of a transaction: below two of them a second worker costs more than it brings.</param>
    public async Task<(long Total, IReadOnlyList<JobRange> Ranges)> Ranges(BulkDraftId draft, int chunk, int workers, CancellationToken ct)
    {
        var total = await Count(draft, ct);
        var ends = new List<Guid?>();
        await using var connection = await database.OpenConnectionAsync(ct);
        for (var i = 1; total > 2 * chunk && i < workers; i++)
            ends.Add(await connection.ExecuteScalarAsync<Guid>(
                "select item from kernel.bulk_item where draft_id = @draft order by item offset @offset limit 1",
                new { draft = draft.Value, offset = total * i / workers }));
        ends.Add(null);
        return (total, [.. ends.Select((end, i) => new JobRange(i == 0 ? null : ends[i - 1], end))]);
    }

    /// <summary>Writes down, in a chunk's transaction, where something was done to each, for an undo.</summary>
    public static Task WriteDone(NpgsqlConnection connection, BulkDraftId draft, IEnumerable<(Guid Item, Guid Where)> done)
    {
        var rows = done.ToList();
        return connection.ExecuteAsync("""
            update kernel.bulk_item i set done_in = d.places from (select item, array_agg(place) as places
              from unnest(@items, @places) as u(item, place) group by item) d
            where i.draft_id = @draft and i.item = d.item
            """, new
        {
            items = rows.Select(r => r.Item).ToArray(),
            places = rows.Select(r => r.Where).ToArray(),
            draft = draft.Value
        });
    }

    /// <summary>Drafts of an organization that is deleted.</summary>
    public static NpgsqlBatchCommand Forget(OrganizationId organization) =>
        new("delete from kernel.bulk_draft where organization_id = $1") { Parameters = { new() { Value = organization.Value } } };

    /// <summary>Takes the addresses of erased people from all lists (SPEC A6).</summary>
    public static NpgsqlBatchCommand Forget(string[] texts) =>
        new("delete from kernel.bulk_item where text = any($1)") { Parameters = { new NpgsqlParameter<string[]> { TypedValue = texts } } };

    public string Name => "forget bulk drafts";
    public TimeSpan Every => TimeSpan.FromHours(1);

    /// <summary>Drafts that nobody carried out, and lists that no job and no result needs any more. A job that was cancelled can be resumed
    /// from its list; its bad lines served the preview alone.</summary>
    public Task Run(CancellationToken ct) => Write("""
        delete from kernel.bulk_draft d where d.made_at < @old and (not exists (select from kernel.job j where j.id = d.id)
          or (not d.keeps_items and exists (select from kernel.job j where j.id = d.id and j.state = 4))
          or (d.keeps_items and d.made_at < @done and not exists (select from kernel.job j where j.id = d.id and j.state < 2)));
        update kernel.bulk_draft set bad_lines = '[]' where made_at < @old and bad_lines <> '[]'
        """, new { old = Ago(Life), done = Ago(ResultsKept) }, ct);

    DateTime Ago(TimeSpan time) => (clock.GetUtcNow() - time).UtcDateTime;

    async Task<BulkDraft?> Find(string sql, object values, CancellationToken ct, NpgsqlConnection? on = null)
    {
        await using var own = on is null ? await database.OpenConnectionAsync(ct) : null;
        return await (on ?? own)!.QuerySingleOrDefaultAsync<BulkDraft>(sql, values);
    }

    async Task Write(string sql, object values, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(sql, values, commandTimeout: 120);
    }
}
