using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory groups</c>: people who get access to apps together.</summary>
static class GroupCommands
{
    static readonly Argument<string> Group = Making.Text("group", "Its name or ID");

    public static Command Define() => new("groups", "Groups: list, show, members, create, delete, add, remove")
    {
        List(), Show(), Members(), Create(), Delete(),
        Each("add", "Add people to a group", "added", (here, group, account, ct) =>
            here.Api.Post($"{group}/memberships", new { accountId = account }, ct)),
        Each("remove", "Remove people from a group", "removed", (here, group, account, ct) =>
            here.Api.Ask(HttpMethod.Delete, $"{group}/memberships/{account}", null, ct)),
    };

    static Command List()
    {
        var (search, limit) = (Making.Choice("--search", "Part of the name", "TEXT"), Making.Limit());
        return new Command("list", "List the groups") { search, limit }.With((here, parsed, ct) => here.Output.List(
            here.Api.Rows(Paths.With($"{here.Directory}/groups", ("searchTerm", parsed.GetValue(search))), parsed.GetValue(limit), ct),
            [("GROUP", "name"), ("MEMBERS", "counts.users"), ("APPS", "counts.resources"), ("DESCRIPTION", "description"), ("ID", "id")]));
    }

    static Command Show() => new Command("show", "Show a group with what it opens") { Group }.With(async (here, parsed, ct) =>
        here.Output.One((await here.Api.Get(await PathOf(here, parsed, ct), ct)).OrFail().GetProperty("data")));

    static Command Members()
    {
        var limit = Making.Limit();
        return new Command("members", "List who is in a group") { Group, limit }.With(async (here, parsed, ct) =>
        {
            var path = await PathOf(here, parsed, ct);
            await here.Output.List(
                here.Api.Rows(Paths.With($"{here.Directory}/users", ("groupIds", path.Split('/')[^1])), parsed.GetValue(limit), ct),
                [("NAME", "name"), ("EMAIL", "email"), ("STATUS", "status"), ("ID", "accountId")]);
        });
    }

    static Command Create()
    {
        var (name, about) = (Making.Text("name", "Its name"), Making.Choice("--description", "What it is for", "TEXT"));
        return new Command("create", "Create a group. Example: directory groups create Engineers") { name, about }
            .With(async (here, parsed, ct) => here.Output.One((await here.Api.Post($"{here.Directory}/groups",
                new { name = parsed.GetValue(name), description = parsed.GetValue(about) }, ct)).OrFail().GetProperty("data")));
    }

    static Command Delete()
    {
        var yes = Making.Yes();
        return new Command("delete", "Delete a group; its members lose what only it opened") { Group, yes }.With(async (here, parsed, ct) =>
        {
            var path = await PathOf(here, parsed, ct);
            Making.Confirm(parsed.GetValue(yes), $"Delete the group {parsed.GetValue(Group)}?");
            _ = (await here.Api.Ask(HttpMethod.Delete, path, null, ct)).OrFail();
            here.Output.Done($"The group {parsed.GetValue(Group)} is deleted.", new { deleted = parsed.GetValue(Group) });
        });
    }

    static Command Each(string name, string words, string done, Func<Connected, string, string, CancellationToken, Task<ApiReply>> deed)
    {
        var persons = new Persons();
        var command = new Command(name, $"{words}. Example: directory groups {name} Engineers ann@acme.example") { Group };
        return persons.On(command).With(async (here, parsed, ct) =>
        {
            var path = await PathOf(here, parsed, ct);
            return await persons.Each(here, parsed, done, async person =>
            {
                var (id, refusal) = await Persons.User(here, person, ct);
                return refusal ?? (await deed(here, path, id!, ct)).Refusal;
            });
        });
    }

    static async Task<string> PathOf(Connected here, ParseResult parsed, CancellationToken ct)
    {
        var (wanted, all) = (parsed.GetValue(Group)!, $"{here.Directory}/groups");
        if (Guid.TryParse(wanted, out var id)) return $"{all}/{id}";
        await foreach (var row in here.Api.Rows(Paths.With(all, ("searchTerm", wanted)), null, ct))
            if (string.Equals(Plain.Cell(row, "name"), wanted, StringComparison.OrdinalIgnoreCase))
                return $"{all}/{row.GetProperty("id").GetString()}";
        throw new CommandFailedException(Exit.NotFound, $"There is no group {wanted}.");
    }
}
