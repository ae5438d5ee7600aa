using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Two filters together find whom both find alone, whichever two they are and wherever they are asked for: a filter that is passed over
/// beside another one shows too many (SPEC P6). A new parameter fails until a value for it stands here.
/// </summary>
[Trait("Rule", "P6")]
public sealed class NarrowByPairs : OnOrganizationsApi
{
    const string From = "2026-01-01T00:00:00Z";

    /// <summary>Parameters that no filter is: places, sizes, orders, and what is given besides.</summary>
    static readonly string[] NoFilters = [Parameter.Cursor, Parameter.Limit, Parameter.PageSize, Parameter.Sort, Parameter.Order, "sort",
        "expand"];

    /// <summary>Filters that are one only together.</summary>
    sealed record Asked(params (string Name, string Value)[] All)
    {
        public override string ToString() => string.Join(" and ", All.Select(a => $"{a.Name}={a.Value}"));
    }

    /// <summary>Everybody is on the one site, where nobody is found only because of what is asked (<see cref="FilterUsersByChance"/> asks
    /// that).</summary>
    async Task<Dictionary<string, Asked[]>> Furnish()
    {
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        foreach (var app in (string[])["jira", "trello"]) await Here.Grant(new PutAppOnSite(site, app, By(Ada)));
        var groups = new List<GroupId>();
        foreach (var (name, app) in ((string, string)[])[("Developers", "jira"), ("Sales", "trello")])
        {
            groups.Add(await Here.Grant(new CreateGroup(Acme, name, null, By(Ada))));
            await Here.Grant(new GiveGroupAccess(Acme, groups[^1], site, app, AppRole.User, By(Ada)));
        }
        var people = new List<AccountId> { Ada, Liam };
        for (var i = 0; i < 10; i++)
            people.Add(await Here.Account($"p{i}@{(i % 3 == 0 ? "mail" : "acme")}.example", $"{(i % 2 == 0 ? "Ann" : "Bob")} {i}",
                managedBy: i % 3 == 0 ? null : Acme));
        await Here.Grant(new InviteUsers(site, ["ada@acme.example", "liam@acme.example", .. Enumerable.Range(0, 10).Select(i =>
            $"p{i}@{(i % 3 == 0 ? "mail" : "acme")}.example")], new Dictionary<string, AppRole>(), [], null, By(Ada)));
        foreach (var (person, i) in people.Select((p, i) => (p, i)))
        {
            if (i % 2 == 0) await Here.Grant(new AddToGroup(Acme, groups[i / 2 % 2], person, By(Ada)));
            if (i % 4 == 1) await Here.Grant(new GiveRole(site, person, "jira", AppRole.Admin, null, By(Ada)));
        }
        (await Here.Send(new ChangeMembership(Acme, site, [people[3], people[8]], MembershipChange.Suspend, By(Ada))))
            .ShouldAllBe(c => c.Granted);
        await Here.Grant(new DeactivateAccount(people[4], Acme, null, null, true, By(Ada)));
        await Here.Scalar<int>("insert into security.two_step (account_id, secret, on_since, last_step) values (@id, '', now(), 0)",
            new { id = people[6].Value });
        foreach (var (person, i) in people.Where((_, i) => i is 1 or 3 or 6 or 7).Select((p, i) => (p, i)))
            await Here.Grant(new CreateApiToken(person, $"Token {i}", 90, By(person)));
        await Here.Scalar<int?>(
            "update security.api_token set created_at = '2025-06-01', last_used_at = '2025-07-01' where label like '%2'");
        await Here.Scalar<int?>("update security.api_token set last_used_at = '2026-02-01' where label like '%1'");
        await Here.Scalar<int?>("update security.api_token set expires_at = now() - interval '1 day' where label like '%0'");
        await Key(Acme, Ada, ApiScope.JobsRead);
        var resource = $"ari:cloud:jira::site/{site}";
        Asked One(string name, string value) => new((name, value));
        Asked Since(string name) => new(($"{name}SearchType", "range"), ($"{name}From", From));
        Asked Until(string name) => new(($"{name}SearchType", "range"), ($"{name}To", From));
        Asked[] users =
        [
            One("searchTerm", "ann"), One("accountIds", $"{Liam},{people[2]},{people[5]},{people[8]}"), One("directoryIds", $"{Acme}"),
            One("resourceIds", resource), One("groupIds", $"{groups[0]}"), One("status", "active,deactivated"),
            One("accountStatus", "active"), One("membershipStatus", "suspended"), One("claimStatus", "managed"), One("mfaEnabled", "false"),
            One("emailDomains", "MAIL.example,none.example"), One("emails", "p0@mail.example,p1@acme.example,liam@acme.example"),
            One("roleIds", "atlassian/user"),
        ];
        Asked[] ofTokens = [One("q", "token"), One("status", "ALLOWED"), Since("createdAt"), Until("createdAt"), Since("lastActiveAt")];
        Asked[] roles = [One("directoryIds", $"{Acme}"), One("resourceOwners", "jira"), One("resourceIds", resource),
            One("roleIds", "atlassian/user")];
        Asked[] events = [One("q", $"{Liam}"), One("action", "added_to_group,account_deactivated,user_added"),
            One("actor", $"{Ada},liam@acme.example"), One("from", From), One("to", "2100-01-01T00:00:00Z")];
        Asked[] ofGroups =
        [
            One("searchTerm", "devel"), One("groupIds", $"{groups[0]}"), One("accountIds", $"{people[0]}"), One("directoryIds", $"{Acme}"),
            One("roleIds", "atlassian/user"), One("resourceIds", resource), One("resourceOwners", "jira"), One("groupNames", "DEVELOPERS"),
        ];
        return new()
        {
            ["listUsers"] = users,
            ["searchUsers"] = users,
            ["countUsers"] = users,
            ["readUserStats"] = users,
            ["listGroups"] = ofGroups,
            ["searchGroups"] = ofGroups,
            ["countGroups"] = ofGroups,
            ["readGroupStats"] = ofGroups,
            ["listUserRoles"] = roles,
            ["listGroupRoles"] = roles,
            ["searchUsersV1"] =
            [
                One("accountIds", $"{Liam},{people[2]},{people[5]},{people[8]}"), One("accountTypes", "atlassian,app"),
                One("accountStatuses", "ACTIVE"), One("namesOrNicknames", """{"contains":"ann"}"""),
                One("emailUsernames", """{"eq":["p0","P1","p6"]}"""), One("emailDomains", """{"contains":"mail"}"""),
                One("isSuspended", "false"),
            ],
            ["listManagedAccounts"] = [One("searchTerm", "bob"), One("status", "active"), One("emailDomain", "acme.example")],
            ["listDirectories"] = [One("directoryIds", $"{Acme}"), One("searchTerm", "acme"), One("accountId", $"{Liam}")],
            ["listEvents"] = events,
            ["listEventsV2"] = events,
            ["streamEvents"] = [One("from", From), One("to", "2100-01-01T00:00:00Z")],
            ["listApiTokens"] = ofTokens,
            ["countApiTokens"] = ofTokens,
            ["listApiKeys"] = [One("q", "program"), One("status", "ALLOWED"), Since("expiresAt"), Since("lastActiveAt")],
            ["countApiKeys"] = [One("q", "program"), One("status", "ALLOWED"), Since("expiresAt"), Since("lastActiveAt")],
            // One filter each.
            ["readPrivileges"] = [One("privileges", "email.set")],
            ["queryWorkspaces"] = [One("query", """{"searchWorkspaces":"team"}""")],
            ["person"] = [One("accountId", $"{Liam}"), One("groupId", $"{groups[0]}")],
        };
    }

    [Fact]
    public async Task Two_filters_find_whom_both_find_alone()
    {
        var values = await Furnish();
        var (liam, group) = (values["person"][0].All[0].Value, values["person"][1].All[0].Value);
        var (pairs, narrowed) = (0, 0);
        foreach (var operation in Operations.All.Where(o => o.LeftOut is null && (o.Method == "GET" || o.Members.Count > 0)))
        {
            var filters = operation.Query.Concat(operation.Members).Select(p => p.Name).Except(NoFilters).ToList();
            if (filters.Count == 0) continue;
            values.ContainsKey(operation.Name).ShouldBeTrue($"{operation.Name} takes {string.Join(", ", filters)}: say what is asked");
            var all = values[operation.Name].Where(v => v.All.All(a => filters.Contains(a.Name))).ToList();
            // The end of a span is one of its names, too.
            filters.Except(all.SelectMany(v => v.All.Select(a => a.Name))).Where(n => !n.EndsWith("AtTo", StringComparison.Ordinal))
                .ShouldBeEmpty($"{operation.Name} has filters that nobody asks for");
            var path = operation.Path.Replace("{orgId}", $"{Acme}", StringComparison.Ordinal)
                .Replace("{directoryId}", "-", StringComparison.Ordinal).Replace("{accountId}", liam, StringComparison.Ordinal)
                .Replace("{groupId}", group, StringComparison.Ordinal);
            var everything = await Found(operation, path, []);
            var alone = new Dictionary<Asked, IReadOnlyList<string>>();
            foreach (var one in all)
            {
                alone[one] = await Found(operation, path, [one]);
                alone[one].ShouldBeSubsetOf(everything, $"{operation.Name} {one}");
                if (alone[one].Count < everything.Count) narrowed++;
            }
            foreach (var (one, i) in all.Select((a, i) => (a, i)))
                foreach (var other in all.Skip(i + 1))
                {
                    if (one.All.Any(a => other.All.Any(o => o.Name == a.Name && o.Value != a.Value)) || Excludes(one, other)) continue;
                    pairs++;
                    (await Found(operation, path, [one, other])).ShouldBe(alone[one].Intersect(alone[other]), ignoreOrder: true,
                        $"{operation.Name} {one} and {other}");
                }
        }
        pairs.ShouldBeGreaterThan(350);
        narrowed.ShouldBeGreaterThan(60);
    }

    /// <summary>What may not stand together, and a role that is looked for among the apps that are named.</summary>
    static bool Excludes(Asked one, Asked other)
    {
        var names = one.All.Concat(other.All).Select(a => a.Name).ToHashSet();
        return names.IsSupersetOf(["emails", "searchTerm"]) || names.IsSupersetOf(["roleIds", "resourceIds"]);
    }

    /// <summary>What tells the rows apart; of counts and statistics the numbers are asked for by their lists.</summary>
    async Task<IReadOnlyList<string>> Found(Operation operation, string path, IReadOnlyList<Asked> asked)
    {
        Here.Clock.Pass(TimeSpan.FromSeconds(6));
        var given = asked.SelectMany(a => a.All).DistinctBy(a => a.Name).ToList();
        if (operation.Query.Concat(operation.Members).Any(p => p.Name == Parameter.Limit)) given.Add((Parameter.Limit, "1000"));
        var listed = operation.Name switch
        {
            "countUsers" or "readUserStats" => "listUsers",
            "countGroups" or "readGroupStats" => "listGroups",
            "countApiTokens" => "listApiTokens",
            "countApiKeys" => "listApiKeys",
            _ => null,
        };
        var answer = operation.Members.Count > 0
            ? await Program.Expect(HttpStatusCode.OK, "POST", path, Body(operation, given))
            : await Program.Expect(HttpStatusCode.OK, "GET", $"{path}?{string.Join('&',
                given.Select(g => $"{g.Name}={Uri.EscapeDataString(g.Value)}"))}");
        if (listed is null) return Rows(answer);
        var list = Operations.All.Single(o => o.Name == listed);
        var rows = await Found(list, list.Path.Replace("{orgId}", $"{Acme}", StringComparison.Ordinal)
            .Replace("{directoryId}", "-", StringComparison.Ordinal), asked);
        Number(answer).ShouldBe(rows.Count, $"{operation.Name} {string.Join(" and ", asked)}: {answer}");
        return rows;
    }

    static IReadOnlyList<string> Rows(JsonElement answer) => answer.TryGetProperty("data", out var rows)
        ? [.. rows.EnumerateArray().Select(r => ((string[])["accountId", "account_id", "invitationId", "resourceId", "id", "directoryId"])
            .Select(n => r.TryGetProperty(n, out var id) ? id.GetString() : null).First(id => id is not null)!)]
        : [.. answer.EnumerateObject().Select(p => p.Name)];

    static int Number(JsonElement answer) => answer.ValueKind is JsonValueKind.Number ? answer.GetInt32()
        : answer.TryGetProperty("count", out var count) ? count.GetInt32()
        : answer.TryGetProperty("totals", out var totals) ? totals.GetProperty("all").GetInt32()
        : answer.GetProperty("membershipStatus").EnumerateArray().Sum(m => m.GetProperty("count").GetInt32());

    static string Body(Operation operation, IEnumerable<(string Name, string Value)> given)
    {
        var body = new JsonObject();
        foreach (var (name, value) in given)
        {
            var parameter = operation.Members.Single(m => m.Name == name);
            body[name] = parameter.Kind is ParameterKind.Json or ParameterKind.Match ? JsonNode.Parse(value)
                : parameter.Kind is ParameterKind.Flag ? value == "true"
                : parameter.Many ? new JsonArray([.. value.Split(',').Select(v => (JsonNode)v)])
                : value;
        }
        return body.ToJsonString();
    }
}
