using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory claims</c>: bring the accounts on a verified domain under the organization's management, and give them back.
/// </summary>
static class ClaimCommands
{
    static readonly Argument<string> Domain = Making.Text("domain", "Its name or ID");

    static readonly Option<FileInfo?> File = new("--from-file")
    {
        Description = "Only the people in this file, one address a line; - reads the standard input. All without it",
        HelpName = "FILE",
    };

    static readonly Option<bool> NoWait = new("--no-wait") { Description = "Print the job and do not wait for its end" },
        Unclaim = new("--unclaim") { Description = "Of unclaiming" };

    public static Command Define() => new("claims", "Claim and unclaim the accounts on a domain")
    {
        Preview(), Begin(), Release(), Exclusions(),
    };

    static Command Preview() =>
        new Command("preview", "See what claiming would do; nothing is changed. Example: directory claims preview acme.example")
            { Domain, File, Unclaim }
            .With(async (here, parsed, ct) =>
            {
                var verb = parsed.GetValue(Unclaim) ? "unclaim/preview" : "claim/preview";
                here.Output.One((await Ask(here, parsed, verb, [], ct)).GetProperty("attributes"));
            });

    static Command Begin()
    {
        var notify = new Option<bool>("--notify") { Description = "Tell the people by email" };
        return new Command("start", "Claim accounts. Example: directory claims start acme.example --notify")
            { Domain, File, notify, NoWait }
            .With((here, parsed, ct) => Work(here, parsed, "claim", new() { ["notify"] = parsed.GetValue(notify) }, ct));
    }

    static Command Release()
    {
        var yes = Making.Yes();
        return new Command("unclaim",
            "Stop managing accounts. Example: directory claims unclaim acme.example --from-file leavers.txt --yes")
            { Domain, File, yes, NoWait }
            .With((here, parsed, ct) =>
            {
                var whom = parsed.GetValue(File) is null ? "all accounts" : "these accounts";
                Making.Confirm(parsed.GetValue(yes), $"Stop managing {whom} on {parsed.GetValue(Domain)}?");
                return Work(here, parsed, "unclaim", [], ct);
            });
    }

    static Command Exclusions() =>
        new Command("exclusions", "List the accounts that are not claimed automatically") { Domain }.With(async (here, parsed, ct) =>
        {
            var path = DomainCommands.PathOf(here, await DomainCommands.Find(here, parsed.GetValue(Domain)!, ct));
            await here.Output.List(here.Api.Rows($"{path}/exclusions", null, ct),
                [("NAME", "name"), ("EMAIL", "email"), ("ID", "accountId")]);
        });

    static async Task<int> Work(Connected here, ParseResult parsed, string verb, Dictionary<string, object> body, CancellationToken ct)
    {
        var job = await Ask(here, parsed, verb, body, ct);
        if (!parsed.GetValue(NoWait)) return await JobCommands.Follow(here, job.GetProperty("id").GetString()!, ct);
        here.Output.One(job);
        return Exit.Done;
    }

    static async Task<JsonElement> Ask(Connected here, ParseResult parsed, string verb, Dictionary<string, object> body,
        CancellationToken ct)
    {
        if (parsed.GetValue(File) is { } file)
        {
            var people = Persons.OfFile(file);
            // An empty file means nobody, and left out it would mean everybody.
            if (people.Count == 0) throw new CommandFailedException(Exit.Usage, $"{file} names nobody.");
            // The server goes on without what is no address, which nobody would see here.
            if (people.FirstOrDefault(person => !person.Contains('@')) is { } other)
                throw new CommandFailedException(Exit.Usage, $"{other} is no email address.");
            body["emails"] = people;
        }
        var domain = await DomainCommands.Find(here, parsed.GetValue(Domain)!, ct);
        return (await here.Api.Post($"{DomainCommands.PathOf(here, domain)}/{verb}", body, ct)).OrFail().GetProperty("data");
    }
}
