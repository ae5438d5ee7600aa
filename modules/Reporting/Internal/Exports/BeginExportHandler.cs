using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Reporting.Internal.Exports;

sealed class BeginExportHandler(ExportSource source, UnitOfWork work, JobStore jobs, JobScheduling scheduling, IMediator mediator)
    : IRequestHandler<BeginExport, Outcome<JobId>>
{
    public async Task<Outcome<JobId>> Handle(BeginExport command, CancellationToken ct)
    {
        var of = await source.Of(command.Organization, command.Scope, ct);
        if (!of.Granted) return of.Refusal;
        var id = new JobId(Guid.CreateVersion7());
        var total = await source.Count(command.Organization, of.Value, null, ct);
        // The file first: a job without its file could only fail, a file without a job is deleted when it expires.
        await work.Run(command.Origin, async change =>
        {
            await change.Write(
                "insert into directory.export (job_id, organization_id, file_name, expires_at) "
                + "values (@id, @organization, @FileName, @until)",
                new
                {
                    id = id.Value,
                    organization = command.Organization.Value,
                    of.Value.FileName,
                    until = (change.Now + ExportJob.Kept).UtcDateTime,
                });
            ExportAudit.Write(change,
                of.Value.Users is null ? ReportingActions.AccountsExportBegun : ReportingActions.UsersExportBegun, id.Value,
                command.Organization, of.Value);
        }, ct);
        if (of.Value.Users is { } users) await mediator.Send(new ShareJobWithSite(users.Site, id), ct);
        await jobs.Insert(new(id, ExportJob.JobKind, command.Organization.Value, of.Value.Title, KernelJson.Write(of.Value), command.Origin,
            total, [new(null, null)])
        { Begun = null }, ct);
        scheduling.Start();
        return id;
    }
}
