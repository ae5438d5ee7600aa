using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Exports;

sealed class ExportJobResultsHandler(NpgsqlDataSource database, IMediator mediator) : IRequestHandler<ExportJobResults, Outcome<Done>>
{
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
}
