using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Exports;

sealed class StreamExportHandler(ExportSource source, NpgsqlDataSource database, UnitOfWork work)
    : IRequestHandler<MeasureExport, Outcome<ExportSize>>, IRequestHandler<StreamExport, Outcome<Done>>
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
            ExportAudit.Write(change, of.Value.Users is null ? ReportingActions.AccountsExported : ReportingActions.UsersExported,
                of.Value.Users?.Site.Value ?? Guid.CreateVersion7(), query.Organization, of.Value);
            return Task.CompletedTask;
        }, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var csv = CsvFile.Write(query.Output);
        await source.WriteHead(csv, query.Organization, of.Value, ct);
        command.Connection = connection;
        await using var rows = await command.ExecuteReaderAsync(ct);
        await source.WriteRows(csv, rows, query.Organization, of.Value, null, ct);
        return Done.It;
    }
}

static class ExportAudit
{
    /// <summary>Without what was searched for.</summary>
    public static void Write(Change change, string action, Guid subject, OrganizationId organization, ExportArguments of) =>
        change.WriteAudit(organization, subject, action, fact: of with
        {
            Filter = of.Filter with { Search = null },
            Users = of.Users is { } users ? users with { Filter = users.Filter with { Search = null } } : null,
        });
}
