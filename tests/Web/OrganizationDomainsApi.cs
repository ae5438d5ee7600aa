using System.Net;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Domains and claiming in the Organizations API, most of it beyond that of its clients (SPEC P1).</summary>
[Trait("Rule", "P1")]
public sealed class OrganizationDomainsApi : OnOrganizationsApi
{
    [Fact, Trait("Rule", "D1"), Trait("Rule", "D7")]
    public async Task A_domain_is_added_verified_set_and_removed()
    {
        var added = (await Program.Expect(HttpStatusCode.Created, "POST", $"{V1}/domains", """{"name":"New.Example"}"""))
            .GetProperty("data");
        var (id, attributes) = (added.GetProperty("id").GetGuid(), added.GetProperty("attributes"));
        (attributes.GetProperty("name").GetString(), attributes.GetProperty("claim").GetProperty("status").GetString())
            .ShouldBe(("new.example", "unverified"));
        var one = $"{V1}/domains/{id}";
        var looked = (await Program.Expect(HttpStatusCode.OK, "POST", $"{one}/verify")).GetProperty("data").GetProperty("attributes");
        (looked.GetProperty("state").GetString(), looked.GetProperty("lastCheck").GetProperty("explanation").GetString()!.Length > 10)
            .ShouldBe(("unverified", true), "a failed look is told, never hidden");
        var record = attributes.GetProperty("publish").GetProperty("dns");
        await Here.Grant(new AddDemoRecord(record.GetProperty("name").GetString()!, "TXT",
            record.GetProperty("value").GetString()!));
        (await Program.Expect(HttpStatusCode.OK, "POST", $"{one}/verify", """{"method":"dns"}""")).GetProperty("data")
            .GetProperty("attributes").GetProperty("claim").GetProperty("status").GetString().ShouldBe("verified");
        (await Program.Expect(HttpStatusCode.OK, "PUT", $"{one}/claim-setting", """{"automatic":false}""")).GetProperty("data")
            .GetProperty("attributes").GetProperty("automaticClaim").GetBoolean().ShouldBeFalse();
        (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/domains")).GetProperty("data").GetArrayLength().ShouldBe(2);
        CodeOf(await Program.Expect(HttpStatusCode.Conflict, "POST", $"{V1}/domains", """{"name":"new.example"}"""))
            .ShouldBe("domainAlreadyAdded");
        foreach (var bad in (string[])["", "gmail.com", "co.uk", "10.0.0.1", "x"])
            await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{V1}/domains", new { name = bad });
        await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/verify", """{"method":"pigeon"}""");
        await Program.Expect(HttpStatusCode.BadRequest, "PUT", $"{one}/claim-setting", "{}");
        await Program.Expect(HttpStatusCode.NoContent, "DELETE", one);
        await Program.Expect(HttpStatusCode.NotFound, "GET", one);
        await Program.Expect(HttpStatusCode.NotFound, "DELETE", one);
    }

    [Fact, Trait("Rule", "C2"), Trait("Rule", "C7"), Trait("Rule", "C8")]
    public async Task Accounts_are_claimed_and_unclaimed_as_the_preview_said()
    {
        var open = await Here.Organization("open");
        var olga = await Here.Admin(open, "olga@mail.example");
        var domain = await Here.VerifiedDomain(open, "open.example", automatic: false);
        for (var i = 0; i < 3; i++) await Here.Account($"p{i}@open.example");
        using var program = With((await Key(open, olga)).Secret);
        var one = $"/admin/v1/orgs/{open}/domains/{domain}";
        var preview = (await program.Expect(HttpStatusCode.OK, "POST", $"{one}/claim/preview",
            """{"emails":["p0@open.example","nonsense","p1@open.example"]}""")).GetProperty("data").GetProperty("attributes");
        (preview.GetProperty("willChange").GetInt64(), preview.GetProperty("badLineCount").GetInt64()).ShouldBe((2, 1));
        // A line break at an end is as any white space there.
        (await program.Expect(HttpStatusCode.OK, "POST", $"{one}/claim/preview", """{"emails":["p0@open.example\n"]}"""))
            .GetProperty("data").GetProperty("attributes").GetProperty("willChange").GetInt64().ShouldBe(1);
        foreach (var none in (string[])["""{"emails":[]}""", """{"emails":[null]}"""])
            await program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/claim/preview", none);
        // Several addresses in one are none.
        foreach (var two in (string[])["p0@open.example, p1@open.example", "p0@open.example;p1@open.example", "p0@open.example\tp1", " ",
            "p0@open.example\np1@open.example", "p0@open.example\r\np1@open.example"])
        {
            var none = (await program.Expect(HttpStatusCode.OK, "POST", $"{one}/claim/preview", new { emails = (string[])[two] }))
                .GetProperty("data").GetProperty("attributes");
            (none.GetProperty("willChange").GetInt64(), none.GetProperty("badLineCount").GetInt64()).ShouldBe((0, 1), two);
        }
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by = @id", new { id = open.Value })).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft")).ShouldBe(0, "nothing leads back to a program's preview");
        var job = await Done(program, await program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/claim", "{}"));
        (job.GetProperty("state").GetString(), job.GetProperty("counts").GetProperty("claimed").GetInt64()).ShouldBe(("done", 3));
        (await Here.Scalar<bool?>("select automatic_claim from domains.domain where id = @id", new { id = domain.Value }))
            .ShouldBe(false, "left unsaid, the setting stays");
        using (var results = await program.Client.SendAsync(
            Get(program, $"/admin/v1/orgs/{open}/jobs/{job.GetProperty("id").GetString()}/results")))
            (await results.Content.ReadAsStringAsync()).Split('\n').Count(l => l.Contains("claimed", StringComparison.OrdinalIgnoreCase))
                .ShouldBe(3);
        // A body that was lost on its way is not one that means everybody.
        foreach (var deed in (string[])["claim", "unclaim"])
        {
            await program.Expect(HttpStatusCode.UnsupportedMediaType, "POST", $"{one}/{deed}");
            await program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/{deed}", "");
        }
        // Who is meant is said or left out: null would be everybody.
        foreach (var deed in (string[])["claim", "unclaim", "claim/preview", "unclaim/preview"])
            (await program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/{deed}", """{"notify":false,"emails":null}""")).ToString()
                .ShouldContain("emails");
        var undone = await Done(program,
            await program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/unclaim", """{"emails":["p2@open.example"]}"""));
        undone.GetProperty("counts").GetProperty("unclaimed").GetInt64().ShouldBe(1);
        var list = await program.Expect(HttpStatusCode.OK, "GET", $"{one}/exclusions");
        (list.GetProperty("meta").GetProperty("total").GetInt64(), list.GetProperty("data")[0].GetProperty("email").GetString())
            .ShouldBe((1, "p2@open.example"));
        await program.Expect(HttpStatusCode.NoContent, "DELETE",
            $"{one}/exclusions/{list.GetProperty("data")[0].GetProperty("accountId").GetString()}");
        await program.Expect(HttpStatusCode.NoContent, "POST", $"{one}/exclusions", """{"email":"p2@open.example"}""");
        CodeOf(await program.Expect(HttpStatusCode.Conflict, "POST", $"{one}/exclusions", """{"email":"p0@open.example"}"""))
            .ShouldBe("unclaimFirst");
        await program.Expect(HttpStatusCode.NotFound, "POST", $"{one}/exclusions", """{"email":"nobody@open.example"}""");
        var unknown = await program.Expect(HttpStatusCode.NotFound, "DELETE", $"{one}/exclusions/{Guid.NewGuid()}");
        CodeOf(await program.Expect(HttpStatusCode.NotFound, "DELETE", $"{one}/exclusions/{Liam}")).ShouldBe(CodeOf(unknown));
        CodeOf(await program.Expect(HttpStatusCode.Conflict, "POST",
            $"/admin/v1/orgs/{open}/jobs/{undone.GetProperty("id").GetString()}/cancel")).ShouldBe("jobHasEnded");
        (await program.Expect(HttpStatusCode.OK, "GET", $"/admin/v1/orgs/{open}/jobs")).GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    [Fact, Trait("Rule", "C4"), Trait("Rule", "P6")]
    public async Task Who_claims_one_address_has_said_nothing_of_those_that_appear_later()
    {
        foreach (var (i, body, automatic) in ((int, string, bool?)[])[(1, "{}", true), (2, """{"emails":["ann@d2.example"]}""", null),
            (3, """{"emails":["ann@d3.example"],"automatic":true}""", true), (4, """{"automatic":false}""", false)])
        {
            var domain = await Here.PublishedDomain(Acme, $"d{i}.example");
            await Here.Grant(new VerifyDomain(Acme, domain, ProofMethod.Dns, TestInstallation.Console));
            await Here.Account($"ann@d{i}.example");
            var one = $"{V1}/domains/{domain}";
            await Done(Program, await Program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/claim", body));
            (await Here.Grant(new ReadDomain(Acme, domain))).AutomaticClaim.ShouldBe(automatic, body);
            // Unclaiming has no such member, and does not pass it over.
            foreach (var deed in (string[])["unclaim", "unclaim/preview"])
                (await Program.Expect(HttpStatusCode.BadRequest, "POST", $"{one}/{deed}", """{"automatic":false}""")).ToString()
                    .ShouldContain("automatic");
            await Done(Program, await Program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/unclaim", "{}"));
            (await Here.Grant(new ReadDomain(Acme, domain))).AutomaticClaim.ShouldBe(automatic, "unclaiming leaves the setting alone");
            await Done(Program, await Program.Expect(HttpStatusCode.Accepted, "POST", $"{one}/claim",
                $$"""{"emails":["ann@d{{i}}.example"]}"""));
            (await Here.Grant(new ReadDomain(Acme, domain))).AutomaticClaim.ShouldBe(automatic, "and so does a claim by a list");
        }
    }
}
