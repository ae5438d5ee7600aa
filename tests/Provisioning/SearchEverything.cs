using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning.Internal.Protocol;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>One question to people and groups together (RFC 7644, 3.4.3 at the root), and what no directory can answer (3.11).</summary>
[Trait("Rule", "P2")]
public sealed class SearchEverything : OnScim
{
    readonly List<Guid> _people = [], _groups = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var name in (string[])["ann", "bob", "cem"]) _people.Add(await Provider.Create(Person(name)));
        foreach (var name in (string[])["Sales", "ann for show", "Support"])
            _groups.Add((await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups",
                new { displayName = name, externalId = $"g-{name}", members = (object[])[new { value = _people[0] }] })).GetProperty("id")
                .GetGuid());
        await Foreign.Create(Person("gill", domain: "globex.example"));
        _people.Sort(InDatabase);
        _groups.Sort(InDatabase);
    }

    static int InDatabase(Guid one, Guid other) => string.CompareOrdinal($"{one}", $"{other}");

    static IReadOnlyList<Guid> Ids(JsonElement list) =>
        [.. list.GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("id").GetGuid())];

    Task<JsonElement> Search(object body) => Provider.Expect(HttpStatusCode.OK, "POST", "/.search", body);

    [Fact]
    public async Task All_of_a_directory_comes_in_pages_people_first()
    {
        var all = await Search(new { });
        (all.GetProperty("totalResults").GetInt32(), all.GetProperty("itemsPerPage").GetInt32()).ShouldBe((6, 6));
        Ids(all).ShouldBe([.. _people, .. _groups]);
        all.GetProperty("Resources").EnumerateArray().Select(r => r.GetProperty("meta").GetProperty("resourceType").GetString())
            .ShouldBe(["User", "User", "User", "Group", "Group", "Group"]);
        for (var size = 1; size <= 7; size++)
        {
            var (walked, start) = (new List<Guid>(), 1);
            while (true)
            {
                var page = await Search(new { startIndex = start, count = size });
                page.GetProperty("totalResults").GetInt32().ShouldBe(6);
                if (Ids(page) is not { Count: > 0 } found) break;
                found.Count.ShouldBeLessThanOrEqualTo(size);
                walked.AddRange(found);
                start += found.Count;
            }
            walked.ShouldBe([.. _people, .. _groups], $"by {size}");
        }
        Ids(await Search(new { count = 0 })).ShouldBeEmpty();
        (await Search(new { count = 0 })).GetProperty("totalResults").GetInt32().ShouldBe(6);
    }

    [Theory]
    [InlineData("displayName eq \"ann for show\"", 1, 1)]
    [InlineData("meta.resourceType eq \"User\"", 3, 0)]
    [InlineData("meta.resourceType eq \"group\"", 0, 0)] // Its letter case counts.
    [InlineData("meta.resourceType eq \"Group\" and displayName sw \"S\"", 0, 2)]
    [InlineData("userName pr", 3, 0)]
    [InlineData("not (userName pr)", 0, 3)]
    [InlineData("userName eq null", 0, 3)]
    [InlineData("userName ne \"ann@acme.example\"", 2, 3)]
    [InlineData("userName sw \"ann\" or displayName eq \"support\"", 1, 1)]
    [InlineData("emails[type eq \"work\" and value sw \"bob\"]", 1, 0)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"research\"", 3, 0)]
    [InlineData("externalId sw \"g-\"", 0, 3)]
    [InlineData("active eq true or externalId pr", 3, 3)]
    public async Task A_filter_finds_in_both_what_either_has(string filter, int people, int groups)
    {
        var found = Ids(await Search(new { schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], filter }));
        (found.Count(_people.Contains), found.Count(_groups.Contains), found.Count).ShouldBe((people, groups, people + groups));
    }

    [Fact]
    public async Task A_filter_over_both_means_what_it_means_over_each()
    {
        var made = new MadeUpUsers(new(31));
        var each = new List<(Guid Id, JsonObject Whole)>();
        foreach (var path in (string[])["/Users", "/Groups"])
            foreach (var one in (await Provider.Expect(HttpStatusCode.OK, "GET", path)).GetProperty("Resources").EnumerateArray())
                each.Add((one.GetProperty("id").GetGuid(), JsonNode.Parse(one.GetRawText())!.AsObject()));
        // What a kind does not have is not there in its resources: the attribute of the other one finds nothing.
        ScimTarget? Anywhere(string name) => ScimResource.User.Find(name) ?? ScimResource.Group.Find(name);
        string[] asked = ["userName", "displayName", "externalId", "name.familyName", "members.value", "meta.resourceType"];
        for (var i = 0; i < 120; i++)
        {
            var filter = made.Filter(3, asked);
            var wanted = each.Where(e => FilterMatching.Matches(filter, e.Whole, Anywhere)).Select(e => e.Id).ToList();
            Ids(await Search(new { filter = MadeUpUsers.Write(filter) })).ShouldBe(wanted, ignoreOrder: true, MadeUpUsers.Write(filter));
        }
    }

    [Fact]
    public async Task What_nobody_has_is_a_mistake_and_only_what_is_asked_for_is_shown()
    {
        foreach (var bad in (object[])[new { filter = "robots pr" }, new { filter = "active eq 5" }, new { filter = "(" },
            new { filter = 5 }, new { startIndex = "x" }, new { attributes = "id", excludedAttributes = "id" }])
            await Provider.Expect(HttpStatusCode.BadRequest, "POST", "/.search", bad);
        foreach (var one in (await Search(new { attributes = (string[])["userName", "displayName"] })).GetProperty("Resources")
            .EnumerateArray())
            one.EnumerateObject().Select(p => p.Name).ShouldBeSubsetOf(["schemas", "id", "userName", "displayName"]);
        await Provider.Expect(HttpStatusCode.MethodNotAllowed, "PUT", "/.search", new { });
    }

    /// <summary>A filter that a script could not fill in, or that is passed over, would find everybody.</summary>
    [Fact, Trait("Rule", "P6")]
    public async Task A_filter_is_said_once_and_not_empty_and_a_search_has_no_other_words()
    {
        foreach (var path in (string[])["/Users", "/Groups"])
        {
            foreach (var query in (string[])["filter=", "filter=%20", "FILTER=&count=1",
                "filter=externalId%20pr&filter=externalId%20pr", "filter=externalId%20pr&Filter=externalId%20pr"])
                (await Provider.Expect(HttpStatusCode.BadRequest, "GET", $"{path}?{query}")).GetProperty("scimType").GetString()
                    .ShouldBe("invalidFilter", query);
            // What providers add to the address for their own use.
            await Provider.Expect(HttpStatusCode.OK, "GET", $"{path}?aadOptscim062020&count=1");
        }
        foreach (var path in (string[])["/.search", "/Users/.search", "/Groups/.search"])
        {
            foreach (var empty in (string?[])["", " ", null])
                (await Provider.Expect(HttpStatusCode.BadRequest, "POST", path, new { filter = empty })).GetProperty("scimType").GetString()
                    .ShouldBe("invalidFilter");
            foreach (var (body, by) in ((string, string)[])[("""{"filters":"externalId pr"}""", "filters"),
                ("""{"userName":"ann"}""", "userName"),
                ("""{"filter":"externalId pr","Filter":"userName pr"}""", "filter"), ("""{"cursor":""}""", "cursor")])
                (await Provider.Expect(HttpStatusCode.BadRequest, "POST", path, body)).GetProperty("detail").GetString()!
                    .ShouldContain(by, Case.Sensitive, body);
            await Provider.Expect(HttpStatusCode.OK, "POST", path,
                """{"schemas":[],"Filter":"externalId pr","sortBy":"id","sortOrder":"descending","count":1,"attributes":null}""");
        }
    }

    [Fact]
    public async Task Me_is_nobody_here()
    {
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"])
        {
            var refused = await Provider.Expect(HttpStatusCode.NotImplemented, method, "/Me", method is "GET" or "DELETE" ? null : new { });
            refused.GetProperty("detail").GetString()!.ShouldContain("/Users");
        }
    }
}
