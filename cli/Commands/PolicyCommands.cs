using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory policies</c>: what managed people are asked for when they sign in.</summary>
static class PolicyCommands
{
    static readonly Argument<string> Policy = Making.Text("policy", "Its name or ID");

    public static Command Define() => new("policies", "Authentication policies: list, show, members, move")
    {
        new Command("list", "List the policies").With((here, _, ct) => here.Output.List(here.Api.Rows(All(here), null, ct),
            [("POLICY", "attributes.name"), ("DEFAULT", "attributes.isDefault"), ("TWO-STEP", "attributes.twoStepMandatory"),
                ("MEMBERS", "attributes.members"), ("ID", "id")])),
        new Command("show", "Show a policy. Example: directory policies show Contractors") { Policy }.With(async (here, parsed, ct) =>
            here.Output.One(await Find(here, parsed, ct))),
        Members(), Move(),
    };

    static Command Members()
    {
        var limit = Making.Limit();
        return new Command("members", "List who is in a policy") { Policy, limit }.With(async (here, parsed, ct) =>
        {
            var policy = await Find(here, parsed, ct);
            await here.Output.List(
                here.Api.Rows($"{All(here)}/{policy.GetProperty("id").GetString()}/members", parsed.GetValue(limit), ct),
                [("NAME", "name"), ("EMAIL", "email"), ("STATUS", "account_status"), ("ID", "account_id")]);
        });
    }

    static Command Move()
    {
        var persons = new Persons();
        var command = new Command("move", "Move people into a policy: all of them or, when one is refused, nobody. "
            + "Example: directory policies move Contractors ann@acme.example") { Policy };
        return persons.On(command).With(async (here, parsed, ct) =>
        {
            var policy = await Find(here, parsed, ct);
            var ids = new List<string>();
            var found = await persons.Each(here, parsed, "found", async person =>
            {
                var (id, refusal) = await Persons.Managed(here, person, ct);
                if (id is not null) ids.Add(id);
                return refusal;
            }, quiet: true);
            if (found is not (Exit.Done or Exit.Partly) || (found is Exit.Partly && !persons.Ignores(parsed))) return found;
            var moved = (await here.Api.Post($"{All(here)}/{policy.GetProperty("id").GetString()}/members", new { accountIds = ids }, ct))
                .OrFail().GetProperty("data");
            var name = Plain.Cell(policy, "attributes.name");
            here.Output.Done(string.Create(CultureInfo.InvariantCulture, $"{ids.Count:N0} people are in {name}."), moved);
            return found;
        });
    }

    static string All(Connected here) => $"{here.V1}/authentication-policies";

    static async Task<JsonElement> Find(Connected here, ParseResult parsed, CancellationToken ct)
    {
        var wanted = parsed.GetValue(Policy)!;
        await foreach (var row in here.Api.Rows(All(here), null, ct))
            if (string.Equals(Plain.Cell(row, "attributes.name"), wanted, StringComparison.OrdinalIgnoreCase)
                || row.GetProperty("id").GetString() == wanted) return row;
        throw new CommandFailedException(Exit.NotFound, $"There is no policy {wanted}.");
    }
}
