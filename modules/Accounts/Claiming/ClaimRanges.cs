using Dapper;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Accounts.Claiming;

/// <summary>Cuts the accounts of a domain, or of a list, into ranges of like size, one per worker.</summary>
sealed class ClaimRanges(NpgsqlDataSource database, BackgroundSettings settings)
{
    /// <summary>Below two chunks a second worker costs more than it brings.</summary>
    int Worthwhile => 2 * settings.Chunk(AccountChunk.Size);

    static readonly int Workers = Math.Clamp(Environment.ProcessorCount, 2, 4);

    public async Task<(long Total, IReadOnlyList<JobRange> Ranges)> Of(AccountSource source, CancellationToken ct)
    {
        var (from, id) = (source.From, source.IdColumn);
        await using var connection = await database.OpenConnectionAsync(ct);
        var arguments = new { key = source.Key };
        var total = await connection.ExecuteScalarAsync<long>($"select count(*) from {from}", arguments);
        var ends = new List<Guid?>();
        if (total > Worthwhile)
            for (var i = 1; i < Workers; i++)
                ends.Add(await connection.ExecuteScalarAsync<Guid?>(
                    $"select {id} from {from} order by {id} offset {total * i / Workers} limit 1", arguments));
        // The last range has no end: it also takes accounts that appear while the job runs.
        ends.Add(null);
        return (total, [.. ends.Select((end, i) => new JobRange(i == 0 ? null : ends[i - 1], end))]);
    }
}
