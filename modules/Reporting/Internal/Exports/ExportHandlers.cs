namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <summary>Files of people: how large one would be, sent at once, or begun as a job.</summary>
sealed class ExportHandlers(ExportSource source, NpgsqlDataSource database, UnitOfWork work, JobStore jobs, JobScheduling scheduling,
    IMediator mediator) : IRequestHandler<MeasureExport, Outcome<ExportSize>>, IRequestHandler<StreamExport, Outcome<Done>>,
    IRequestHandler<BeginExport, Outcome<JobId>>
{
    public async Task<Outcome<ExportSize>> Handle(MeasureExport query, CancellationToken ct)
    {
        var of = await source.Of(query.Organization, query.Scope, ct);
        if (!of.Granted) return of.Refusal;
        return new ExportSize(of.Value.Title, of.Value.FileName,
            await source.Count(query.Organization, of.Value, ExportScope.Direct + 1, ct));
    }

    public async Task<Outcome<Done>> Handle(StreamExport query, CancellationToken ct)
    {
        var of = await source.Of(query.Organization, query.Scope, ct);
        if (!of.Granted) return of.Refusal;
        await using var command = await source.Rows(query.Organization, of.Value, null, null, ct);
        // Personal data leaves the house: the audit log says who took which, before the first of it goes.
        await work.Run(query.Origin, change =>
        {
            WriteAudit(change, of.Value.Users is null ? ReportingActions.AccountsExported : ReportingActions.UsersExported,
                of.Value.Users is { } users ? users.Site?.Value ?? query.Organization.Value : Guid.CreateVersion7(), query.Organization,
                of.Value);
            return Task.CompletedTask;
        }, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var csv = CsvFile.Write(query.Output);
        await source.WriteHead(csv, of.Value, ct);
        command.Connection = connection;
        await using var rows = await command.ExecuteReaderAsync(ct);
        await source.WriteRows(csv, rows, of.Value, null, ct);
        return Done.It;
    }

    public async Task<Outcome<JobId>> Handle(BeginExport command, CancellationToken ct)
    {
        var of = await source.Of(command.Organization, command.Scope, ct);
        if (!of.Granted) return of.Refusal;
        var id = new JobId(Guid.CreateVersion7());
        var total = await source.CountPeople(command.Organization, of.Value, ct);
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
            WriteAudit(change,
                of.Value.Users is null ? ReportingActions.AccountsExportBegun : ReportingActions.UsersExportBegun, id.Value,
                command.Organization, of.Value);
        }, ct);
        if (of.Value.Users?.Site is { } site) await mediator.Send(new ShareJobWithSite(site, id), ct);
        await jobs.Insert(new(id, ExportJob.JobKind, command.Organization.Value, of.Value.Title, KernelJson.Write(of.Value), command.Origin,
            total, [new(null, null)])
        { Begun = null }, ct);
        scheduling.Start();
        return id;
    }

    /// <summary>Without what was searched for.</summary>
    static void WriteAudit(Change change, string action, Guid subject, OrganizationId organization, ExportArguments of) =>
        change.WriteAudit(organization, subject, action, fact: of with
        {
            Filter = of.Filter with { Search = null },
            Users = of.Users is { } users ? users with { Filter = users.Filter with { Search = null } } : null,
        });
}
