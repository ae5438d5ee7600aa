using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Exports;

sealed class BeginExportHandler(ExportSource source, NpgsqlDataSource database, JobStore jobs, JobScheduling scheduling, IMediator mediator,
    TimeProvider clock) : IRequestHandler<BeginExport, Outcome<JobId>>
{
    public async Task<Outcome<JobId>> Handle(BeginExport command, CancellationToken ct)
    {
        var of = await source.Of(command.Organization, command.Scope, ct);
        if (!of.Granted) return of.Refusal;
        var (id, now) = (new JobId(Guid.CreateVersion7()), clock.GetUtcNow());
        var total = await source.Count(command.Organization, of.Value, null, ct);
        // The file first: a job without its file could only fail, a file without a job is deleted when it expires.
        await using (var batch = database.CreateBatch())
        {
            batch.BatchCommands
                .Add(new("insert into directory.export (job_id, organization_id, file_name, expires_at) values ($1, $2, $3, $4)")
                {
                    Parameters = { new() { Value = id.Value }, new() { Value = command.Organization.Value },
                    new() { Value = of.Value.FileName }, new() { Value = (now + ExportJob.Kept).UtcDateTime } },
                });
            batch.BatchCommands.Add(ExportAudit.Entry(of.Value.Users is null ? "AccountsExportBegun" : "UsersExportBegun", id.Value,
                command.Organization, of.Value, command.Origin, now));
            await batch.ExecuteNonQueryAsync(ct);
        }
        if (of.Value.Users is { } users) await mediator.Send(new ShareJobWithSite(users.Site, id), ct);
        await jobs.Insert(new(id, ExportJob.JobKind, command.Organization.Value, of.Value.Title, KernelJson.Write(of.Value), command.Origin,
            total, [new(null, null)])
        { Begun = null }, ct);
        await scheduling.TryStart(id, ct);
        return id;
    }
}
