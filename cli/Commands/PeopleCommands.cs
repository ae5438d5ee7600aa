using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory people</c>: the accounts that the organization manages.</summary>
static class PeopleCommands
{
    public static Command Define() => new("people", "Managed accounts: list, show, deactivate, reactivate")
    {
        List(), Show(),
        Each("deactivate", "Deactivate accounts: their people cannot sign in until you reactivate them", "disable", "deactivated",
            hasMessage: true),
        Each("reactivate", "Let deactivated people sign in again", "enable", "reactivated", hasMessage: false),
    };

    static Command List()
    {
        var search = Making.Choice("--search", "Part of a name or an email address", "TEXT");
        var status = new Option<string?>("--status") { Description = "active or inactive", HelpName = "STATUS" };
        status.AcceptOnlyFromAmong("active", "inactive");
        var domain = Making.Choice("--domain", "Only on this domain", "NAME");
        var limit = Making.Limit();
        return new Command("list", "List managed accounts. Example: directory people list --status inactive --json")
            { search, status, domain, limit }
            .With((here, parsed, ct) => here.Output.List(
                here.Api.Rows(Paths.With($"{here.V1}/users", ("searchTerm", parsed.GetValue(search)), ("status", parsed.GetValue(status)),
                    ("emailDomain", parsed.GetValue(domain))), parsed.GetValue(limit), ct),
                [("NAME", "name"), ("EMAIL", "email"), ("STATUS", "account_status"), ("LAST ACTIVE", "last_active"),
                    ("ID", "account_id")]));
    }

    static Command Show()
    {
        var person = Making.Text("person", "Email address or account ID");
        return new Command("show", "Show one account. Example: directory people show liam@acme.example") { person }
            .With(async (here, parsed, ct) =>
            {
                var (id, refusal) = await Persons.Managed(here, parsed.GetValue(person)!, ct);
                if (refusal is not null) throw refusal.Failed();
                var profile = (await here.Api.Get($"/users/{id}/manage/profile", ct)).OrFail();
                here.Output.One(profile.TryGetProperty("account", out var account) ? account : profile);
            });
    }

    static Command Each(string name, string words, string deed, string done, bool hasMessage)
    {
        var (persons, message) = (new Persons(), Making.Choice("--message", "What the person is told when signing in", "TEXT"));
        var command = persons.On(new(name, $"{words}. Example: directory people {name} --from-file people.csv --ignore-errors"));
        if (hasMessage) command.Add(message);
        return command.With((here, parsed, ct) => persons.Each(here, parsed, done, async person =>
        {
            var (id, refusal) = await Persons.Managed(here, person, ct);
            if (refusal is not null) return refusal;
            var text = hasMessage ? parsed.GetValue(message) : null;
            return (await here.Api.Post($"/users/{id}/manage/lifecycle/{deed}", text is null ? null : new { message = text }, ct)).Refusal;
        }));
    }
}
