using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Reporting.Internal.Exports;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>
/// The file of a million managed accounts, as it is streamed to somebody who downloads it, against
/// <c>COPY (the same query) TO STDOUT (FORMAT csv)</c> read by a client. Beside it the job that writes the same file in the background,
/// and the memory of the process that does both.
/// </summary>
static class ExportBench
{
    static readonly OrganizationId Organization = new(new Guid("01900000-0000-7000-8000-00000000beef"));
    static readonly Origin Origin = new(null, "bench");
    static readonly ExportScope Everybody = new(ManagedAccountFilter.Everybody);

    public static async Task Run(int accounts, int rounds)
    {
        await using var server = await BenchServer.Start();
        var database = await server.Fresh("export");
        await BenchServer.Run(database, $"""
            insert into accounts.account
              (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at, created_at,
                last_active_at)
            select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'person' || n || '@bench.example', 'bench.example',
              initcap(substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8)),
              substr(md5(n::text), 1, 6) || ' ' || substr(md5('x' || n), 1, 8),
              case when n % 20 = 0 then 2 else 1 end, true, '{Organization}', now(), now(),
              case when n % 5 = 1 then '-infinity' else now() - (n::bigint * 104729 % 3600) * interval '1 hour' end
            from generate_series(1, {accounts}) n
            """);
        await BenchServer.Run(database, "vacuum analyze");
        using var host = await BenchServer.Serve(database);
        var mediator = host.Services.GetRequiredService<IMediator>();
        var source = host.Services.GetRequiredService<ExportSource>();
        var (ours, copy) = (new List<double>(), new List<double>());
        Peak("at the start");
        await Stream(mediator, accounts);
        Peak("after a file was streamed");
        await Job(mediator, accounts);
        Peak("after a job wrote the file");
        await Copy(source, database);
        for (var round = 1; round <= rounds; round++)
        {
            ours.Add(await Figures.Seconds(() => Stream(mediator, accounts)));
            copy.Add(await Figures.Seconds(() => Copy(source, database)));
            Figures.Row($"round {round}", ("s ours", ours[^1]), ("s COPY", copy[^1]));
        }
        Figures.Row("streamed, median", ("s", Figures.Median(ours)), ("rows a second", accounts / Figures.Median(ours)));
        Figures.Row("COPY, median", ("s", Figures.Median(copy)), ("rows a second", accounts / Figures.Median(copy)));
        var job = await Figures.Seconds(() => Job(mediator, accounts));
        Figures.Row("by a job, from the first click to its end", ("s", job), ("rows a second", accounts / job));
        Peak("at the end, both sides included");
        await host.StopAsync();
        Figures.Ratio(copy.Zip(ours, (theirs, own) => theirs / own));
    }

    static void Peak(string when)
    {
        using var process = Process.GetCurrentProcess();
        Figures.Row($"peak memory of this process {when}", ("MB", process.PeakWorkingSet64 / 1e6));
    }

    static async Task Stream(IMediator mediator, int accounts)
    {
        await using var output = new Counting();
        await mediator.Send(new StreamExport(Organization, Everybody, Origin, output));
        if (output.Lines != accounts + 1) throw new InvalidOperationException($"The file has {output.Lines} lines.");
    }

    /// <summary>The very query that the file is written from, its values put into the text: COPY takes no parameters.</summary>
    static async Task Copy(ExportSource source, string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var export = (await source.Of(Organization, Everybody, CancellationToken.None)).Value;
        await using var command = await source.Rows(Organization, export, null, null, CancellationToken.None);
        var query = Regex.Replace(command.CommandText, @"\$(\d+)",
            at => Literal(command.Parameters[int.Parse(at.Groups[1].Value, CultureInfo.InvariantCulture) - 1].Value!));
        using var copy = await connection.BeginTextExportAsync($"copy ({query}) to stdout (format csv)");
        var buffer = new char[64 * 1024];
        while (await copy.ReadAsync(buffer) > 0) { }
    }

    static string Literal(object value) => value switch
    {
        Guid[] ids => $"array[{string.Join(", ", ids.Select(id => $"'{id}'::uuid"))}]",
        string[] texts => $"array[{string.Join(", ", texts.Select(t => $"'{t.Replace("'", "''", StringComparison.Ordinal)}'"))}]",
        Guid id => $"'{id}'::uuid",
        _ => $"'{value}'",
    };

    static async Task Job(IMediator mediator, int accounts)
    {
        var id = (await mediator.Send(new BeginExport(Organization, Everybody, Origin))).Value;
        JobView job;
        while (!(job = (await mediator.Send(new ReadJob(Organization.Value, id))).Value).Ended) await Task.Delay(50);
        if (job.State is not JobState.Done || job.Done != accounts) throw new InvalidOperationException($"The job ended as {job}");
    }

    /// <summary>Takes what a client would take, and keeps nothing.</summary>
    sealed class Counting : Stream
    {
        public long Lines { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Lines += System.MemoryExtensions.Count(buffer, (byte)'\n');
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct = default)
        {
            Write(buffer.Span);
            return default;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken ct) =>
            WriteAsync(buffer.AsMemory(offset, count), ct).AsTask();
        public override void Flush() { }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
