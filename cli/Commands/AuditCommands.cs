using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory audit</c>: who did what.</summary>
static class AuditCommands
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    static readonly (string, string)[] Columns =
        [("TIME", "attributes.time"), ("WHO", "attributes.actor.name"), ("WHAT", "message.content"), ("OF", "attributes.context"),
            ("ID", "id")];

    static readonly Option<string?> From = Making.Choice("--from", "Not before, such as 2026-11-22T10:00:00Z", "TIME");

    public static Command Define() => new("audit", "The audit log: list, follow, actions")
    {
        List(), Follow(),
        new Command("actions", "List the actions that stand in the log").With((here, _, ct) => here.Output.List(
            here.Api.AllRows($"{here.V1}/event-actions", ct), [("ACTION", "id"), ("WORDS", "attributes.displayName")])),
    };

    static Command List()
    {
        var to = Making.Choice("--to", "Only before", "TIME");
        var action = Making.Choice("--action", "Only this action, as directory audit actions has it", "ACTION");
        var actor = Making.Choice("--actor", "Only by this person: an email address or ID", "PERSON");
        var search = Making.Choice("--search", "Actor or target, as an email address or ID; or words of the action", "TEXT");
        var limit = Making.Limit(50);
        return new Command("list", "List events, newest first. Example: directory audit list --action account_deactivated --json")
            { From, to, action, actor, search, limit }
            .With((here, parsed, ct) => here.Output.List(
                here.Api.Rows(Paths.With($"{here.V1}/events", ("from", parsed.GetValue(From)), ("to", parsed.GetValue(to)),
                    ("action", parsed.GetValue(action)), ("actor", parsed.GetValue(actor)), ("q", parsed.GetValue(search))),
                    parsed.GetValue(limit), ct), Columns));
    }

    static Command Follow()
    {
        var most = Making.Limit();
        most.Description = "End after so many events; never without it";
        return new Command("follow", "Print events as they are sealed, a JSON value a line, and miss none. Example: directory audit follow "
            + "--from 2026-11-22T10:00:00Z | jq .message.content") { From, most }
            .With((here, parsed, ct) => new Shown.Output(isJson: true).List(
                Stream(here, parsed.GetValue(From) ?? TimeProvider.System.GetUtcNow().ToString("O"), parsed.GetValue(most), ct), [],
                lines: true));
    }

    static async IAsyncEnumerable<JsonElement> Stream(Connected here, string from, int? most, [EnumeratorCancellation] CancellationToken ct)
    {
        var left = most ?? int.MaxValue;
        for (string? cursor = null; ;)
        {
            var page = (await here.Api.Get(
                Paths.With($"{here.V1}/events-stream", ("from", from), ("cursor", cursor)), ct)).OrFail();
            var rows = page.GetProperty("data");
            foreach (var row in rows.EnumerateArray())
            {
                yield return row;
                if (--left == 0) yield break;
            }
            cursor = ApiClient.NextOf(page) ?? cursor;
            if (rows.GetArrayLength() > 0) continue;
            await Console.Out.FlushAsync(ct);
            await Task.Delay(Pause, ct);
        }
    }
}
