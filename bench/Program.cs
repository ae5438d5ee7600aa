using System.Globalization;
using DirectoryPlatform.Bench;

// Each bench compares in one run, in turns, so that a machine that changes its speed changes both sides; the last line is the ratio.
int Number(string option, int otherwise) =>
    Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length
        ? int.Parse(args[at + 1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
        : otherwise;

if (args.Length > 0) Figures.Machine();
switch (args.FirstOrDefault())
{
    case "claim":
        await ClaimBench.Run(accounts: Number("--accounts", 200_000), rounds: Number("--rounds", 3));
        return 0;
    case "turn":
        await TurnBench.Run(accounts: Number("--accounts", 10_000),
            callers: Number("--callers", 0) is > 0 and var one ? [one] : [1, 16, 64], seconds: Number("--seconds", 8),
            rounds: Number("--rounds", 3));
        return 0;
    case "delivery":
        await DeliveryBench.Run(accounts: Number("--accounts", 100_000), callers: Number("--callers", 64), seconds: Number("--seconds", 15),
            nodes: Number("--nodes", 1), rounds: Number("--rounds", 3));
        return 0;
    case "cluster":
        await ClusterBench.Run(callers: Number("--callers", 16), seconds: Number("--seconds", 15), rounds: Number("--rounds", 1));
        return 0;
    case "limits":
        await LimitBench.Run(callers: Number("--callers", 64), seconds: Number("--seconds", 6), rounds: Number("--rounds", 3));
        return 0;
    case "list":
        await ListBench.Run(accounts: Number("--accounts", 1_000_000), pages: Number("--pages", 2_000));
        return 0;
    case "export":
        await ExportBench.Run(accounts: Number("--accounts", 1_000_000), rounds: Number("--rounds", 3));
        return 0;
    case "signin":
        await SignInBench.Run(people: Number("--people", 100), rounds: Number("--rounds", 3));
        return 0;
    case "neighbours":
        await NeighboursBench.Run(accounts: Number("--accounts", 100_000), seconds: Number("--seconds", 6), rounds: Number("--rounds", 3));
        return 0;
    case "strangers":
        await StrangersBench.Run(strangers: Number("--strangers", 60), rounds: Number("--rounds", 2));
        return 0;
    case "gate":
        await GateBench.Run(callers: Number("--callers", 8), seconds: Number("--seconds", 6), rounds: Number("--rounds", 4));
        return 0;
    case "revoke":
        await RevokeBench.Run(times: Number("--times", 500));
        return 0;
    case "access":
        await AccessBench.Run(callers: Number("--callers", 8), seconds: Number("--seconds", 8), rounds: Number("--rounds", 3));
        return 0;
    case "api":
        await ApiBench.Run(accounts: Number("--accounts", 3_200), callers: Number("--callers", 32), seconds: Number("--seconds", 6),
            rounds: Number("--rounds", 3));
        return 0;
    case "fuzz":
        return await FuzzBench.Run(requests: Number("--requests", 100_000), seed: Number("--seed", 1));
    case "scim":
        await ScimBench.Run(callers: Number("--callers", 32), seconds: Number("--seconds", 8), rounds: Number("--rounds", 3));
        return 0;
    case "users":
        await UsersBench.Run(users: Number("--users", 100_000), groups: Number("--groups", 10_000), pages: Number("--pages", 1_000));
        return 0;
    default:
        Console.WriteLine("""
            bench claim [--accounts 200000] [--rounds 3]
                a claim job against one SQL statement that writes the same (higher is better)
            bench turn [--callers 1, 16 and 64] [--accounts 10000] [--seconds 8] [--rounds 3]
                turns a second by grains that live and by cold ones, beside the direct turn, against pgbench running the same
                statements (higher is better)
            bench delivery [--callers 64] [--seconds 15] [--nodes 1] [--rounds 3]
                facts delivered a second against turns made in the same time, and how old the oldest fact becomes (1 is all)
            bench cluster [--callers 16] [--seconds 15] [--rounds 1]
                deeds a second over HTTP by one, two and three nodes, and by three of which one is killed, frozen, stopped, and all
                are restarted in turn, with what failed (3 nodes against 1; all share one machine)
            bench limits [--callers 64] [--seconds 6] [--rounds 3]
                tries a second at a door of two nodes that count together against each node's own count (higher is better)
            bench export [--accounts 1000000] [--rounds 3]
                rows a second of a file against COPY of the same query to a client (higher is better)
            bench signin [--people 100] [--rounds 3]
                p95 of pages while so many sign in at once against p95 in the quiet (lower is better)
            bench strangers [--strangers 60] [--rounds 2]
                median of a known person's sign-in while so many send wrong passwords and as many follow links, from one
                address and from so many, against the quiet (lower is better)
            bench neighbours [--accounts 100000] [--seconds 6] [--rounds 3]
                median of an admin's page while another organization of so many has four files sent, lists by 16 callers, or
                claims, against the quiet: the worst of the three (lower is better)
            bench gate [--callers 8] [--seconds 8]
                authorised requests a second against the same with the check switched off (higher is better)
            bench revoke [--times 500]
                p99 in ms until what one node takes away is refused by another that knew it, told and not told (lower is better)
            bench access [--callers 8] [--seconds 8]
                checks of the door a second against an empty endpoint of the same host (higher is better)
            bench api [--callers 32] [--seconds 6]
                requests a second of a program's mix against an empty endpoint of the same host (higher is better); before that how many
                times as long as one query and its JSON a list of 50 takes
            bench fuzz [--requests 100000] [--seed 1]
                requests over the OpenAPI document; says what broke, or 0 faults
            bench scim [--callers 32] [--seconds 8]
                an identity provider's daily requests a second against an empty endpoint of the same host (higher is better)
            bench users [--users 100000] [--groups 10000]
                p95 of a page of a site's users against the p95 of its bare query (lower is better)
            bench list [--accounts 1000000] [--pages 2000]
                p95 of a filtered page against the p95 of its bare query (lower is better)
            """);
        return 2;
}
