using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Files;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory jobs</c>: background work.</summary>
static class JobCommands
{
    /// <summary>Of two looks at a job that runs (own choice): a key may ask fifty times a second.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Define() => new("jobs", "Background work: list, show, wait, results, cancel, resume")
    {
        List(), OnOne("show", "Show a job", async (here, id, ct) =>
        {
            here.Output.One(await Read(here, id, ct));
            return Exit.Done;
        }),
        OnOne("wait", "Wait for the end of a job, with a progress bar", Follow),
        Results(), Deed("cancel", "Cancel a job; what is done stays done"), Deed("resume", "Resume a job that was cancelled or failed"),
    };

    static Command List()
    {
        var limit = Making.Limit(50);
        return new Command("list", "List jobs, newest first") { limit }.With((here, parsed, ct) => here.Output.List(
            here.Api.Rows($"{here.V1}/jobs", parsed.GetValue(limit), ct),
            [("JOB", "attributes.title"), ("STATE", "attributes.state"), ("DONE", "attributes.done"), ("OF", "attributes.total"),
                ("ASKED", "attributes.askedAt"), ("ID", "id")]));
    }

    static Command Results()
    {
        var id = Making.Text("job", "Its ID");
        var output = new Option<FileInfo?>("--output") { Description = "Into this file instead of the standard output", HelpName = "FILE" };
        return new Command("results", "What became of each item, as CSV. Example: directory jobs results ID --output results.csv")
            { id, output }
            .With(async (here, parsed, ct) =>
            {
                var path = $"{PathOf(here, parsed.GetValue(id)!)}/results";
                if (parsed.GetValue(output) is { } file)
                {
                    await OwnFile.Write(file, stream => here.Api.CopyTo(path, stream, ct));
                    return;
                }
                await using var shown = Console.OpenStandardOutput();
                await here.Api.CopyTo(path, shown, ct);
            });
    }

    static Command Deed(string name, string words) => OnOne(name, words, async (here, id, ct) =>
    {
        here.Output.One((await here.Api.Post($"{PathOf(here, id)}/{name}", null, ct)).OrFail().GetProperty("data"));
        return Exit.Done;
    });

    static Command OnOne(string name, string words, Func<Connected, string, CancellationToken, Task<int>> work)
    {
        var id = Making.Text("job", "Its ID");
        return new Command(name, $"{words}. Example: directory jobs {name} ID") { id }
            .With((here, parsed, ct) => work(here, parsed.GetValue(id)!, ct));
    }

    static string PathOf(Connected here, string id) => Guid.TryParse(id, out var read) ? $"{here.V1}/jobs/{read}"
        : throw new CommandFailedException(Exit.Usage, $"{id} is no ID of a job. directory jobs list shows them.");

    static async Task<JsonElement> Read(Connected here, string id, CancellationToken ct) =>
        (await here.Api.Get(PathOf(here, id), ct)).OrFail().GetProperty("data");

    /// <summary>Until it ends: then what became of its items. A job that failed or was cancelled is a failure here, too.</summary>
    public static async Task<int> Follow(Connected here, string id, CancellationToken ct)
    {
        JsonElement job;
        string state;
        using (var bar = new ProgressBar())
            while (true)
            {
                job = await Read(here, id, ct);
                var now = job.GetProperty("attributes");
                state = now.GetProperty("state").GetString()!;
                bar.Show(now.GetProperty("percent").GetDouble(), now.GetProperty("done").GetInt64(), now.GetProperty("total").GetInt64(),
                    state, Plain.Find(now, "secondsLeft") is { ValueKind: JsonValueKind.Number } left ? left.GetDouble() : null);
                if (state is not ("queued" or "running")) break;
                await Task.Delay(Pause, ct);
            }
        here.Output.One(here.Output.IsJson ? job : job.GetProperty("attributes"));
        return state == "done" ? Exit.Done : Exit.Refused;
    }
}
