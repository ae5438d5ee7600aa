using System.CommandLine;
using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using MediatR;

namespace DirectoryPlatform.Host.Commands;

/// <summary><c>import</c>: accounts from a file, such as when an organization comes from another system (SPEC R5).</summary>
static class ImportCommand
{
    public static Command Define(Option<DirectoryInfo> data)
    {
        var file = new Argument<FileInfo>(
            "file")
        { Description = "CSV whose first line names the columns name and email; UTF-8, UTF-16 or Windows-1252" };
        var verified = new Option<bool>("--verified")
        {
            Description =
                "The addresses are known to be their people's; otherwise each person is asked to verify theirs at the first sign-in"
        };
        var report = new Option<FileInfo?>(
            "--report")
        { Description = "Where to write what became of each line; else beside the file, as FILE.report.csv or FILE.preview.csv" };
        var preview = new Option<bool>("--preview")
        {
            Description = "Only say, in numbers and in the report, what the import would do"
        };
        file.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<FileInfo>() is { Exists: false } missing) r.AddError($"There is no file {missing.FullName}.");
        });
        var command = new Command("import",
            "Create an account for each line of a CSV file. "
            + "People who are there already are left alone, so a broken-off run can be repeated.") { file, verified, report, preview };
        command.SetAction(async (p, ct) =>
        {
            await using var installation = await Installation.Open(CommandLine.Configuration(), p.GetValue(data)!, ct);
            // The modules without their background work: a command does its own thing and ends.
            await using var services = new ServiceCollection().AddLogging().AddModules(
                CommandLine.Configuration(), installation.ConnectionString, ownsDatabase: false, demo: false, new("http://localhost:5080"))
                    .BuildServiceProvider();
            var source = p.GetValue(file)!;
            return await Run(services.GetRequiredService<IMediator>(), source, p.GetValue(verified),
                p.GetValue(report) ?? new($"{source.FullName}.{(p.GetValue(preview) ? "preview" : "report")}.csv"), p.GetValue(preview),
                ct);
        });
        return command;
    }

    static async Task<int> Run(IMediator mediator, FileInfo file, bool verified, FileInfo report, bool preview,
        CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        Outcome<ImportCounts> outcome;
        await using (var input = file.OpenRead())
        await using (var output = report.Create())
            outcome = await (preview
                ? mediator.Send(new PreviewImport(input, verified, output, Progress), ct)
                : mediator.Send(new ImportAccounts(input, verified, output, new Origin(null, "command line"), Progress), ct));
        if (!outcome.Granted)
        {
            Console.Error.WriteLine(outcome.Refusal.Sentence);
            return 1;
        }
        var c = outcome.Value;
        Console.WriteLine(
            $"{c.Created:N0} accounts {(preview ? "would be created" : "created")}, {c.Claimed:N0} of them claimed automatically; "
            + $"{c.Existing:N0} {(preview ? "are" : "were")} there already, {c.Repeated:N0} lines repeat an address, "
            + $"{c.Invalid:N0} are invalid.");
        Console.WriteLine(preview ? $"Nothing was written. What would become of each line is in {report.FullName}"
            : $"What became of each line is in {report.FullName}");
        return 0;

        void Progress(long lines) => Console.WriteLine($"  {lines:N0} lines ({lines / watch.Elapsed.TotalSeconds:N0} a second)");
    }
}
