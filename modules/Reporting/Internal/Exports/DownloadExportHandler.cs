using System.IO.Compression;
using Dapper;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Exports;

sealed class DownloadExportHandler(NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<ReadExport, Outcome<ExportedFile>>, IRequestHandler<DownloadExport, Outcome<Done>>
{
    public async Task<Outcome<ExportedFile>> Handle(ReadExport query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Find(connection, query.Organization, query.Job) is var (name, rows, _, expires)
            ? new ExportedFile(name, rows, expires)
            : new NotFound("export");
    }

    public async Task<Outcome<Done>> Handle(DownloadExport query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await Find(connection, query.Organization, query.Job) is not var (_, _, parts, _)) return new NotFound("export");
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

    async Task<(string Name, long Rows, int Parts, DateTime Expires)?> Find(NpgsqlConnection connection, OrganizationId organization,
        JobId job) =>
        (await connection.QueryAsync<(string, long, int, DateTime)>("""
            select file_name, rows, parts, expires_at from directory.export
            where job_id = @job and organization_id = @organization and finished_at is not null and expires_at > @now
            """, new { job = job.Value, organization = organization.Value, now = clock.GetUtcNow().UtcDateTime }))
                .Select(f => ((string, long, int, DateTime)?)f).SingleOrDefault();
}
