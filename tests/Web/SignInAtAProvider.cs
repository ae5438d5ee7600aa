using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Single sign-on from end to end over HTTP, with a real identity provider that others have written (SPEC S5, A9).</summary>
[Trait("Rule", "S5"), Trait("Rule", "A9")]
public sealed class SignInAtAProvider : OnInstallation
{
    const string Password = "violet lantern orbit";

    readonly IdentityProvider _provider = IdentityProvider.Start();
    WholeSite _site = null!;
    OrganizationId _acme, _globex;
    AccountId _ada, _liam;
    PolicyId _policy;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        (_acme, _globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        _ada = await Here.Admin(_acme, "ada@acme.example");
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
        _liam = await Here.Account("liam@acme.example", "Liam", managedBy: _acme);
        await Here.Account("gus@globex.example", "Gus", managedBy: _globex);
        await Here.Account("unclaimed@acme.example");
        foreach (var person in (AccountId[])[_ada, _liam]) await Here.Grant(new GivePassword([person], Password));
        _policy = await Here.Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Staff" }, By(_ada)));
        await Here.Grant(new MoveToPolicy(_acme, _policy, [_liam], By(_ada)));
    }

    public override async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _provider.Dispose();
        await base.DisposeAsync();
    }

    async Task<Outcome<Done>> Enforce(bool on, PolicyId? policy = null)
    {
        var view = await Here.Grant(new ReadPolicy(_acme, policy ?? _policy));
        return await Here.Send(new ChangePolicy(_acme, view.Id, view.Version, view.Settings with { SingleSignOn = on }, By(_ada)));
    }

    /// <summary>Entered by its own metadata, tested by an admin, and on for Liam's policy.</summary>
    async Task SetUp()
    {
        await Here.Grant(new ProposeIdentityProvider(_acme, await _provider.Metadata(), null, null, null, By(_ada)));
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        (await Visit(ada, $"/sso/{_acme}/go?for=test", "liam@acme.example")).Headers.Location!.OriginalString.ShouldBe($"/o/{_acme}/single-sign-on");
        (await Enforce(true)).Granted.ShouldBeTrue();
    }

    /// <summary>What the provider gives to the browser of somebody who is led there and signs in.</summary>
    async Task<string> Answer(SiteVisitor visitor, string path, string who)
    {
        using var led = await visitor.Get(path);
        led.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return await _provider.SignIn(led.Headers.Location!, who);
    }

    /// <summary>As another site's form does it: none of our cookies comes along.</summary>
    async Task<string> Post(string answer, OrganizationId? to = null)
    {
        using var another = _site.Somebody();
        using var received = await another.Client.PostAsync($"/sso/{to ?? _acme}/acs", new FormUrlEncodedContent([new("SAMLResponse", answer), new("RelayState", "https://evil.example/")]));
        received.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        received.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var path = received.Headers.Location!.OriginalString;
        path.ShouldStartWith("/sign-in/single-sign-on?");
        return path;
    }

    async Task<HttpResponseMessage> Visit(SiteVisitor visitor, string path, string who) => await visitor.Get(await Post(await Answer(visitor, path, who)));

    string Go(string returnTo = "/account") => $"/sso/{_acme}/go?for=sign-in&returnTo={Uri.EscapeDataString(returnTo)}";

    static async Task<string> Said(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

    Task<long> Sessions(AccountId of) => Here.Scalar<long>("select count(*) from security.session where account_id = @id and ended_at is null", new { id = of.Value })!;

    [Fact]
    public async Task The_provider_signs_in_in_place_of_the_password_and_the_password_comes_back_when_it_does_not()
    {
        await SetUp();
        using var liam = _site.Somebody();
        string? answer = null;
        foreach (var password in (string[])[Password, "something wrong"])
        {
            using var led = await liam.Post("/sign-in", ("Input.Email", "LIAM@acme.example"), ("Input.Password", password), ("returnTo", "/account/sessions"));
            led.StatusCode.ShouldBe(HttpStatusCode.OK);
            var page = (await Said(led)).Split("<main")[1];
            page.ShouldContain($"/sso/{_acme}/go?for=sign-in&returnTo=%2Faccount%2Fsessions");
            (answer ??= page).ShouldBe(page, "right or wrong is not told");
        }
        liam.Session.ShouldBeNull();
        using var button = await liam.Post("/sign-in?handler=SingleSignOn", ("Input.Email", "liam@acme.example"));
        (await Said(button)).ShouldContain($"/sso/{_acme}/go");
        using var none = await liam.Post("/sign-in?handler=SingleSignOn", ("Input.Email", "ada@acme.example"));
        (await Said(none)).ShouldContain("Single sign-on is not in use for this email address");

        using var come = await Visit(liam, Go("/account/sessions"), "Liam@Acme.example");
        come.Headers.Location!.OriginalString.ShouldBe("/account/sessions");
        liam.Session.ShouldNotBeNull();
        (await liam.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Here.Scalar<bool>("select bool_and(by_provider) from security.session where account_id = @id", new { id = _liam.Value })).ShouldBeTrue();
        (await Here.Scalar<string>("select after->>'through' from kernel.audit_entry where subject_id = @id and action = 'SignedIn'", new { id = _liam.Value })).ShouldBe("identity provider");

        (await Enforce(false)).Granted.ShouldBeTrue();
        await _site.Somebody().SignIn("liam@acme.example", Password);
        using var again = _site.Somebody();
        (await Said(await Visit(again, Go(), "liam@acme.example"))).ShouldContain("does not sign in through the identity provider");
        again.Session.ShouldBeNull("the provider has no say over whom no policy leads there");
    }

    [Theory]
    [InlineData("gus@globex.example")]
    [InlineData("unclaimed@acme.example")]
    [InlineData("nobody@acme.example")]
    [InlineData("liam@acme.example.evil.example")]
    [InlineData("no address")]
    public async Task A_provider_speaks_for_the_people_of_its_own_organization_alone(string who)
    {
        await SetUp();
        using var visitor = _site.Somebody();
        using var answer = await Visit(visitor, Go(), who);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Said(answer)).ShouldContain(who == "no address" ? "names nobody by an email address" : "whose account this organization does not manage");
        visitor.Session.ShouldBeNull();
    }

    [Fact]
    public async Task Each_answer_is_good_once_for_the_browser_that_asked_on_all_nodes()
    {
        await SetUp();
        await using var other = await WholeSite.On(Here);
        using var liam = _site.Somebody();
        using var thief = _site.Somebody();
        var answer = await Answer(liam, Go(), "liam@acme.example");
        var path = await Post(answer);
        (await Post(answer)).ShouldEndWith("why=samlUsed");
        using var elsewhere = other.Somebody();
        using (var received = await elsewhere.Client.PostAsync($"/sso/{_acme}/acs", new FormUrlEncodedContent([new("SAMLResponse", answer)]))) received.Headers.Location!.OriginalString.ShouldEndWith("why=samlUsed");
        // A link to somebody else's answer signs nobody in, not even who has begun a sign-in of the own.
        (await Said(await thief.Get(path))).ShouldContain("in another browser");
        await Answer(thief, Go(), "liam@acme.example");
        (await Said(await thief.Get(path))).ShouldContain("in another browser");
        thief.Session.ShouldBeNull();
        using (var come = await liam.At(other).Get(path)) come.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Said(await liam.Get(path))).ShouldContain("used already");
        (await Sessions(_liam)).ShouldBe(1);

        // The provider answers one request a second time, with another assertion.
        var led = await liam.Get(Go());
        await Post(await _provider.SignIn(led.Headers.Location!, "liam@acme.example"));
        (await Post(await _provider.SignIn(led.Headers.Location!, "liam@acme.example"))).ShouldEndWith("why=samlUsed");
    }

    [Fact]
    public async Task What_comes_too_late_or_unasked_or_from_another_key_is_refused_in_words()
    {
        await SetUp();
        using var liam = _site.Somebody();
        (await Post("no answer at all")).ShouldEndWith("why=samlUnreadable");
        var path = await Post(await Answer(liam, Go(), "liam@acme.example"));
        Here.Clock.Pass(TimeSpan.FromMinutes(2.1));
        (await Said(await liam.Get(path))).ShouldContain("used already");
        var late = await Answer(liam, Go(), "liam@acme.example");
        Here.Clock.Pass(TimeSpan.FromMinutes(10));
        (await Post(late)).ShouldEndWith("why=samlOutOfTime");
        Here.Clock.Pass(TimeSpan.FromMinutes(-12.1));
        var led = await liam.Get(Go());
        _provider.Answer("""{ "inResponseTo": "_a-request-of-somebody-else" }""");
        (await Post(await _provider.SignIn(led.Headers.Location!, "liam@acme.example"))).ShouldEndWith("why=samlUnsolicited");
        foreach (var (how, why) in ((string, string)[])
        [
            ("""{ "audience": "https://elsewhere.example" }""", "samlOtherAudience"), ("""{ "recipient": "https://elsewhere.example/acs" }""", "samlOtherAddress"), ("""{ "signAssertion": false }""", "samlUnsigned"),
            ("""{ "signatureAlgorithm": "rsa-sha1", "digestAlgorithm": "sha1" }""", "samlForged"), ("""{ "issuer": "https://elsewhere.example" }""", "samlOtherIssuer"),
        ])
        {
            _provider.Answer(how);
            (await Post(await Answer(liam, Go(), "liam@acme.example"))).ShouldEndWith($"why={why}");
        }
        _provider.Answer("""{ "signResponse": true }""");
        (await Post(await Answer(liam, Go(), "liam@acme.example"))).ShouldContain("ticket=");
        _provider.NewKey();
        (await Post(await Answer(liam, Go(), "liam@acme.example"))).ShouldEndWith("why=samlForged");
        (await Said(await liam.Get("/sign-in/single-sign-on?why=samlForged"))).ShouldContain("The signature of the identity provider’s answer does not fit.");
        (await Said(await liam.Get("/sign-in/single-sign-on?why=%3Cscript%3E"))).ShouldContain("Signing in begins here");
    }

    [Fact]
    public async Task A_deactivated_person_is_signed_in_by_nobody_and_told_why_by_the_one_gate()
    {
        await SetUp();
        using var liam = _site.Somebody();
        var path = await Post(await Answer(liam, Go(), "liam@acme.example"));
        await Here.Grant(new DeactivateAccount(_liam, _acme, "Left", "Ask Grace.", false, By(_ada)));
        (await Said(await liam.Get(path))).ShouldContain("Message from your admin: Ask Grace.");
        (await Sessions(_liam)).ShouldBe(0);
    }

    [Fact]
    public async Task The_test_sign_in_brings_settings_into_force_and_a_slip_locks_nobody_out()
    {
        await SetUp();
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        // Another certificate by mistake: the present settings go on, and the test says what is wrong.
        using var wrong = IdentityProvider.Start();
        await Here.Grant(new ProposeIdentityProvider(_acme, null, _provider.EntityId, _provider.SignInAddress, wrong.Certificate, By(_ada)));
        using (var tested = await Visit(ada, $"/sso/{_acme}/go?for=test", "liam@acme.example")) (await Said(tested)).ShouldContain("does not fit");
        using var liam = _site.Somebody();
        (await Visit(liam, Go(), "liam@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadIdentityProvider(_acme))).Proposed.ShouldNotBeNull();
        // Both certificates, for a roll-over.
        await Here.Grant(new ProposeIdentityProvider(_acme, null, _provider.EntityId, _provider.SignInAddress, $"{_provider.Certificate}\n{wrong.Certificate}", By(_ada)));
        (await Visit(ada, $"/sso/{_acme}/go?for=test", "ada@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var view = await Here.Send(new ReadIdentityProvider(_acme));
        (view.Proposed, view.InForce!.Certificates.Count).ShouldBe((null, 2));
        // A test that was begun before the settings changed again does not count for the new ones.
        await Here.Grant(new ProposeIdentityProvider(_acme, await _provider.Metadata(), null, null, null, By(_ada)));
        var path = await Post(await Answer(ada, $"/sso/{_acme}/go?for=test", "liam@acme.example"));
        await Here.Grant(new ProposeIdentityProvider(_acme, null, wrong.EntityId, wrong.SignInAddress, wrong.Certificate, By(_ada)));
        (await ada.Get(path)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadIdentityProvider(_acme))).InForce!.EntityId.ShouldBe(_provider.EntityId);
        (await liam.Get($"/sso/{_acme}/go?for=test")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "for admins");
        (await liam.Get($"/sso/{_globex}/go?for=sign-in")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Here.Rows<string>("select action from kernel.audit_entry where action like 'IdentityProvider%' order by at, id")).ShouldBe(
            ["IdentityProviderProposed", "IdentityProviderInForce", "IdentityProviderProposed", "IdentityProviderProposed", "IdentityProviderInForce", "IdentityProviderProposed", "IdentityProviderProposed"]);
    }

    [Fact]
    public async Task A_policy_leads_only_to_a_provider_that_works_and_keeps_it()
    {
        (await Enforce(true)).Refusal.ShouldBeOfType<ProviderMissing>();
        await Here.Grant(new ProposeIdentityProvider(_acme, await _provider.Metadata(), null, null, null, By(_ada)));
        (await Enforce(true)).Refusal.ShouldBeOfType<ProviderMissing>("not tested yet");
        (await Here.Refuse(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Other", SingleSignOn = true }, By(_ada)))).ShouldBeOfType<ProviderMissing>();
        await Here.Grant(new WithdrawProposedProvider(_acme, By(_ada)));
        await SetUp();
        (await Here.Refuse(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Other", SingleSignOn = true, Billable = false }, By(_ada)))).ShouldBeOfType<NonBillableSingleSignOn>();
        (await Here.Refuse(new RemoveIdentityProvider(_acme, By(_ada)))).ShouldBeOfType<ProviderInUse>();
        (await Enforce(false)).Granted.ShouldBeTrue();
        await Here.Grant(new RemoveIdentityProvider(_acme, By(_ada)));
        (await Enforce(true)).Refusal.ShouldBeOfType<ProviderMissing>();
        (await Here.Refuse(new RemoveIdentityProvider(_acme, By(_ada)))).ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task Where_everybody_is_led_there_an_unknown_address_answers_as_a_known_one()
    {
        await Here.VerifiedDomain(_acme, "acme.example");
        await SetUp();
        using var visitor = _site.Somebody();
        async Task<string> Of(string email) => (await Said(await visitor.Post("/sign-in", ("Input.Email", email), ("Input.Password", "x")))).Split("<main")[1];
        (await Of("nobody@acme.example")).ShouldContain("The email address or the password is wrong.");
        (await Enforce(true, (await Here.Send(new ReadPolicies(_acme)))[0].Id)).Granted.ShouldBeTrue();
        (await Of("nobody@acme.example")).ShouldBe(await Of("liam@acme.example"));
        (await Of("nobody@globex.example")).ShouldContain("The email address or the password is wrong.");
    }

    [Fact]
    public async Task The_password_of_such_a_person_is_not_in_use_and_everything_about_it_says_so()
    {
        await SetUp();
        using var liam = _site.Somebody();
        await Visit(liam, Go(), "liam@acme.example");
        (await Said(await liam.Get("/account/password"))).ShouldContain("Your organization signs you in through its identity provider.");
        (await Said(await liam.Send("/account/password", await liam.Token("/account/api-tokens"), ("Input.Current", Password), ("Input.Password", "seven copper kettles")))).ShouldContain("signs you in through its identity provider");
        (await Here.Send(new ResetPasswords([_liam], _acme, By(_ada)))).Single().Refusal.ShouldBeOfType<SignsInAtProvider>();
        var security = await Here.Grant(new ReadSignInSecurity(_liam, _acme, _ada));
        (security.SingleSignOn, security.ResetPassword is SignsInAtProvider).ShouldBe((true, true));

        await liam.Post("/forgot-password", ("Input.Email", "liam@acme.example"));
        await TestInstallation.Until(async () => await Here.Scalar<long>("select count(*) from kernel.mail where template = 'sign-in-at-provider'") == 1);
        (await Here.Scalar<long>("select count(*) from security.password_reset")).ShouldBe(0);

        using var app = _site.Somebody();
        using var mobile = await app.Client.PostAsJsonAsync("/api/sign-in", new { email = "liam@acme.example", password = Password });
        var told = await mobile.Content.ReadFromJsonAsync<JsonElement>();
        (mobile.StatusCode, told.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "signInAtProvider"));
        told.GetProperty("message").GetString()!.ShouldContain("Sign in at http://localhost/sign-in");
    }

    [Fact]
    public async Task Whoever_proves_again_who_they_are_is_asked_by_the_provider_anew()
    {
        await SetUp();
        await Here.Grant(new MoveToPolicy(_acme, _policy, [_ada], By(_ada)));
        using var ada = _site.Somebody();
        await Visit(ada, Go(), "ada@acme.example");
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        var page = $"/o/{_acme}/single-sign-on";
        var question = (await ada.Get(page)).Headers.Location!.OriginalString;
        (await Said(await ada.Get(question))).ShouldContain("Confirm at your organization");
        var proof = $"/sso/{_acme}/go?for=proof&returnTo={Uri.EscapeDataString(page)}";
        // Somebody else at the provider; the provider that did not ask anew; and at last as it should be. The provider goes by the real clock.
        (await Said(await Visit(ada, proof, "liam@acme.example"))).ShouldContain("too old");
        Here.Clock.Pass(TimeSpan.FromMinutes(-16));
        (await Said(await Visit(ada, proof, "liam@acme.example"))).ShouldContain("somebody else than who is signed in");
        await Here.Rows<int>("update security.session set proved_at = proved_at - interval '16 minutes' returning 1");
        (await ada.Get(page)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Visit(ada, proof, "ada@acme.example")).Headers.Location!.OriginalString.ShouldBe(page);
        (await ada.Get(page)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _provider.Asked[^1].ShouldContain("\"forceAuthn\":\"true\"");
        (await _site.Somebody().Get(proof)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "nobody is signed in");
    }

    [Fact]
    public async Task A_form_that_stood_open_keeps_what_was_typed_while_the_provider_asks()
    {
        await SetUp();
        await Here.Grant(new MoveToPolicy(_acme, _policy, [_ada], By(_ada)));
        using var ada = _site.Somebody();
        await Visit(ada, Go(), "ada@acme.example");
        var (page, token) = ($"/o/{_acme}/single-sign-on", await ada.Token($"/o/{_acme}/single-sign-on"));
        await Here.Rows<int>("update security.session set proved_at = proved_at - interval '16 minutes' returning 1");
        using var asked = await ada.Send(page, token, ("Input.EntityId", "https://idp.acme.example"), ("Input.SignInAddress", "ftp://x"));
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var question = await Said(asked);
        question.ShouldContain("new tab");
        question.ShouldContain("""name="Input.EntityId" value="https://idp.acme.example""");
        await Visit(ada, $"/sso/{_acme}/go?for=proof&returnTo=%2Faccount", "ada@acme.example");
        (await Said(await ada.Send(page, token, ("Input.EntityId", "https://idp.acme.example"), ("Input.SignInAddress", "ftp://x")))).ShouldContain("must begin with https://");
    }

    [Fact]
    public async Task Our_side_can_be_read_by_the_provider()
    {
        using var answer = await _site.Somebody().Get($"/sso/{_acme}/metadata");
        (answer.Content.Headers.ContentType!.MediaType, answer.StatusCode).ShouldBe(("application/samlmetadata+xml", HttpStatusCode.OK));
        var xml = System.Xml.Linq.XDocument.Parse(await answer.Content.ReadAsStringAsync());
        xml.Root!.Attribute("entityID")!.Value.ShouldBe($"http://localhost/sso/{_acme}");
        xml.Descendants().Single(e => e.Name.LocalName == "AssertionConsumerService").Attribute("Location")!.Value.ShouldBe($"http://localhost/sso/{_acme}/acs");
    }
}
