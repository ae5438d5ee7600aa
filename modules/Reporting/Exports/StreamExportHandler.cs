using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Exports;

sealed class StreamExportHandler(ExportSource source, NpgsqlDataSource database, TimeProvider clock)
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
        await using var connection = await database.OpenConnectionAsync(ct);
        await Tell(connection, query, of.Value, ct);
        await using var csv = CsvFile.Write(query.Output);
        await source.WriteHead(csv, query.Organization, of.Value, ct);
        command.Connection = connection;
        await using var rows = await command.ExecuteReaderAsync(ct);
        await source.WriteRows(csv, rows, query.Organization, of.Value, null, ct);
        return Done.It;
    }

    /// <summary>Personal data leaves the house: the audit log says who took which, without what was searched for.</summary>
    async Task Tell(NpgsqlConnection connection, StreamExport query, ExportArguments of, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                ExportAudit.Entry(of.Users is null ? "AccountsExported" : "UsersExported",
                    of.Users?.Site.Value ?? Guid.CreateVersion7(), query.Organization, of, query.Origin, clock.GetUtcNow())
            }
        };
        await batch.ExecuteNonQueryAsync(ct);
    }
}

static class ExportAudit
{
    public static NpgsqlBatchCommand Entry(string action, Guid subject, OrganizationId organization, ExportArguments of, Origin origin,
        DateTimeOffset now) => AuditLog.Insert(
        [new(Guid.CreateVersion7(now), now, organization.Value, origin, subject, action, null,
            KernelJson.Write(of with { Filter = of.Filter with { Search = null }, Users = of.Users is { } users
                ? users with { Filter = users.Filter with { Search = null } }
                : null }), null, null, null)]);
}
