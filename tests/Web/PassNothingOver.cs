using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// A wrong word never widens what is answered, and so never what a program does with it: each route takes what the document says of it and
/// refuses everything else by its name (SPEC P6). A new route, parameter or body is tested without a line here.
/// </summary>
[Trait("Rule", "P6")]
public sealed class PassNothingOver : OnOrganizationsApi
{
    string Directory => $"{V2}/directories/-";

    /// <summary>What else is named does not exist, and is looked for only when all that is asked can be read.</summary>
    string PathOf(Operation operation)
    {
        var path = operation.Path.Replace("{orgId}", $"{Acme}", StringComparison.Ordinal)
            .Replace("{directoryId}", "-", StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var at and >= 0)
            path = string.Concat(path.AsSpan(0, at), $"{Guid.NewGuid()}", path.AsSpan(path.IndexOf('}', StringComparison.Ordinal) + 1));
        return path;
    }

    async Task Refused(Operation operation, string query, object? body, string by)
    {
        // A bucket is emptied sooner than this is over.
        Here.Clock.Pass(TimeSpan.FromSeconds(1));
        (await Program.Expect(HttpStatusCode.BadRequest, operation.Method, PathOf(operation) + query, body)).ToString()
            .ShouldContain(by, Case.Sensitive, $"{operation.Name} {query} {body}");
    }

    [Fact]
    public async Task An_unknown_parameter_or_member_is_refused_by_its_name_on_every_route()
    {
        foreach (var operation in Operations.All.Where(o => o.LeftOut is null))
        {
            await Refused(operation, "?nonsense=1", null, "nonsense");
            if (operation.Method != "GET")
                await Refused(operation, "", """{"nonsense":1}""", operation.Body is null ? "takes no body" : "nonsense");
        }
    }

    /// <summary>What a script asks whose id is empty: <c>DELETE …/api-tokens/$TOKEN</c> is none for the tokens of everybody.</summary>
    [Fact]
    public async Task An_id_that_is_empty_does_not_mean_all_of_them()
    {
        await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)));
        foreach (var operation in Operations.All.Where(o => o.LeftOut is null))
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            var path = PathOf(operation with { Path = operation.Path.Replace("{accountId}", $"{Liam}", StringComparison.Ordinal) });
            (await Program.Expect(HttpStatusCode.NotFound, operation.Method, $"{path}/")).ToString()
                .ShouldContain(" address", Case.Sensitive, operation.Name);
        }
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft where action = 'revoke-api-tokens'")).ShouldBe(0);
        // Dots in the place of an id take the segment before them away, and a slash stays.
        var group = await Here.Grant(new CreateGroup(Acme, "Writers", null, By(Ada)));
        foreach (var dots in (string[])["..", "%2e%2e"])
            await Program.Expect(HttpStatusCode.NotFound, "DELETE", $"{Directory}/groups/{group}/memberships/{dots}");
        (await Here.Grant(new ReadGroup(Acme, group))).Name.ShouldBe("Writers");
    }

    [Fact]
    public async Task A_value_that_is_none_is_refused_by_the_name_of_its_parameter()
    {
        var asked = 0;
        foreach (var operation in Operations.All.Where(o => o.LeftOut is null))
            foreach (var (parameter, inBody) in operation.Query.Select(q => (q, false)).Concat(operation.Members.Select(m => (m, true))))
            {
                var wrong = new List<string>();
                if (parameter.Name != Parameter.Cursor) wrong.AddRange(["", " "]);
                if (parameter.Among is not null || parameter.Kind is not (ParameterKind.Text or ParameterKind.Search)) wrong.Add("@ none");
                if (parameter.Kind is ParameterKind.Search) wrong.Add("\u200b");
                if (parameter.Kind is ParameterKind.Size) wrong.AddRange(["0", "-1", "1001", "1e2", "99999999999"]);
                foreach (var value in wrong)
                {
                    asked++;
                    if (inBody) await Refused(operation, "", new JsonObject { [parameter.Name] = value }.ToJsonString(), parameter.Name);
                    else await Refused(operation, $"?{parameter.Name}={Uri.EscapeDataString(value)}", null, parameter.Name);
                }
                if (!parameter.Many && !inBody)
                    await Refused(operation, $"?{parameter.Name}=a&{parameter.Name}=b", null, parameter.Name);
                var shouted = parameter.Name.ToUpperInvariant();
                if (parameter.Many && !inBody)
                    await Refused(operation, $"?{parameter.Name}={Some(parameter)}&{shouted}={Some(parameter)}", null, shouted);
                if (inBody)
                    foreach (var value in (string[])["[]", "{}", "[[\"a\"]]", "[null]"])
                        await Refused(operation, "", $$"""{"{{parameter.Name}}":{{value}}}""", parameter.Name);
            }
        asked.ShouldBeGreaterThan(100);

        static string Some(Parameter parameter) => Uri.EscapeDataString(parameter.Among?[0] ?? parameter.Kind switch
        {
            ParameterKind.Id => $"{Guid.NewGuid()}",
            ParameterKind.Resource => $"ari:cloud:jira::site/{Guid.NewGuid()}",
            ParameterKind.Email => "jane@mail.example",
            _ => "mail.example",
        });
    }

    /// <summary>Unknown members are refused, so each that the document names must be known.</summary>
    [Fact]
    public async Task Each_member_that_the_document_names_is_known()
    {
        foreach (var operation in Operations.All.Where(o => o.Body is not null))
        {
            var schema = OpenApi.Schemas[operation.Body!]!.AsObject();
            (schema["additionalProperties"]?.GetValue<bool>()).ShouldBe(false, operation.Body);
            foreach (var member in schema["properties"]!.AsObject())
            {
                Here.Clock.Pass(TimeSpan.FromSeconds(1));
                // A value of no type that any member has.
                var said = (await Program.Ask(operation.Method, PathOf(operation), $$"""{"{{member.Key}}":[[[{}]]]}""")).Body.ToString();
                said.ShouldNotContain($"member {member.Key}[0] is not known", Case.Sensitive, $"{operation.Name} {member.Key}: {said}");
                said.ShouldContain(member.Key, Case.Sensitive, operation.Name);
            }
        }
    }

    [Fact]
    public async Task Each_filter_narrows_and_lists_searches_and_counts_agree()
    {
        var (site, group) = await Furnish();
        var resource = $"ari:cloud:jira::site/{site}";
        // A value for each parameter that some of them meet and not all: a parameter without one fails.
        var users = new Dictionary<string, (string Value, int Found)>
        {
            ["searchTerm"] = ("jane", 1),
            ["accountIds"] = ($"{Liam},{Gus}", 1),
            ["directoryIds"] = ($"{Guid.NewGuid()}", 0),
            ["resourceIds"] = (resource, 2),
            ["groupIds"] = ($"{group}", 1),
            ["roleIds"] = ("atlassian/admin", 1),
            ["status"] = ("suspended,for_deletion", 1),
            ["accountStatus"] = ("inactive", 1),
            ["membershipStatus"] = ("suspended,invited", 2),
            ["claimStatus"] = ("unmanaged", 3),
            ["mfaEnabled"] = ("true", 1),
            ["emailDomains"] = ("MAIL.example", 3),
            ["emails"] = ("LIAM@acme.example,waits@mail.example", 2),
            ["sortBy"] = ("nick_name desc", 5),
            ["expand"] = ("groups", 5),
        };
        var groups = new Dictionary<string, (string Value, int Found)>
        {
            ["searchTerm"] = ("devel", 1),
            ["groupIds"] = ($"{group}", 1),
            ["accountIds"] = ($"{Liam}", 1),
            ["directoryIds"] = ($"{Guid.NewGuid()}", 0),
            ["roleIds"] = ("atlassian/user", 1),
            ["resourceIds"] = (resource, 1),
            ["resourceOwners"] = ("jira", 1),
            ["groupNames"] = ("DEVELOPERS", 1),
            ["sortBy"] = ("name desc", 2),
            ["expand"] = ("counts.users", 2),
        };
        foreach (var (what, values) in ((string, Dictionary<string, (string Value, int Found)>)[])[("users", users), ("groups", groups)])
        {
            var operations = Operations.All.Where(o => o.Path.StartsWith($"/admin/v2/orgs/{{orgId}}/directories/{{directoryId}}/{what}",
                StringComparison.Ordinal) && (o.Path.EndsWith(what, StringComparison.Ordinal) && o.Method == "GET"
                || o.Members.Count > 0 || o.Path.EndsWith("/count", StringComparison.Ordinal))).ToList();
            operations.Count.ShouldBe(3, what);
            foreach (var operation in operations)
                foreach (var parameter in operation.Query.Concat(operation.Members)
                    .Where(p => p.Name is not (Parameter.Cursor or Parameter.Limit)))
                {
                    Here.Clock.Pass(TimeSpan.FromSeconds(6));
                    var (value, found) = values[parameter.Name];
                    var answer = operation.Members.Count > 0
                        ? await Program.Expect(HttpStatusCode.OK, "POST", PathOf(operation), Member(parameter, value))
                        : await Program.Expect(HttpStatusCode.OK, "GET",
                            $"{PathOf(operation)}?{parameter.Name}={Uri.EscapeDataString(value)}");
                    (answer.TryGetProperty("count", out var count) ? count.GetInt32() : answer.GetProperty("data").GetArrayLength())
                        .ShouldBe(found, $"{operation.Name} {parameter.Name}={value}: {answer}");
                    if (operation.Members.Count == 0 || !parameter.Many || parameter.Name == Parameter.Sort) continue;
                    // A single value in place of an array of one, as people write by hand.
                    var one = value.Split(',')[0];
                    var array = await Program.Expect(HttpStatusCode.OK, "POST", PathOf(operation), Member(parameter, one));
                    (await Program.Expect(HttpStatusCode.OK, "POST", PathOf(operation),
                        new JsonObject { [parameter.Name] = one }.ToJsonString())).GetProperty("data").GetArrayLength()
                        .ShouldBe(array.GetProperty("data").GetArrayLength(), $"{operation.Name} {parameter.Name}={one}");
                }
        }
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{Directory}/users?membershipStatus=no_membership")).GetProperty("data")[0]
            .GetProperty("email").GetString().ShouldBe("never@acme.example", "managed, and on no site");
        var stats = await Program.Expect(HttpStatusCode.OK, "GET", $"{Directory}/users/stats?emailDomains=mail.example");
        stats.GetProperty("membershipStatus").EnumerateArray().Sum(m => m.GetProperty("count").GetInt32()).ShouldBe(3);
    }

    static string Member(Parameter parameter, string value) => new JsonObject
    {
        [parameter.Name] = parameter.Name == Parameter.Sort
            ? new JsonArray(new JsonObject { ["field"] = value.Split(' ')[0], ["direction"] = value.Split(' ')[1] })
            : parameter.Many ? new JsonArray([.. value.Split(',').Select(v => (JsonNode)v)])
            : parameter.Kind is ParameterKind.Flag ? value == "true"
            : value,
    }.ToJsonString();

    /// <summary>Five users of one site, each of another kind, and two groups.</summary>
    async Task<(SiteId Site, GroupId Group)> Furnish()
    {
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        var group = await Here.Grant(new CreateGroup(Acme, "Developers", null, By(Ada)));
        await Here.Grant(new GiveGroupAccess(Acme, group, site, "jira", AppRole.User, By(Ada)));
        await Here.Grant(new CreateGroup(Acme, "Sales", null, By(Ada)));
        await Here.Account("never@acme.example", "Nev Er", managedBy: Acme);
        await Here.Account("jane@mail.example", "Jane Doe");
        await Here.Account("sue@mail.example", "Sue Spended");
        var dan = await Here.Account("dan@acme.example", "Dan Gone", managedBy: Acme);
        await Invite([], [group], "liam@acme.example");
        await Invite([], [], "sue@mail.example", "dan@acme.example", "waits@mail.example");
        await Invite(new() { ["jira"] = AppRole.Admin }, [], "jane@mail.example");
        var sue = (await Here.Send(new FindAccount(EmailAddress.Parse("sue@mail.example").Value)))!.Id;
        (await Here.Send(new ChangeMembership(Acme, site, [sue], MembershipChange.Suspend, By(Ada))))[0].Granted.ShouldBeTrue();
        await Here.Grant(new DeactivateAccount(dan, Acme, null, null, true, By(Ada)));
        await Here.Scalar<int>("insert into security.two_step (account_id, secret, on_since, last_step) values (@id, '', now(), 0)",
            new { id = Liam.Value });
        return (site, group);

        Task Invite(Dictionary<string, AppRole> roles, GroupId[] groups, params string[] who) =>
            Here.Grant(new InviteUsers(site, who, roles, groups, null, By(Ada)));
    }

    [Fact]
    public async Task A_cursor_keeps_its_filters_and_is_good_for_its_own_list_alone()
    {
        await Furnish();
        var users = $"{Directory}/users";
        static string? Next(JsonElement page) => page.GetProperty("links").TryGetProperty("next", out var next) ? next.GetString() : null;
        var first = await Program.Expect(HttpStatusCode.OK, "GET", $"{users}?emailDomains=mail.example&limit=1");
        var cursor = Next(first)!;
        // Alone it goes on with the same filters.
        var (seen, at) = (1, (string?)cursor);
        for (; at is not null; seen++)
            at = Next(await Program.Expect(HttpStatusCode.OK, "GET", $"{users}?cursor={at}&limit=1"));
        seen.ShouldBe(3);
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{users}?emailDomains=mail.example&cursor={cursor}")).GetProperty("data")
            .GetArrayLength().ShouldBe(2);
        foreach (var other in (string[])[
            $"{users}?emailDomains=acme.example&cursor={cursor}", $"{users}?emailDomains=mail.example&status=active&cursor={cursor}",
            $"{Directory}/groups?cursor={cursor}", $"{V1}/users?cursor={cursor}", $"{V1}/domains?cursor={cursor}",
            $"{users}?cursor={cursor[..^1]}", $"{users}?cursor=%FF", $"{V1}/domains?cursor=%FF", $"{V1}/events?cursor=x",
            $"{V1}/events-stream?cursor=%FF", $"{V1}/jobs?cursor=%FF", $"{V2}/directories?cursor=x"])
            CodeOf(await Program.Expect(HttpStatusCode.BadRequest, "GET", other)).ShouldBe("brokenCursor", other);
        // A bookmark that was lost is none of the beginning.
        await Program.Expect(HttpStatusCode.BadRequest, "GET", $"{V1}/events-stream?cursor=");
        CodeOf(await Foreign.Expect(HttpStatusCode.BadRequest, "GET", $"/admin/v2/orgs/{Globex}/directories/-/users?cursor={cursor}"))
            .ShouldBe("brokenCursor");
        // Filters that are too long for a cursor are sent again.
        var long_ = new { accountIds = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).Append(Liam.Value), limit = 1 };
        await Program.Expect(HttpStatusCode.OK, "POST", $"{users}/search", long_);
        var found = await Program.Expect(HttpStatusCode.OK, "POST", $"{users}/search", """{"limit":1}""");
        await Program.Expect(HttpStatusCode.OK, "POST", $"{users}/search", new { cursor = Next(found), limit = 2 });
        CodeOf(await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{users}/search",
            new { cursor = Next(found), emailDomains = (string[])["mail.example"] })).ShouldBe("brokenCursor");
    }
}
