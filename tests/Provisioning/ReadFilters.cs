using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal.Protocol;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Filters of RFC 7644, 3.4.2.2: read, and asked of resources as other implementations ask them.</summary>
[Trait("Rule", "P2")]
public sealed class ReadFilters(OtherScim others) : IClassFixture<OtherScim>
{
    static ScimFilter Read(string text) => ScimFilter.Parse(text) is { Granted: true } read
        ? read.Value
        : throw new Xunit.Sdk.XunitException($"{text}: {ScimFilter.Parse(text).Refusal}");

    static readonly JsonObject Bjensen = JsonNode.Parse("""
        { "userName": "bjensen@example.com", "title": "", "externalId": "Abc", "active": true,
          "name": { "familyName": "O'Malley", "givenName": "Barbara \"Babs\"" }, "meta": { "lastModified": "2011-05-13T04:42:34.000000Z" },
          "emails": [ { "value": "bjensen@example.com", "type": "work", "primary": true }, { "value": "babs@jensen.org", "type": "home" } ],
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Tours" } }
        """)!.AsObject();

    [Theory]
    [InlineData("userName eq \"bjensen@example.com\"", true)]
    [InlineData("USERNAME Eq \"BJensen@Example.com\"", true)] // 3.4.2.2: names and operators in any letter case; userName is not caseExact.
    [InlineData("externalId eq \"abc\"", false)] // RFC 7643, 3.1: externalId is caseExact.
    [InlineData("externalId eq \"Abc\"", true)]
    [InlineData("name.familyName co \"O'Malley\"", true)]
    [InlineData("name.givenName eq \"Barbara \\\"Babs\\\"\"", true)]
    [InlineData("name.givenName sw \"\\u0042ar\"", true)]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"B\"", true)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"tours\"", true)]
    [InlineData("title pr", false)] // 3.4.2.2: pr asks for a value that is not empty.
    [InlineData("name pr", true)]
    [InlineData("nickName pr", false)]
    [InlineData("nickName eq null", true)]
    [InlineData("nickName ne \"x\"", true)]
    [InlineData("meta.lastModified gt \"2011-05-13T04:42:33Z\"", true)]
    [InlineData("meta.lastModified eq \"2011-05-13T06:42:34+02:00\"", true)] // 3.4.2.2: times are compared as times.
    [InlineData("meta.lastModified lt \"2011-05-13T04:42:34Z\"", false)]
    [InlineData("userName pr and not (active eq false)", true)]
    [InlineData("active eq \"True\"", true)]
    [InlineData("title eq \"x\" or userName sw \"b\" and active eq false", false)] // and binds closer than or.
    [InlineData("(title eq \"x\" or userName sw \"b\") and active eq true", true)]
    [InlineData("emails co \"jensen.org\"", true)] // The RFC's own example of an attribute with parts.
    [InlineData("emails[type eq \"work\" and value co \"@example.com\"]", true)]
    [InlineData("emails[type eq \"home\" and value co \"@example.com\"]", false)] // Both of one value.
    [InlineData("emails.type eq \"home\" and emails.value co \"@example.com\"", true)] // Each of any value.
    [InlineData("emails[type eq \"work\"].value ew \"example.com\"", true)]
    [InlineData("not (emails[type eq \"work\"])", false)]
    public void A_filter_is_read_and_asked(string text, bool fits)
    {
        var filter = Read(text);
        filter.Check(ScimResource.User).ShouldBeNull();
        filter.Matches(Bjensen, ScimResource.User).ShouldBe(fits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("userName")]
    [InlineData("userName eq")]
    [InlineData("userName eq bjensen")]
    [InlineData("userName eq \"a")]
    [InlineData("userName eq 'a'")]
    [InlineData("userName is \"a\"")]
    [InlineData("userName eq \"a\" and")]
    [InlineData("and userName pr")]
    [InlineData("userName eq \"a\" userName pr")]
    [InlineData("(userName pr")]
    [InlineData("userName pr)")]
    [InlineData("emails[type eq \"a\"")]
    [InlineData("emails[emails[type pr]]")]
    [InlineData("not userName pr")] // Figure 1: "not" stands before a parenthesis.
    [InlineData("1userName pr")]
    [InlineData("userName eq \"\\u0000\"")]
    [InlineData("userName eq \"\\ud800\"")]
    [InlineData("userName eq {\"a\":1}")]
    [InlineData("userName eq \"a\\q\"")]
    public void What_is_no_filter_is_refused(string text) =>
        ScimFilter.Parse(text).Refusal.ShouldBeOfType<ScimFault>().Type.ShouldBe("invalidFilter");

    [Theory]
    [InlineData("shoeSize eq \"1\"")]
    [InlineData("active gt true")] // 3.4.2.2: booleans have no order, and the answer is invalidFilter.
    [InlineData("active eq \"maybe\"")]
    [InlineData("name eq \"a\"")]
    [InlineData("userName eq 5")]
    [InlineData("userName co null")]
    [InlineData("meta.created co \"2011\"")]
    [InlineData("meta.created gt \"yesterday\"")]
    [InlineData("meta.lastModified gt \"01/12/2026\"")] // The twelfth of January, or the first of December.
    [InlineData("meta.lastModified gt \"10:30\"")]
    [InlineData("meta.lastModified gt \"1764547200\"")]
    [InlineData("emails[shoeSize eq \"1\"]")]
    [InlineData("userName[type eq \"1\"]")]
    public void What_cannot_be_compared_is_refused(string text) => Read(text).Check(ScimResource.User)!.Type.ShouldBe("invalidFilter");

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Read($"{new string('(', 25)}userName pr{new string(')', 25)}");
        ScimFilter.Parse($"{new string('(', 100_000)}userName pr").Refusal.ShouldNotBeNull();
        ScimFilter.Parse($"{new string('(', 60)}userName pr{new string(')', 60)}").Refusal.ShouldNotBeNull();
        ScimFilter.Parse(string.Join(" or ", Enumerable.Repeat("userName pr", 5_000))).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void What_is_written_is_read_as_it_was_meant()
    {
        var users = new MadeUpUsers(new(3));
        for (var i = 0; i < Proof.Size(500, 5_000); i++)
        {
            var filter = users.Filter(4);
            Read(MadeUpUsers.Write(filter)).ShouldBe(filter);
        }
    }

    /// <summary>
    /// Two things are told to scim2-parse-filter in other words, because it reads RFC 7644, 3.4.2.2 otherwise: "ne" of what is not there
    /// (it says no, we say yes), and null (it knows only a null that is written down). In brackets it is asked one condition: several it
    /// asks of different values, see <see cref="Others_differ"/>.
    /// </summary>
    static string? ForParseFilter(ScimFilter filter) => filter switch
    {
        ScimFilter.Compare { Value: null, Operator: ScimOperator.Eq } compare => $"not ({compare.Path} pr)",
        ScimFilter.Compare { Value: null } compare => $"{compare.Path} pr",
        ScimFilter.Compare { Operator: ScimOperator.Ne } compare => $"({MadeUpUsers.Write(compare)} or not ({compare.Path} pr))",
        _ => null,
    };

    [Fact]
    public async Task Thousands_of_filters_fit_the_same_resources_as_with_scim2_parse_filter()
    {
        var users = new MadeUpUsers(new(5));
        var cases = Enumerable.Range(0, Proof.Size(500, 4_000))
            .Select(_ => (Filter: users.Filter(4, innerDepth: 0), Resources: Enumerable.Range(0, 12).Select(_ => users.User()).ToList()))
            .ToList();
        var answers =
            await others.Ask([.. cases.Select(c => Question("parseFilter", MadeUpUsers.Write(c.Filter, ForParseFilter), c.Resources))]);
        Compare(cases, answers).ShouldBe([true, false], ignoreOrder: true);
    }

    /// <summary>
    /// scimmy is asked of attributes with one value that are all there: it compares what is missing as the text "undefined" and fails where
    /// a whole complex attribute is missing, and reads neither a group within a group nor "not" before one.
    /// </summary>
    [Fact]
    public async Task Thousands_of_filters_fit_the_same_resources_as_with_scimmy()
    {
        var users = new MadeUpUsers(new(7));
        var cases = Enumerable.Range(0, Proof.Size(500, 3_000))
            .Select(_ => (Filter: Simple(users), Resources: Enumerable.Range(0, 12).Select(_ => users.User(whole: true)).ToList()))
            .ToList();
        var answers =
            await others.Ask([.. cases.Select(c => Question("scimmyFilter", MadeUpUsers.Write(c.Filter, WithoutGroups), c.Resources))]);
        Compare(cases, answers).ShouldBe([true, false], ignoreOrder: true);
    }

    /// <summary>Where the others read the RFC otherwise. Each is asked, so that this list says when one of them changes its mind.</summary>
    [Theory]
    // 3.4.2.2: all conditions in brackets are of one value.
    [InlineData("parseFilter", "emails[type eq \"home\" and value co \"@example.com\"]", false)]
    [InlineData("parseFilter", "title ne \"x\"", true, "title")] // What is not there is not equal.
    [InlineData("parseFilter", "title pr", false)] // 3.4.2.2: pr asks for a value that is not empty.
    [InlineData("scimmyFilter", "title pr", false)]
    [InlineData("parseFilter", "userName eq \"BJENSEN@example.com\"", true)] // RFC 7643, 4.1.1: userName is not caseExact.
    [InlineData("scimmyFilter", "userName eq \"BJENSEN@example.com\"", true)]
    [InlineData("parseFilter", "meta.lastModified eq \"2011-05-13T06:42:34+02:00\"", true)] // 3.4.2.2: times are compared as times.
    [InlineData("scimmyFilter", "nickName co \"undefined\"", false)]
    public async Task Others_differ(string ask, string text, bool ours, string? without = null)
    {
        var user = Bjensen.DeepClone().AsObject();
        if (without is not null) user.Remove(without);
        Read(text).Matches(user, ScimResource.User).ShouldBe(ours);
        var theirs = await others.AskOne(Question(ask, text, [user]));
        (theirs is JsonArray && theirs[0]!.GetValue<bool>() == ours).ShouldBeFalse($"{theirs}");
    }

    /// <summary>It cannot read a group within a group.</summary>
    static string? WithoutGroups(ScimFilter filter) => filter switch
    {
        ScimFilter.And both => $"{MadeUpUsers.Write(both.Left)} and {MadeUpUsers.Write(both.Right)}",
        ScimFilter.Or either => $"{MadeUpUsers.Write(either.Left, WithoutGroups)} or {MadeUpUsers.Write(either.Right)}",
        _ => null,
    };

    static ScimFilter Simple(MadeUpUsers users)
    {
        ScimFilter One()
        {
            while (true)
                if (users.Filter(0, lists: false, extension: false) is var leaf && leaf is not ScimFilter.Compare { Value: null })
                    return leaf;
        }
        ScimFilter Maybe() => users.Word().Length > 4 ? new ScimFilter.Not(One()) : One();
        return new ScimFilter.Or(new ScimFilter.And(Maybe(), Maybe()), Maybe());
    }

    static JsonObject Question(string ask, string filter, List<JsonObject> resources) =>
        new() { ["ask"] = ask, ["filter"] = filter, ["resources"] = new JsonArray([.. resources.Select(r => r.DeepClone())]) };

    /// <returns>Which answers were given at all, so that a comparison of nothing is found.</returns>
    static HashSet<bool> Compare(List<(ScimFilter Filter, List<JsonObject> Resources)> cases, IReadOnlyList<JsonNode> answers)
    {
        var seen = new HashSet<bool>();
        foreach (var ((filter, resources), answer) in cases.Zip(answers))
        {
            var text = MadeUpUsers.Write(filter);
            var read = Read(text);
            (answer as JsonArray).ShouldNotBeNull($"{text}: {answer}");
            foreach (var (resource, theirs) in resources.Zip(answer.AsArray()))
            {
                var ours = read.Matches(resource, ScimResource.User);
                // What is said of a difference is written only when there is one: it is a whole resource.
                if (ours != theirs!.GetValue<bool>()) throw new Xunit.Sdk.XunitException($"{text}: {ours} here\n{resource}");
                seen.Add(ours);
            }
        }
        return seen;
    }
}
