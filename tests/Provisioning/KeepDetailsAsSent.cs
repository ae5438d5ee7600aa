using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>A person is never refused for a detail: the provider's record keeps it as sent, the profile what fits of it,
/// and the log tells (SPEC P5).</summary>
[Trait("Rule", "P5")]
public sealed class KeepDetailsAsSent : OnScim
{
    sealed record Odd(string Attribute, AccountDetail Detail, JsonNode Sent, string? InProfile, bool Noted = true);

    static JsonArray One(string value) => [new JsonObject { ["value"] = value, ["type"] = "work" }];

    static readonly Odd[] Odds =
    [
        new("title", AccountDetail.JobTitle, new string('T', 116), new string('T', 100)),
        new("title", AccountDetail.JobTitle, "Head of\tSales\r\nEurope", "Head of Sales Europe", Noted: false),
        new("title", AccountDetail.JobTitle, "a\u202Eb", "ab"),
        new("nickName", AccountDetail.PublicName, new string('n', 39), new string('n', 30)),
        new("nickName", AccountDetail.PublicName, $"{new string('n', 30)}👩‍👩‍👧", new string('n', 30)),
        new("phoneNumbers", AccountDetail.Phone, One("089/12345-67 (Sekretariat)"), null),
        new("phoneNumbers", AccountDetail.Phone, One("n/a"), null),
        new("phoneNumbers", AccountDetail.Phone, One("-"), null),
        new("phoneNumbers", AccountDetail.Phone, One("+49 (0)89 123456 ext. 12345678901"), null),
        new("timezone", AccountDetail.TimeZone, "W. Europe Standard Time", "Europe/Berlin", Noted: false),
        new("timezone", AccountDetail.TimeZone, "pacific standard time", "America/Los_Angeles", Noted: false),
        new("timezone", AccountDetail.TimeZone, "Mars/Olympus", null),
        new("preferredLanguage", AccountDetail.Language, "klingonese-language", null),
        new(ProvidedUser.Enterprise, AccountDetail.Department, new JsonObject { ["department"] = new string('D', 299) },
            new string('D', 100)),
        new("name", AccountDetail.Name, new JsonObject { ["formatted"] = "Jörg\nMüller" }, "Jörg Müller", Noted: false),
        new("name", AccountDetail.Name, new JsonObject { ["formatted"] = new string('x', 300) }, new string('x', 100)),
    ];

    static void ShouldBeAsSent(JsonElement answer, Odd odd) =>
        JsonNode.DeepEquals(JsonNode.Parse(answer.GetProperty(odd.Attribute).GetRawText()), odd.Sent).ShouldBeTrue($"{odd}: {answer}");

    async Task<IReadOnlyList<ProvisioningNote>> Notes() => (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes;

    [Fact]
    public async Task A_new_person_is_made_whatever_a_detail_says()
    {
        for (var i = 0; i < Odds.Length; i++)
        {
            var (odd, person) = (Odds[i], Person($"p{i}"));
            person[odd.Attribute] = odd.Sent.DeepClone();
            var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", person);
            var id = made.GetProperty("id").GetGuid();
            ShouldBeAsSent(made, odd);
            ShouldBeAsSent(await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{id}"), odd);
            (await Profile(id))[odd.Detail].Value.ShouldBe(odd.InProfile, $"{odd}");
            made.TryGetProperty(ScimReply.PassedOver, out var told).ShouldBe(odd.Noted, $"{odd}");
            if (!odd.Noted) continue;
            told[0].GetString()!.ShouldStartWith(odd.Attribute);
            (await Notes())[0].ShouldSatisfyAllConditions(n => n.Status.ShouldBe(201), n => n.Reason.ShouldBe(told[0].GetString()));
        }
        (await Here.Rows<Guid>("select account_id from directory.provisioned_user")).Count.ShouldBe(Odds.Length);
    }

    [Fact]
    public async Task A_replacement_is_done_and_told_once()
    {
        var id = await Provider.Create(Person("mia"));
        foreach (var odd in Odds)
        {
            var person = Person("mia");
            person[odd.Attribute] = odd.Sent.DeepClone();
            ShouldBeAsSent(await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", person), odd);
            (await Profile(id))[odd.Detail].Value.ShouldBe(odd.InProfile, $"{odd}");
            var (notes, version) = ((await Notes()).Count, Provider.Last.Headers.ETag);
            (await Provider.Expect(HttpStatusCode.OK, "PUT", $"/Users/{id}", person)).TryGetProperty(ScimReply.PassedOver, out _)
                .ShouldBeFalse("a provider repeats itself with each cycle");
            (Provider.Last.Headers.ETag, (await Notes()).Count).ShouldBe((version, notes), $"{odd}");
        }
    }

    [Fact]
    public async Task What_does_not_fit_any_more_leaves_the_profile_and_what_fits_again_comes_back()
    {
        var id = await Provider.Create(Person("mia"));
        await Provider.Patch(id, new { op = "add", path = "phoneNumbers[type eq \"work\"].value", value = "+49 30 1234567" });
        await Provider.Patch(id, new { op = "replace", path = "phoneNumbers[type eq \"work\"].value", value = "ask Eva" });
        var profile = await Profile(id);
        (profile[AccountDetail.Phone].Value, profile[AccountDetail.Phone].Refusal)
            .ShouldBe((null, null), "an admin may type the right one");
        await Provider.Patch(id, new { op = "replace", path = "phoneNumbers[type eq \"work\"].value", value = "+49 30 7654321" });
        (await Profile(id))[AccountDetail.Phone]
            .ShouldSatisfyAllConditions(d => d.Value.ShouldBe("+49 30 7654321"), d => d.Refusal.ShouldBe(new OwnedByProvider("Entra ID")));
    }

    [Fact]
    public async Task Values_that_cannot_be_read_take_no_others_place_and_are_told()
    {
        var id = await Provider.Create(Person("mia"));
        await Provider.Patch(id, new { op = "add", path = "phoneNumbers[type eq \"work\"].value", value = "+49 30 1234567" });
        foreach (var (attribute, value) in ((string, string)[])[("emails", """[{"address":"mia.long@acme.example"}]"""),
            ("emails", "[null]"), ("emails", "[{}]"), ("phoneNumbers", """[{"value":["x"]}]"""), ("phoneNumbers", "[true]")])
        {
            var answer = await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{id}",
                $$"""{"Operations":[{"op":"Replace","path":"{{attribute}}","value":{{value}} }]}""");
            var told = $"{attribute}: ignored, because it has no value that can be read.";
            answer.GetProperty(ScimReply.PassedOver).EnumerateArray().Select(t => t.GetString()).ShouldContain(told, value);
            (await Notes())[0].Reason.ShouldContain(told);
            (answer.GetProperty("emails")[0].GetProperty("value").GetString(),
                answer.GetProperty("phoneNumbers")[0].GetProperty("value").GetString()).ShouldBe(("mia@acme.example", "+49 30 1234567"));
            (await Profile(id))[AccountDetail.Phone].Value.ShouldBe("+49 30 1234567", value);
        }
    }

    [Fact]
    public async Task An_extension_that_is_none_refuses_nothing_else_and_null_takes_it_away()
    {
        var id = await Provider.Create(Person("mia"));
        foreach (var (value, title) in ((string, string)[])[("\"HR\"", "One"), ("[]", "Two")])
        {
            var answer = await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{id}", $$"""
                {"Operations":[{"op":"replace","path":"{{ProvidedUser.Enterprise}}","value":{{value}} },
                  {"op":"replace","path":"title","value":"{{title}}"}]}
                """);
            answer.GetProperty(ScimReply.PassedOver)[0].GetString()!.ShouldStartWith(ProvidedUser.Enterprise);
            var kept = await Profile(id);
            (kept[AccountDetail.JobTitle].Value, kept[AccountDetail.Department].Value).ShouldBe((title, "Research"));
        }
        foreach (var (op, department) in ((string, string?)[])[("add", "Research"), ("replace", null)])
        {
            (await Provider.Expect(HttpStatusCode.OK, "PATCH", $"/Users/{id}", $$"""
                {"Operations":[{"op":"{{op}}","value":{"{{ProvidedUser.Enterprise}}":null,"title":"{{op}}"} }]}
                """)).TryGetProperty(ProvidedUser.Enterprise, out _).ShouldBe(department is not null, op);
            var after = await Profile(id);
            (after[AccountDetail.JobTitle].Value, after[AccountDetail.Department].Value).ShouldBe((op, department));
        }
    }

    [Fact]
    public async Task An_address_that_cannot_be_the_accounts_leaves_it_the_one_it_has()
    {
        var person = Person("mia");
        person["emails"] = One("mia@elsewhere.example");
        var id = await Provider.Create(person);
        (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("mia@acme.example", "the userName is on a verified domain");
        (await Notes())[0].Reason.ShouldContain("elsewhere.example");
        foreach (var mail in (string[])["boss@globex.example", "no address", "mia@localhost"])
        {
            var told = (await Provider.Patch(id, new { op = "replace", path = "emails[type eq \"work\"].value", value = mail }))
                .GetProperty(ScimReply.PassedOver)[0].GetString()!;
            told.ShouldStartWith("emails: the account keeps its address.");
            (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("mia@acme.example", mail);
        }
        await Provider.Patch(id, new { op = "replace", path = "emails[type eq \"work\"].value", value = "mia.long@acme.example" });
        (await Here.Grant(new ReadAccount(new(id)))).Email.ShouldBe("mia.long@acme.example");
    }

    [Fact]
    public async Task Twenty_thousand_addresses_are_a_hundred_and_the_primary_one_is_among_them()
    {
        var person = Person("mia");
        person["emails"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => new JsonObject
        {
            ["value"] = i == 15_000 ? "mia@acme.example" : $"m{i}@acme.example",
            ["primary"] = i == 15_000
        })]);
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", person);
        made.GetProperty("emails").GetArrayLength().ShouldBe(KeptAsSent.MostValues);
        made.GetProperty(ScimReply.PassedOver)[0].GetString().ShouldBe("emails: 19900 of 20000 values ignored; at most 100 are kept.");
        (await Here.Grant(new ReadAccount(new(made.GetProperty("id").GetGuid())))).Email.ShouldBe("mia@acme.example");
    }

    [Fact]
    public async Task Names_that_no_index_holds_are_shortened_and_break_nothing()
    {
        var (random, person) = (new Random(7), Person("mia"));
        // Nothing that compression could make small.
        string Long() => string.Concat(Enumerable.Range(0, 5_000).Select(_ => char.ConvertFromUtf32(random.Next(0x4E00, 0x9FFF))));
        person["displayName"] = Long();
        person["name"] = new JsonObject { ["familyName"] = Long(), ["givenName"] = Long() };
        person["emails"]!.AsArray().Add(new JsonObject { ["value"] = Long(), ["type"] = "home" });
        person["title"] = Long();
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Users", person);
        (made.GetProperty("displayName").GetString()!.Length, made.GetProperty("title").GetString()!.Length)
            .ShouldBe((KeptAsSent.MostText, 5_000));
        (await Profile(made.GetProperty("id").GetGuid()))[AccountDetail.Name].Value!.Length.ShouldBe(100);
    }

    [Fact]
    public async Task Only_what_makes_no_person_is_refused()
    {
        foreach (var (attribute, value, status) in ((string, JsonNode?, HttpStatusCode)[])[
            ("userName", null, HttpStatusCode.BadRequest), ("userName", new string('u', 255), HttpStatusCode.BadRequest),
            ("externalId", new string('e', 255), HttpStatusCode.BadRequest), ("active", "perhaps", HttpStatusCode.BadRequest)])
        {
            var person = Person("mia");
            person[attribute] = value;
            (await Provider.Expect(status, "POST", "/Users", person)).GetProperty("detail").GetString()!.ShouldContain(attribute);
        }
        await Provider.Expect(HttpStatusCode.Forbidden, "POST", "/Users", Person("mia", domain: "elsewhere.example"));
        (await Here.Scalar<long>("select count(*) from directory.provisioned_user")).ShouldBe(0);
    }

    [Fact]
    public void Every_zone_of_Windows_is_one_of_the_tz_database()
    {
        WindowsZones.All.Count().ShouldBeGreaterThan(130);
        foreach (var (windows, zone) in WindowsZones.All)
            FittingDetails.Of(AccountDetail.TimeZone, windows).ShouldBe(new FittingDetail(zone, null), windows);
    }
}
