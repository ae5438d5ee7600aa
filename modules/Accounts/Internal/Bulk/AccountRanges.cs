namespace DirectoryPlatform.Accounts.Internal.Bulk;

/// <summary>Cuts the accounts of a domain, or of a list, into ranges of like size, one per worker.</summary>
sealed class AccountRanges(NpgsqlDataSource database, BulkDrafts drafts, BackgroundSettings settings)
{
    static readonly int Workers = Math.Clamp(Environment.ProcessorCount, 2, 4);

    public async Task<(long Total, IReadOnlyList<JobRange> Ranges)> Of(AccountSource source, CancellationToken ct)
    {
        var chunk = settings.Chunk(AccountChunk.Size);
        if (source.Domain is not { } domain) return await drafts.Ranges(new(source.List), chunk, Workers, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>("select count(*) from accounts.account where domain = @domain",
            new { domain });
        var ends = new List<Guid?>();
        for (var i = 1; total > 2 * chunk && i < Workers; i++)
            ends.Add(await connection.ExecuteScalarAsync<Guid?>(
                "select id from accounts.account where domain = @domain order by id offset @offset limit 1",
                new { domain, offset = total * i / Workers }));
        // The last range has no end: it also takes accounts that appear while the job runs.
        ends.Add(null);
        return (total, [.. ends.Select((end, i) => new JobRange(i == 0 ? null : ends[i - 1], end))]);
    }
}
