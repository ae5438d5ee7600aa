using System.IO.Compression;

namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>What can be fetched of a job that has ended: the file of an export, and what became of each account.</summary>
sealed class JobFiles(NpgsqlDataSource database, IMediator mediator, TimeProvider clock) :
    IRequestHandler<ReadExport, Outcome<ExportedFile>>, IRequestHandler<DownloadExport, Outcome<Done>>,
    IRequestHandler<ExportJobResults, Outcome<Done>>
{
    public async Task<Outcome<ExportedFile>> Handle(ReadExport query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Find(connection, query.Organization, query.Job, query.OfAccounts) is var (name, rows, _, expires)
            ? new ExportedFile(name, rows, expires)
            : new NotFound("export");
    }

    public async Task<Outcome<Done>> Handle(DownloadExport query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await Find(connection, query.Organization, query.Job, query.OfAccounts) is not var (_, _, parts, _))
            return new NotFound("export");
        for (var no = 0; no < parts; no++)
        {
            // Deleted meanwhile: the connection breaks, so that nobody takes half a file for a whole one.
            var gzip = await connection.ExecuteScalarAsync<byte[]?>(
                "select gzip from directory.export_part where job_id = @job and no = @no", new { job = query.Job.Value, no })
                ?? throw new IOException("The file was deleted while it was downloaded.");
            await using var text = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
            await text.CopyToAsync(query.Output, ct);
        }
        return Done.It;
    }

    public async Task<Outcome<Done>> Handle(ExportJobResults query, CancellationToken ct)
    {
        var job = await mediator.Send(new ReadJob(query.Organization.Value, query.Job), ct);
        if (!job.Granted) return job.Refusal;
        if ((await mediator.Send(new ExportBulkResults(query.Organization, query.Job, query.Output), ct)).Granted) return Done.It;
        await using var csv = CsvFile.Write(query.Output);
        await csv.WriteRecordAsync((string[])["Email", "Name", "Account id", "Result"], ct);
        // Who the account belongs to is shown for those that the job changed or that are managed here; of others only the result.
        await using var command = database.CreateCommand("""
            select a.email, a.name, i.id, i.code, i.code in ('claimed', 'unclaimed') or a.managed_by = $2 as shown
            from kernel.v_job_result r cross join lateral unnest(r.items, r.codes) with ordinality as i(id, code, n) left
              join accounts.v_account a on a.id = i.id
            where r.job_id = $1 order by r.range_no, r.seq, i.n
            """);
        command.Parameters.Add(new() { Value = query.Job.Value });
        command.Parameters.Add(new() { Value = query.Organization.Value });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var shown = !rows.IsDBNull(4) && rows.GetBoolean(4);
            await csv.WriteRecordAsync((string[])[rows.IsDBNull(0) ? "" : rows.GetString(0), shown ? rows.GetString(1) : "",
                shown ? rows.GetGuid(2).ToString() : "", rows.GetString(3)], ct);
        }
        return Done.It;
    }

    async Task<(string Name, long Rows, int Parts, DateTime Expires)?> Find(NpgsqlConnection connection, OrganizationId organization,
        JobId job, bool ofAccounts) =>
        (await connection.QueryAsync<(string, long, int, DateTime)>("""
            select file_name, rows, parts, expires_at from directory.export
            where job_id = @job and organization_id = @organization and finished_at is not null and expires_at > @now
              and (not @ofAccounts or exists (select from kernel.v_job j where j.id = export.job_id and not starts_with(j.title, @ofUsers)))
            """, new
        {
            job = job.Value,
            organization = organization.Value,
            now = clock.GetUtcNow().UtcDateTime,
            ofAccounts,
            ofUsers = UsersExport.TitleBegins,
        })).Select(f => ((string, long, int, DateTime)?)f).SingleOrDefault();
}
