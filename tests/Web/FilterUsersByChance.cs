using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Random combinations of the published filters, as lists, searches and counts, against what was written down of each person when he or
/// she was made: hundreds of questions, 10,000 when whole (SPEC P6). The oracle reads no table.
/// </summary>
[Trait("Rule", "P6"), Trait("Run", "Fuzz")]
public sealed partial class FilterUsersByChance : OnOrganizationsApi
{
    const int People = 36;

    readonly Random _random = new(20261130);
    readonly List<Somebody> _all = [];
    readonly List<SiteId> _sites = [];
    readonly List<(GroupId Id, int Site, string App, string Role)> _groups = [];

    /// <param name="Id">Null for an invitation that waits.</param>
    /// <param name="State">"active", "inactive" or "deleting".</param>
    /// <param name="On">Suspended or not, by place of the site.</param>
    /// <param name="Roles">As given to the person.</param>
    /// <param name="Groups">Places of the groups.</param>
    sealed record Somebody(Guid? Id, string Name, string Email, bool Managed, string State, Dictionary<int, bool> On,
        List<(int Site, string App, string Role)> Roles, List<int> Groups, bool TwoStep, string? Administers)
    {
        public bool Listed => Id is null || On.Count > 0;

        public string Membership => Id is null ? "invited"
            : On.Count == 0 ? "no_membership"
            : On.ContainsValue(false) ? "active"
            : "suspended";

        public string Account => State is "active" ? "active" : "inactive";

        public string Status => State switch
        {
            "inactive" => "deactivated",
            "deleting" => "for_deletion",
            _ => Membership == "no_membership" ? "not_invited" : Membership,
        };
    }

    T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    async Task Furnish()
    {
        await Here.Send(new OfferApps([new("jira", "Jira"), new("trello", "Trello")]));
        for (var i = 0; i < 2; i++)
        {
            _sites.Add(await Here.Grant(new CreateSite(Acme, $"Site {i}", $"https://s{i}.acme.example", By(Ada))));
            foreach (var app in (string[])["jira", "trello"]) await Here.Grant(new PutAppOnSite(_sites[i], app, By(Ada)));
        }
        foreach (var (site, app, role) in ((int, string, string)[])[(0, "jira", "user"), (0, "trello", "admin"), (1, "jira", "user")])
        {
            var group = await Here.Grant(new CreateGroup(Acme, $"Group {_groups.Count}", null, By(Ada)));
            await Here.Grant(new GiveGroupAccess(Acme, group, _sites[site], app, RoleOf(role), By(Ada)));
            _groups.Add((group, site, app, role));
        }
        _all.Add(new(Ada.Value, "Some Body", "ada@acme.example", false, "active", [], [], [], false, "org-admin"));
        _all.Add(new(Liam.Value, "Liam", "liam@acme.example", true, "active", [], [], [], false, null));
        for (var i = 0; i < People; i++) _all.Add(await Make(i));
        for (var i = 0; i < 4; i++)
        {
            var email = $"waits{i}@{Pick(["mail.example", "acme.example"])}";
            await Here.Grant(new InviteUsers(Pick(_sites), [email], new Dictionary<string, AppRole>(), [], null, By(Ada)));
            _all.Add(new(null, email, email, false, "active", [], [], [], false, null));
        }
    }

    async Task<Somebody> Make(int number)
    {
        var managed = !Chance(3);
        var (name, email) = ($"{Pick(["Ann", "Bob", "Cem", "Dora"])} {Pick(["Long", "Short", "Ünal"])} {number}",
            $"p{number}@{(managed ? "acme.example" : Pick(["mail.example", "other.example"]))}");
        var account = await Here.Account(email, name, managedBy: managed ? Acme : null);
        var person = new Somebody(account.Value, name, email, managed, managed && Chance(4) ? Pick(["inactive", "deleting"]) : "active",
            [], [], [], Chance(3), Chance(6) ? Pick(["site-admin", "user-access-admin"]) : null);
        for (var site = 0; site < _sites.Count; site++)
        {
            if (Chance(3)) continue;
            var roles = ((string[])["jira", "trello"]).Where(_ => Chance(2)).ToDictionary(a => a, _ => Pick(["user", "admin"]));
            await Here.Grant(
                new InviteUsers(_sites[site], [email], roles.ToDictionary(r => r.Key, r => RoleOf(r.Value)), [], null, By(Ada)));
            person.On[site] = Chance(4);
            person.Roles.AddRange(roles.Select(r => (site, r.Key, r.Value)));
        }
        for (var group = 0; person.On.Count > 0 && group < _groups.Count; group++)
            if (Chance(3))
            {
                await Here.Grant(new AddToGroup(Acme, _groups[group].Id, account, By(Ada)));
                person.Groups.Add(group);
            }
        if (person.Administers is { } role)
            await Here.Grant(new AppointSiteAdmin(Pick(_sites), role == "site-admin" ? null : "jira", email, By(Ada)));
        foreach (var (site, suspended) in person.On)
            if (suspended)
                (await Here.Send(new ChangeMembership(Acme, _sites[site], [account], MembershipChange.Suspend, By(Ada))))[0]
                    .Granted.ShouldBeTrue();
        if (person.TwoStep)
            await Here.Scalar<int>("insert into security.two_step (account_id, secret, on_since, last_step) values (@id, '', now(), 0)",
                new { id = account.Value });
        if (person.State == "inactive") await Here.Grant(new DeactivateAccount(account, Acme, null, null, true, By(Ada)));
        if (person.State == "deleting") await Here.Grant(new ScheduleDeletion(account, Acme, By(Ada)));
        return person;
    }

    static AppRole RoleOf(string role) => role == "admin" ? AppRole.Admin : AppRole.User;

    string Resource(int site, string app) => $"ari:cloud:{app}::site/{_sites[site]}";

    /// <summary>What somebody opens: by roles of their own, and by groups on the sites that they are on.</summary>
    IEnumerable<(string Resource, string Role)> Opens(Somebody person) => person.Roles.Select(r => (Resource(r.Site, r.App), r.Role))
        .Concat(person.Groups.Select(g => _groups[g]).Where(g => person.On.ContainsKey(g.Site))
            .Select(g => (Resource(g.Site, g.App), g.Role)));

    IReadOnlyList<string> Several(IReadOnlyList<string> of) =>
        [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Pick(of)).Distinct()];

    Dictionary<string, IReadOnlyList<string>> Question(bool search)
    {
        var asked = new Dictionary<string, IReadOnlyList<string>>();
        // Few at a time: what is asked of everything finds nobody.
        foreach (var _ in Enumerable.Range(0, _random.Next(1, 4)))
        {
            var name = Pick(search ? [.. Filters, "emails"] : Filters);
            asked[name] = name switch
            {
                "searchTerm" => [Pick(["ann", "LONG", "p1", "example", "waits", "ünal", "x@"])],
                "accountIds" => [.. Several([.. _all.Where(p => p.Id is not null).Select(p => $"{p.Id}"), $"{Gus}"])],
                "directoryIds" => [Chance(5) ? $"{Globex}" : $"{Acme}"],
                "resourceIds" => Several([Resource(0, "jira"), Resource(0, "trello"), Resource(1, "jira"), Resource(1, "trello"),
                    "ari:cloud:jira::site/01a203cf-5588-79e4-b50c-c98b18ef8bb4"]),
                "groupIds" => Several([.. _groups.Select(g => $"{g.Id}"), $"{Guid.Empty}"]),
                "roleIds" => Several(["atlassian/user", "atlassian/admin", "atlassian/org-admin", "atlassian/site-admin",
                    "atlassian/user-access-admin", "atlassian/guest"]),
                "status" => Several(["active", "suspended", "not_invited", "deactivated", "for_deletion", "invited"]),
                "accountStatus" => Several(["active", "inactive", "closed"]),
                "membershipStatus" => Several(["active", "suspended", "no_membership", "invited"]),
                "claimStatus" => [Pick(["managed", "unmanaged"])],
                "mfaEnabled" => [Pick(["true", "false"])],
                "emailDomains" => Several(["acme.example", "MAIL.example", "other.example", "none.example"]),
                "emails" => Several([.. _all.Select(p => p.Email), "nobody@acme.example"]),
                _ => throw new InvalidOperationException(name),
            };
        }
        if (asked.ContainsKey("emails")) asked.Remove("searchTerm");
        return asked;
    }

    static readonly string[] Filters = ["searchTerm", "accountIds", "directoryIds", "resourceIds", "groupIds", "roleIds", "status",
        "accountStatus", "membershipStatus", "claimStatus", "mfaEnabled", "emailDomains"];

    bool Matches(Somebody person, Dictionary<string, IReadOnlyList<string>> asked)
    {
        bool Among(string name, string? value) => !asked.TryGetValue(name, out var values) || (value is not null && values.Contains(value));
        bool Any(string name, Func<string, bool> holds) => !asked.TryGetValue(name, out var values) || values.Any(holds);
        // Managed accounts on no site are meant where they are asked for.
        var everybody = asked.TryGetValue("claimStatus", out var claim) && claim[0] == "managed"
            || (asked.TryGetValue("membershipStatus", out var memberships) && memberships.Contains("no_membership"))
            || (asked.TryGetValue("status", out var standings) && standings.Contains("not_invited"));
        return (person.Listed || (everybody && person.Managed)
                || (asked.TryGetValue("roleIds", out var roles) && roles.Contains($"atlassian/{person.Administers}")
                    && person.Administers == "org-admin"))
            && Any("searchTerm", t => $"{person.Name} {person.Email}".Contains(t, StringComparison.OrdinalIgnoreCase))
            && Among("accountIds", $"{person.Id}") && Among("directoryIds", $"{Acme}")
            && Any("groupIds", id => person.Groups.Any(g => $"{_groups[g].Id}" == id))
            && Any("resourceIds", r => Opens(person).Any(o => o.Resource == r))
            && Any("roleIds", role => $"atlassian/{person.Administers}" == role || Opens(person).Any(o => $"atlassian/{o.Role}" == role
                && Among("resourceIds", o.Resource)))
            && Among("status", person.Status) && Among("accountStatus", person.Account) && Among("membershipStatus", person.Membership)
            && Among("claimStatus", person.Managed ? "managed" : "unmanaged")
            && Any("mfaEnabled", on => person.Managed && person.TwoStep == (on == "true"))
            && Any("emailDomains", d => person.Email.EndsWith($"@{d}", StringComparison.OrdinalIgnoreCase))
            && Among("emails", person.Email);
    }

    [Fact]
    public async Task Whoever_is_found_meets_every_filter_and_whoever_meets_them_is_found()
    {
        await Furnish();
        Filters.Append("emails").ShouldBe(Operations.All.Single(o => o.Name == "searchUsers").Members.Select(m => m.Name)
            .Except([Parameter.Cursor, Parameter.Limit, Parameter.Sort, "expand"]), ignoreOrder: true);
        var users = $"{V2}/directories/-/users";
        var some = 0;
        var questions = Proof.Size("Fuzz", 400, 10_000);
        for (var i = 0; i < questions; i++)
        {
            // A bucket fills sooner than it is emptied.
            Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
            var way = _random.Next(4);
            if (way == 3)
            {
                await AskV1(i);
                continue;
            }
            var asked = Question(search: way == 1);
            var expected = _all.Where(p => Matches(p, asked)).Select(p => p.Email).Order(StringComparer.Ordinal).ToList();
            var query = string.Join('&', asked.Select(a => Chance(2)
                ? $"{a.Key}={Uri.EscapeDataString(string.Join(',', a.Value))}"
                : string.Join('&', a.Value.Select(v => $"{a.Key}={Uri.EscapeDataString(v)}"))));
            var what = $"question {i}: {query}";
            if (expected.Count > 0 && expected.Count < _all.Count) some++;
            if (way == 2)
                (await Program.Expect(HttpStatusCode.OK, "GET", $"{users}/count?{query}")).GetProperty("count").GetInt32()
                    .ShouldBe(expected.Count, what);
            else
                (await Leaf(users, asked, query, search: way == 1, size: Chance(5) ? 3 : 100)).Order(StringComparer.Ordinal).ToList()
                    .ShouldBe(expected, what);
        }
        some.ShouldBeGreaterThan(questions / 3, "most questions must find some and not all");
        for (var i = 0; i < questions / 10; i++) await Counted(users, Question(search: false));
    }

    /// <summary>Statistics say of each word what a count says that asks for it besides.</summary>
    async Task Counted(string users, Dictionary<string, IReadOnlyList<string>> asked)
    {
        foreach (var (name, _, _) in Words) asked.Remove(name);
        Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
        var query = string.Join('&', asked.Select(a => $"{a.Key}={Uri.EscapeDataString(string.Join(',', a.Value))}"));
        var stats = await Program.Expect(HttpStatusCode.OK, "GET", $"{users}/stats?{query}");
        foreach (var (name, list, word) in Words)
            foreach (var told in stats.GetProperty(list).EnumerateArray())
                told.GetProperty("count").GetInt32().ShouldBe(
                    _all.Count(p => Matches(p, new(asked) { [name] = [told.GetProperty(word).GetString()!] })), $"stats {query}: {told}");
    }

    static readonly (string Filter, string List, string Word)[] Words =
    [
        ("accountStatus", "accountStatus", "status"), ("membershipStatus", "membershipStatus", "status"), ("roleIds", "roles", "roleId"),
    ];

    async Task<List<string>> Leaf(string users, Dictionary<string, IReadOnlyList<string>> asked, string query, bool search, int size)
    {
        var (found, cursor) = (new List<string>(), (string?)null);
        do
        {
            Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
            // A cursor goes on with its filters, whether they are sent again or not.
            var again = cursor is null || Chance(2);
            JsonElement page;
            if (search)
            {
                var body = new JsonObject { ["limit"] = size };
                if (cursor is not null) body["cursor"] = cursor;
                if (again)
                    foreach (var (name, values) in asked)
                        body[name] = name is "searchTerm" or "claimStatus" || (values.Count == 1 && Chance(2))
                            ? name == "mfaEnabled" ? values[0] == "true" : values[0]
                            : name == "mfaEnabled" ? values[0] == "true"
                            : new JsonArray([.. values.Select(v => (JsonNode)v)]);
                page = await Program.Expect(HttpStatusCode.OK, "POST", $"{users}/search", body.ToJsonString());
            }
            else page = await Program.Expect(HttpStatusCode.OK, "GET",
                $"{users}?limit={size}{(cursor is null ? "" : $"&cursor={cursor}")}{(again ? $"&{query}" : "")}");
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(u => u.GetProperty("email").GetString()!));
            cursor = page.GetProperty("links").TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (cursor is not null);
        return found;
    }
}
