using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory domains</c>.</summary>
static class DomainCommands
{
    public static Command Define() => new("domains", "Domains of the organization: list, show, add, verify, remove")
    {
        List(), Show(), Add(), Verify(), Remove(),
    };

    static readonly (string, string)[] Columns =
        [("DOMAIN", "attributes.name"), ("STATE", "attributes.state"), ("CLAIMS NEW ACCOUNTS", "attributes.automaticClaim"),
            ("ADDED", "attributes.addedAt"), ("ID", "id")];

    static Command List() => new Command("list", "List the domains")
        .With((here, _, ct) => here.Output.List(here.Api.Rows($"{here.V1}/domains", null, ct), Columns));

    static Command Show() => OnOne("show", "Show a domain, with what to publish so that it can be verified",
        async (here, domain, _, ct) => here.Output.One((await here.Api.Get(PathOf(here, domain), ct)).OrFail().GetProperty("data")));

    static Command Add()
    {
        var name = Making.Text("name", "Such as acme.example");
        return new Command("add", "Add a domain; the answer says what to publish") { name }.With(async (here, parsed, ct) =>
            here.Output.One(
                (await here.Api.Post($"{here.V1}/domains", new { name = parsed.GetValue(name) }, ct)).OrFail().GetProperty("data")));
    }

    static Command Verify()
    {
        var method = new Option<string>("--method") { Description = "dns or https", DefaultValueFactory = _ => "dns", HelpName = "METHOD" };
        method.AcceptOnlyFromAmong("dns", "https");
        var command = OnOne("verify", "Look for the token now and say what was seen", null, method);
        return command;
    }

    static Command Remove()
    {
        var yes = Making.Yes();
        return OnOne("remove", "Remove a domain; its accounts are no longer managed", async (here, domain, parsed, ct) =>
        {
            Making.Confirm(parsed.GetValue(yes), $"Remove {Name(domain)} and stop managing its accounts?");
            _ = (await here.Api.Ask(HttpMethod.Delete, PathOf(here, domain), null, ct)).OrFail();
            here.Output.Done($"{Name(domain)} is removed.", new { removed = Name(domain) });
        }, yes);
    }

    static string Name(JsonElement domain) => Plain.Cell(domain, "attributes.name");

    public static string PathOf(Connected here, JsonElement domain) => $"{here.V1}/domains/{domain.GetProperty("id").GetString()}";

    static Command OnOne(string name, string words, Func<Connected, JsonElement, ParseResult, CancellationToken, Task>? work,
        params Option[] options)
    {
        var domain = Making.Text("domain", "Its name or ID");
        var command = new Command(name, $"{words}. Example: directory domains {name} acme.example") { domain };
        foreach (var option in options) command.Add(option);
        return command.With(async (here, parsed, ct) =>
        {
            var found = await Find(here, parsed.GetValue(domain)!, ct);
            if (work is not null)
            {
                await work(here, found, parsed, ct);
                return Exit.Done;
            }
            var body = new { method = parsed.GetValue((Option<string>)options[0]) };
            var seen = (await here.Api.Post($"{PathOf(here, found)}/verify", body, ct)).OrFail().GetProperty("data");
            here.Output.One(seen);
            return Plain.Cell(seen, "attributes.claim.status") == "verified" ? Exit.Done : Exit.Refused;
        });
    }

    /// <summary>Of the organization's few, by name or id.</summary>
    /// <exception cref="CommandFailedException"/>
    public static async Task<JsonElement> Find(Connected here, string domain, CancellationToken ct)
    {
        await foreach (var row in here.Api.Rows($"{here.V1}/domains", null, ct))
            if (string.Equals(Name(row), domain, StringComparison.OrdinalIgnoreCase) || row.GetProperty("id").GetString() == domain)
                return row;
        throw new CommandFailedException(Exit.NotFound, $"The organization has no domain {domain}.");
    }
}
