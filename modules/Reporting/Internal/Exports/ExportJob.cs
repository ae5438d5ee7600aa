using System.IO.Compression;

namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>Writes a file part by part (SPEC M9): a part and the cursor behind it are saved in one transaction, so a file that was broken
/// off goes on without a gap or a repeat.</summary>
sealed class ExportJob(ExportSource source, IMediator mediator) : IBulkJob
{
    public const string JobKind = "export";

    /// <summary>Rows in a part: some two megabytes of text, a tenth of a second of work. Smaller ones saved no memory.</summary>
    public const int PartSize = 20_000;

    /// <summary>People in a part that has a row for each of their sites: as many rows where each of them is on ten.</summary>
    public const int PeopleInPart = PartSize / 10;

    /// <summary>How long a finished file can be downloaded.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public string Kind => JobKind;

    public async Task<Chunk> Next(JobSlice slice, NpgsqlConnection connection, CancellationToken ct)
    {
        var (organization, of) = (new OrganizationId(slice.Organization), KernelJson.Read<ExportArguments>(slice.Arguments));
        if (of.Domain is { } domain && (await mediator.Send(new WhoOwnsDomain(domain), ct))?.Organization != organization)
            return Stopped($"{domain} is no longer verified by your organization.");
        if (of.Users?.Site is { } site && !(await mediator.Send(new ReadSite(site), ct)).Granted) return Stopped("The site was removed.");
        if (await PartsSoFar(connection, slice.Job, ct) is not { } parts)
            return Stopped("The file was deleted because someone in it was erased or because it was too old. Export again.");
        var size = slice.Size(of.Users is { Site: null } ? PeopleInPart : PartSize);
        var (ids, about, written) = (new List<Guid>(size), new List<Guid>(), 0);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        await using (var csv = CsvFile.Write(gzip, continued: parts > 0))
        {
            if (parts == 0) await source.WriteHead(csv, of, ct);
            await using var command = await source.Rows(organization, of, slice.After, size, ct);
            command.Connection = connection;
            await using var rows = await command.ExecuteReaderAsync(ct);
            written = await source.WriteRows(csv, rows, of, ids, ct, about);
        }
        var last = ids.Count < size;
        return new([], [], last ? null : ids[^1], Save(slice, parts, ids, about, written, packed.ToArray(), last),
            Counted: ("exported", ids.Count));
    }

    static Chunk Stopped(string why) => new([], [], null, [], why);

    /// <returns>Null when the file is not there any more. The row stays locked,
    /// so that an erasure waits for this part and then finds it.</returns>
    static async Task<int?> PartsSoFar(NpgsqlConnection connection, JobId job, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select parts from directory.export where job_id = $1 for update",
            connection)
        { Parameters = { new() { Value = job.Value } } };
        return (int?)await command.ExecuteScalarAsync(ct);
    }

    static NpgsqlBatchCommand[] Save(JobSlice slice, int parts, List<Guid> ids, List<Guid> about, int written, byte[] gzip, bool last) =>
    [
        // What was searched for may name a person; a finished job needs it no more.
        .. last ? JobArguments.Without([slice.Job.Value], DeleteExpiredExports.Searched) : [],
        new("insert into directory.export_part (job_id, no, first_id, last_id, accounts, gzip) values ($1, $2, $3, $4, $5, $6)")
        {
            Parameters =
            {
                new() { Value = slice.Job.Value }, new() { Value = parts }, new() { Value = ids.Count == 0 ? Guid.Empty : ids[0] },
                new() { Value = ids.Count == 0 ? Guid.Empty : ids[^1] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. ids, .. about] }, new() { Value = gzip },
            },
        },
        new("update directory.export set parts = parts + 1, rows = rows + $2, expires_at = $3, "
            + "finished_at = case when $4 then $5 end where job_id = $1")
        {
            Parameters =
            {
                new() { Value = slice.Job.Value }, new() { Value = (long)written }, new() { Value = (slice.Now + Kept).UtcDateTime },
                new() { Value = last }, new() { Value = slice.Now.UtcDateTime },
            },
        },
    ];
}
