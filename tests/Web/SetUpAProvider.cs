using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Security.Saml;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>How an organization's provider comes into force, is changed and goes (SPEC S5).</summary>
public sealed class SetUpAProvider(OneProvider one) : OnAProvider(one)
{
    [Fact]
    public async Task The_test_sign_in_brings_settings_into_force_and_a_slip_locks_nobody_out()
    {
        await SetUp();
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        // Another certificate by mistake: the present settings go on, and the test says what is wrong.
        var (entity, address) = ("https://wrong.example/entity", "https://wrong.example/sso");
        var certificate = SamlPaper.Key.ExportCertificatePem();
        await Here.Grant(new ProposeIdentityProvider(Acme, null, Provider.EntityId, Provider.SignInAddress, certificate, By(Ada)));
        using (var tested = await Visit(ada, $"/sso/{Acme}/go?for=test", "liam@acme.example"))
            (await Said(tested)).ShouldContain("is not valid");
        using var liam = Site.Somebody();
        (await Visit(liam, Go(), "liam@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadIdentityProvider(Acme))).Proposed.ShouldNotBeNull();
        // Both certificates, for a roll-over.
        await Here.Grant(new ProposeIdentityProvider(Acme, null, Provider.EntityId, Provider.SignInAddress,
            $"{Provider.Certificate}\n{certificate}", By(Ada)));
        (await Visit(ada, $"/sso/{Acme}/go?for=test", "ada@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var view = await Here.Send(new ReadIdentityProvider(Acme));
        (view.Proposed, view.InForce!.Certificates.Count).ShouldBe((null, 2));
        // A test that was begun before the settings changed again does not count for the new ones.
        await Here.Grant(new ProposeIdentityProvider(Acme, await Provider.Metadata(), null, null, null, By(Ada)));
        var path = await Post(await Answer(ada, $"/sso/{Acme}/go?for=test", "liam@acme.example"));
        await Here.Grant(new ProposeIdentityProvider(Acme, null, entity, address, certificate, By(Ada)));
        (await ada.Get(path)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadIdentityProvider(Acme))).InForce!.EntityId.ShouldBe(Provider.EntityId);
        (await liam.Get($"/sso/{Acme}/go?for=test")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "for admins");
        (await liam.Get($"/sso/{Globex}/go?for=sign-in")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Here.Rows<string>("select action from kernel.audit_entry where action like 'IdentityProvider%' order by at, id")).ShouldBe(
            ["IdentityProviderProposed", "IdentityProviderInForce", "IdentityProviderProposed", "IdentityProviderProposed",
                "IdentityProviderInForce", "IdentityProviderProposed", "IdentityProviderProposed"]);
    }

    [Fact, Trait("Rule", "P8")]
    public async Task A_test_shows_the_admin_what_came_whether_it_worked_or_not_and_nobody_else()
    {
        await Here.Grant(new ProposeIdentityProvider(Acme, await Provider.Metadata(), null, null, null, By(Ada)));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        using var liam = Site.Somebody();
        await liam.SignIn("liam@acme.example", Password);
        var test = $"/sso/{Acme}/go?for=test";
        // The provider names a user principal name, and the address in a claim.
        Provider.Answer("""{ "who": "liam_upn@acme.onmicrosoft.example" }""");
        var path = await Post(await Answer(ada, test, "liam@acme.example"));
        var page = await Said(await ada.Get(path));
        page.ShouldSatisfyAllConditions(p => p.ShouldContain("whose account this organization does not manage"),
            p => p.ShouldContain("The test sign-in did not work"), p => p.ShouldContain("liam_upn@acme.onmicrosoft.example"),
            p => p.ShouldContain(">emailaddress<"), p => p.ShouldContain("liam@acme.example"), p => p.ShouldContain("emailAddress"));
        foreach (var other in (SiteVisitor[])[liam, Site.Somebody()])
            (await Said(await other.Get(path))).ShouldNotContain("liam_upn");
        (await Said(await ada.Get(path.Replace($"{Acme}", $"{Globex}", StringComparison.Ordinal)))).ShouldNotContain("liam_upn");
        path.ShouldNotContain("liam");
        path.Length.ShouldBeLessThan(3_000);
        // Not even an address.
        Provider.Answer("""{ "who": "4711", "nameIdentifierFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" }""");
        (await Said(await Visit(ada, test, "liam@acme.example"))).ShouldSatisfyAllConditions(
            p => p.ShouldContain("contains no email address"), p => p.ShouldContain("4711"), p => p.ShouldContain("Format: persistent"));
        Provider.Answer("{}");
        using var worked = await Visit(ada, test, "liam@acme.example");
        (await Said(await ada.Get(worked.Headers.Location!.OriginalString))).ShouldSatisfyAllConditions(
            p => p.ShouldContain("Test sign-in succeeded"), p => p.ShouldContain("What the provider sent"),
            p => p.ShouldContain(">emailaddress<"));
        Here.Clock.Pass(TimeSpan.FromMinutes(11));
        (await Said(await ada.Get(worked.Headers.Location!.OriginalString))).ShouldNotContain("What the provider sent");
        // A sign-in is no test: nothing of it is shown.
        Here.Clock.Pass(TimeSpan.FromMinutes(-11));
        Provider.Answer("""{ "who": "liam_upn@acme.onmicrosoft.example" }""");
        (await Said(await Visit(ada, Go(), "liam@acme.example"))).ShouldNotContain("liam_upn");
    }

    [Fact, Trait("Rule", "P8")]
    public async Task Of_metadata_in_a_roll_over_the_valid_certificate_is_taken_and_the_page_names_the_other()
    {
        var key = System.Security.Cryptography.RSA.Create(2048);
        // A NUL is no sign of a name, and the database takes none.
        var name = new System.Security.Cryptography.X509Certificates.X500DistinguishedNameBuilder();
        name.AddCommonName("Old\0 key");
        var old = new System.Security.Cryptography.X509Certificates.CertificateRequest(name.Build(), key,
            System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-3), DateTimeOffset.UtcNow.AddDays(-30));
        var metadata = await Provider.Metadata();
        const string Certificate = "X509Certificate>";
        var at = metadata.IndexOf(Certificate, StringComparison.Ordinal) + Certificate.Length;
        var begin = metadata[..at][(metadata[..at].LastIndexOf('<') + 1)..];
        metadata = metadata.Insert(at, $"{Convert.ToBase64String(old.RawData)}</{begin}<{begin}");
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var page = $"/o/{Acme}/single-sign-on";
        (await ada.Send(page, await ada.Token(page), ("Input.Way", "file"), ("Input.Metadata", metadata))).StatusCode
            .ShouldBe(HttpStatusCode.Redirect);
        (await Said(await ada.Get(page))).ShouldContain("CN=Old key: This certificate expired on");
        (await Here.Send(new ReadIdentityProvider(Acme))).Proposed!.Certificates.Single().Subject.ShouldBe("CN=Test provider");
        (await Visit(ada, $"/sso/{Acme}/go?for=test", "liam@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadIdentityProvider(Acme))).InForce!.LeftOut.Count.ShouldBe(1);
        // Alone it is refused, also that of a provider that still signs with it: nothing is written, and what is in force stays.
        using var alone = await ada.Send(page, await ada.Token(page), ("Input.Way", "manual"), ("Input.EntityId", Provider.EntityId),
            ("Input.SignInAddress", Provider.SignInAddress), ("Input.Certificates", old.ExportCertificatePem()));
        alone.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Said(alone)).ShouldSatisfyAllConditions(p => p.ShouldContain("This certificate expired on"),
            p => p.ShouldContain("renew it at the provider first"));
        using var empty = await ada.Send(page, await ada.Token(page), ("Input.Way", "manual"), ("Input.EntityId", ""));
        (await Said(empty)).ShouldSatisfyAllConditions(p => p.ShouldContain("Enter the provider’s entity ID"),
            p => p.ShouldContain("Enter the provider’s sign-in URL"),
            p => p.ShouldContain("Paste the provider’s signing certificate."));
        var after = await Here.Send(new ReadIdentityProvider(Acme));
        (after.Proposed, after.InForce!.Certificates.Single().Subject).ShouldBe((null, "CN=Test provider"));
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'IdentityProviderProposed'")).ShouldBe(1);
    }

    [Fact, Trait("Rule", "P8")]
    public async Task The_dates_of_a_certificate_in_use_are_flagged_and_keep_nobody_out()
    {
        await SetUp();
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        foreach (var (from, until, flag) in ((int, int, string?)[])[(-90, 60, null), (-90, 29, "Expires soon"), (-90, -1, "Expired"),
            (1, 90, "Not valid yet")])
        {
            var now = Here.Clock.GetUtcNow();
            await Here.Rows<int>("""
                update security.identity_provider set in_force = jsonb_set(jsonb_set(in_force,
                  '{certificates,0,from}', to_jsonb(@begins::text)), '{certificates,0,until}', to_jsonb(@ends::text)) returning 1
                """, new { begins = $"{now.AddDays(from):O}", ends = $"{now.AddDays(until):O}" });
            var page = await Said(await ada.Get($"/o/{Acme}/single-sign-on"));
            foreach (var one in (string[])["Expires soon", "Expired", "Not valid yet"])
                page.Contains($">{one}<", StringComparison.Ordinal).ShouldBe(one == flag, $"{from} to {until}: {one}");
            using var liam = Site.Somebody();
            (await Visit(liam, Go(), "liam@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
            liam.Session.ShouldNotBeNull("only the key counts");
        }
    }

    [Fact]
    public async Task A_policy_leads_only_to_a_provider_that_works_and_keeps_it()
    {
        (await Enforce(true)).Refusal.ShouldBeOfType<ProviderMissing>();
        await Here.Grant(new ProposeIdentityProvider(Acme, await Provider.Metadata(), null, null, null, By(Ada)));
        (await Enforce(true)).Refusal.ShouldBeOfType<ProviderMissing>("not tested yet");
        (await Here.Refuse(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Other", SingleSignOn = true }, By(Ada))))
            .ShouldBeOfType<ProviderMissing>();
        await Here.Grant(new WithdrawProposedProvider(Acme, By(Ada)));
        await SetUp();
        (await Here.Refuse(new CreatePolicy(Acme, PolicyDraft.Initial with { Name = "Other", SingleSignOn = true, Billable = false },
            By(Ada)))).ShouldBeOfType<NonBillableSingleSignOn>();
        (await Here.Refuse(new RemoveIdentityProvider(Acme, By(Ada)))).ShouldBeOfType<ProviderInUse>();
        // A program that changes something else of the policy leaves it at the provider.
        var key = await Here.Grant(new CreateApiKey(Acme, Ada, "Program", [ApiScope.PoliciesManage.Name()], 7, By(Ada)));
        using var program = new ApiCaller(Site.Somebody().Client, key.Secret);
        var policy = $"/admin/v1/orgs/{Acme}/authentication-policies/{Policy}";
        await program.Expect(HttpStatusCode.OK, "PUT", policy, """{"name":"People","passwordReuse":3}""");
        var settings = (await Here.Grant(new ReadPolicy(Acme, Policy))).Settings;
        (settings.Name, settings.PasswordReuse, settings.SingleSignOn).ShouldBe(("People", 3, true));
        await program.Expect(HttpStatusCode.BadRequest, "PUT", policy, """{"billable":false}""");
        (await Enforce(false)).Granted.ShouldBeTrue();
        await Here.Grant(new RemoveIdentityProvider(Acme, By(Ada)));
        (await Enforce(true)).Refusal.ShouldBeOfType<ProviderMissing>();
        (await Here.Refuse(new RemoveIdentityProvider(Acme, By(Ada)))).ShouldBeOfType<NotFound>();
    }

    [Fact, Trait("Rule", "S7")]
    public async Task The_second_step_of_an_admin_whom_the_provider_signs_in_is_there_and_of_anothers_person_unknown()
    {
        await SetUp();
        var gus = (await Here.Send(new FindAccount(EmailAddress.Trusted("gus@globex.example"))))!.Id;
        foreach (var admin in (AccountId[])[Liam, gus])
            await Here.Grant(new AppointOrganizationAdmin(admin, Acme, TestInstallation.Console));
        var admins = (await Here.Send(new ReadOrganizationAdmins(Acme))).ToDictionary(a => a.Id, a => (a.AtProvider, a.ManagedElsewhere));
        (admins[Ada], admins[Liam], admins[gus]).ShouldBe(((false, false), (true, false), (false, true)));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        (await Said(await ada.Get($"/o/{Acme}/admins")))
            .ShouldSatisfyAllConditions(p => p.ShouldContain("At the provider"), p => p.ShouldContain("Unknown"));
    }

    [Fact]
    public async Task Our_side_can_be_read_by_the_provider()
    {
        using var answer = await Site.Somebody().Get($"/sso/{Acme}/metadata");
        (answer.Content.Headers.ContentType!.MediaType, answer.StatusCode).ShouldBe(("application/samlmetadata+xml", HttpStatusCode.OK));
        var xml = System.Xml.Linq.XDocument.Parse(await answer.Content.ReadAsStringAsync());
        xml.Root!.Attribute("entityID")!.Value.ShouldBe($"http://localhost/sso/{Acme}");
        xml.Descendants().Single(e => e.Name.LocalName == "AssertionConsumerService")
            .Attribute("Location")!.Value.ShouldBe($"http://localhost/sso/{Acme}/acs");
    }
}
