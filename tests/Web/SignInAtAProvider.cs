using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Single sign-on from end to end (SPEC S5, A9).</summary>
public sealed class SignInAtAProvider(OneProvider one) : OnAProvider(one)
{
    [Fact]
    public async Task The_provider_signs_in_in_place_of_the_password_and_the_password_comes_back_when_it_does_not()
    {
        await SetUp();
        using var liam = Site.Somebody();
        string? answer = null;
        foreach (var password in (string[])[Password, "something wrong"])
        {
            using var led = await liam.Post("/sign-in", ("Input.Email", "LIAM@acme.example"), ("Input.Password", password),
                ("returnTo", "/account/sessions"));
            led.StatusCode.ShouldBe(HttpStatusCode.OK);
            var page = (await Said(led)).Split("<main")[1];
            page.ShouldContain($"/sso/{Acme}/go?for=sign-in&returnTo=%2Faccount%2Fsessions");
            (answer ??= page).ShouldBe(page, "right or wrong is not told");
        }
        liam.Session.ShouldBeNull();
        using var button = await liam.Post("/sign-in?handler=Email", ("Input.Email", "liam@acme.example"));
        (await Said(button)).ShouldContain($"/sso/{Acme}/go");
        using var none = await liam.Post("/sign-in?handler=Email", ("Input.Email", "ada@acme.example"));
        (await Said(none)).ShouldContain("Enter your password");

        using var come = await Visit(liam, Go("/account/sessions"), "Liam@Acme.example");
        come.Headers.Location!.OriginalString.ShouldBe("/account/sessions");
        liam.Session.ShouldNotBeNull();
        (await liam.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Here.Scalar<bool>("select bool_and(by_provider) from security.session where account_id = @id", new { id = Liam.Value }))
            .ShouldBeTrue();
        (await Here.Scalar<string>("select after->>'through' from kernel.audit_entry where subject_id = @id and action = 'SignedIn'",
            new { id = Liam.Value })).ShouldBe("identity provider");

        (await Enforce(false)).Granted.ShouldBeTrue();
        await Site.Somebody().SignIn("liam@acme.example", Password);
        using var again = Site.Somebody();
        (await Said(await Visit(again, Go(), "liam@acme.example"))).ShouldContain("does not use the identity provider");
        again.Session.ShouldBeNull("the provider has no say over whom no policy leads there");
    }

    [Fact, Trait("Rule", "S1")]
    public async Task The_first_step_asks_an_unknown_address_for_a_password_as_it_asks_a_known_one_however_often()
    {
        await SetUp();
        using var visitor = Site.Somebody();
        async Task<string> Of(string email) =>
            System.Text.RegularExpressions.Regex.Replace((await Said(await visitor.Post("/sign-in?handler=Email", ("Input.Email", email))))
                .Split("<main")[1].Replace(email, "the address", StringComparison.Ordinal),
                "RequestVerificationToken\" type=\"hidden\" value=\"[^\"]*\"", "");
        var known = await Of("ada@acme.example");
        known.ShouldContain("Input.Password");
        known.ShouldContain("<form method=\"post\" action=\"/sign-in\"", customMessage: "and not to the step that it is the answer of");
        foreach (var email in (string[])["nobody@acme.example", "unclaimed@acme.example", "gus@globex.example", "who@mail.example"])
            (await Of(email)).ShouldBe(known);
        // The look-up is closed after some; who has a password is kept from nothing by that, and who has none is told so.
        Here.Clock.Stand();
        var closed = "";
        for (var i = 0; i < 40; i++) (closed = await Of("gus@globex.example")).ShouldContain("Input.Password");
        closed.ShouldContain("Leave this empty if your organization signs you in.");
        System.Text.RegularExpressions.Regex.Match(closed, "<input[^>]*id=\"input-password\"[^>]*>").Value.ShouldNotContain("required");
        using var led = await visitor.Post("/sign-in", ("Input.Email", "liam@acme.example"), ("Input.Password", ""));
        (await Said(led)).ShouldContain($"/sso/{Acme}/go");
        for (var i = 0; i < 60; i++) (await Of($"person{i}@mail.example")).ShouldContain("Input.Password");
        using var bad = await visitor.Post("/sign-in?handler=Email", ("Input.Email", "no address"));
        var again = await Said(bad);
        (bad.StatusCode, again.Contains("Input.Password", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.UnprocessableEntity, false));
        again.ShouldContain("no address", customMessage: "nothing typed is lost");
        using var wrong = await visitor.Post("/sign-in", ("Input.Email", "ada@acme.example"), ("Input.Password", "not it"));
        (await Said(wrong)).ShouldContain("The email address or the password is wrong.");
        await Here.Grant(new GivePassword([await Here.Account("newcomer@mail.example")], Password));
        await visitor.SignIn("newcomer@mail.example", Password);
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
        using var visitor = Site.Somebody();
        using var answer = await Visit(visitor, Go(), who);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Said(answer))
            .ShouldContain(who == "no address" ? "contains no email address" : "whose account this organization does not manage");
        visitor.Session.ShouldBeNull();
    }

    [Fact]
    public async Task Each_answer_is_good_once_for_the_browser_that_asked_on_all_nodes()
    {
        await SetUp();
        await using var other = await WholeSite.On(Here);
        using var liam = Site.Somebody();
        using var thief = Site.Somebody();
        var answer = await Answer(liam, Go(), "liam@acme.example");
        var path = await Post(answer);
        (await Post(answer)).ShouldEndWith("why=samlUsed");
        using var elsewhere = other.Somebody();
        using (var received = await elsewhere.Client.PostAsync($"/sso/{Acme}/acs",
            new FormUrlEncodedContent([new("SAMLResponse", answer)]))) received.Headers.Location!.OriginalString.ShouldEndWith(
            "why=samlUsed");
        // A link to somebody else's answer signs nobody in, not even who has begun a sign-in of the own.
        (await Said(await thief.Get(path))).ShouldContain("in another browser");
        await Answer(thief, Go(), "liam@acme.example");
        (await Said(await thief.Get(path))).ShouldContain("in another browser");
        thief.Session.ShouldBeNull();
        using (var come = await liam.At(other).Get(path)) come.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Said(await liam.Get(path))).ShouldContain("already used");
        (await Sessions(Liam)).ShouldBe(1);

        // The provider answers one request a second time, with another assertion.
        var led = await liam.Get(Go());
        await Post(await Provider.SignIn(led.Headers.Location!, "liam@acme.example"));
        (await Post(await Provider.SignIn(led.Headers.Location!, "liam@acme.example"))).ShouldEndWith("why=samlUsed");
    }

    [Fact]
    public async Task What_comes_too_late_or_unasked_or_from_another_key_is_refused_in_words()
    {
        await SetUp();
        using var liam = Site.Somebody();
        (await Post("no answer at all")).ShouldEndWith("why=samlUnreadable");
        var path = await Post(await Answer(liam, Go(), "liam@acme.example"));
        Here.Clock.Pass(TimeSpan.FromMinutes(2.1));
        (await Said(await liam.Get(path))).ShouldContain("already used");
        var late = await Answer(liam, Go(), "liam@acme.example");
        Here.Clock.Pass(TimeSpan.FromMinutes(10));
        (await Post(late)).ShouldEndWith("why=samlOutOfTime");
        Here.Clock.Pass(TimeSpan.FromMinutes(-12.1));
        var led = await liam.Get(Go());
        Provider.Answer("""{ "inResponseTo": "_a-request-of-somebody-else" }""");
        (await Post(await Provider.SignIn(led.Headers.Location!, "liam@acme.example"))).ShouldEndWith("why=samlUnsolicited");
        foreach (var (how, why) in ((string, string)[])
        [
            ("""{ "audience": "https://elsewhere.example" }""", "samlOtherAudience"),
            ("""{ "recipient": "https://elsewhere.example/acs" }""", "samlOtherAddress"),
            ("""{ "signAssertion": false }""", "samlUnsigned"),
            ("""{ "signatureAlgorithm": "rsa-sha1", "digestAlgorithm": "sha1" }""", "samlForged"),
            ("""{ "issuer": "https://elsewhere.example" }""", "samlOtherIssuer"),
        ])
        {
            Provider.Answer(how);
            (await Post(await Answer(liam, Go(), "liam@acme.example"))).ShouldEndWith($"why={why}");
        }
        Provider.Answer("""{ "signResponse": true }""");
        (await Post(await Answer(liam, Go(), "liam@acme.example"))).ShouldContain("ticket=");
        Provider.NewKey();
        (await Post(await Answer(liam, Go(), "liam@acme.example"))).ShouldEndWith("why=samlForged");
        (await Said(await liam.Get("/sign-in/single-sign-on?why=samlForged")))
            .ShouldContain("The signature of the identity provider’s response is not valid.");
        (await Said(await liam.Get("/sign-in/single-sign-on?why=%3Cscript%3E"))).ShouldContain("Start signing in here");
    }

    [Fact, Trait("Rule", "P8")]
    public async Task From_a_tile_the_provider_is_asked_once_more_and_never_round_and_round()
    {
        async Task<string> Tile()
        {
            Provider.Answer($$"""
                { "acs": "http://localhost/sso/{{Acme}}/acs", "audience": "http://localhost/sso/{{Acme}}" }
                """);
            var unasked = await Post(await Provider.SignIn(new Uri($"{Provider.SignInAddress}?tile=1"), "liam@acme.example"));
            Provider.Answer("{}");
            return unasked;
        }
        (await Tile()).ShouldEndWith("why=samlNoProvider");
        await Here.Grant(new ProposeIdentityProvider(Acme, await Provider.Metadata(), null, null, null, By(Ada)));
        (await Tile()).ShouldEndWith("why=samlNotActive");
        await SetUp();
        using var liam = Site.Somebody();
        using var led = await liam.Get(await Tile());
        var go = led.Headers.Location!.OriginalString;
        go.ShouldStartWith($"/sso/{Acme}/go?for=sign-in");
        liam.Session.ShouldBeNull("what came unasked is not taken");
        using (var come = await Visit(liam, go, "liam@acme.example")) come.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        liam.Session.ShouldNotBeNull();
        (await liam.Get(await Tile())).Headers.Location!.OriginalString.ShouldBe("/", "whoever is in is in");
        // A provider that answers what it is asked as if it were not, too.
        using var other = Site.Somebody();
        await other.Get(await Tile());
        var again = await other.Get(await Tile());
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Said(again)).ShouldSatisfyAllConditions(p => p.ShouldContain("opened this page by itself"),
            p => p.ShouldContain($"/sso/{Acme}/go?for=sign-in"));
        // Another's key says nothing, tile or not.
        Provider.NewKey();
        (await Tile()).ShouldEndWith("why=samlForged");
    }

    [Fact]
    public async Task A_deactivated_person_is_signed_in_by_nobody_and_told_why_by_the_one_gate()
    {
        await SetUp();
        using var liam = Site.Somebody();
        var path = await Post(await Answer(liam, Go(), "liam@acme.example"));
        await Here.Grant(new DeactivateAccount(Liam, Acme, "Left", "Ask Grace.", false, By(Ada)));
        (await Said(await liam.Get(path))).ShouldContain("Message from your admin: Ask Grace.");
        (await Sessions(Liam)).ShouldBe(0);
    }

    [Fact]
    public async Task Where_everybody_is_led_there_an_unknown_address_answers_as_a_known_one()
    {
        await Here.VerifiedDomain(Acme, "acme.example");
        await SetUp();
        using var visitor = Site.Somebody();
        async Task<string> Of(string email) => (await Said(await visitor.Post("/sign-in", ("Input.Email", email), ("Input.Password", "x"))))
            .Split("<main")[1];
        (await Of("nobody@acme.example")).ShouldContain("The email address or the password is wrong.");
        (await Enforce(true, (await Here.Send(new ReadPolicies(Acme)))[0].Id)).Granted.ShouldBeTrue();
        (await Of("nobody@acme.example")).ShouldBe(await Of("liam@acme.example"));
        (await Of("nobody@globex.example")).ShouldContain("The email address or the password is wrong.");
    }

    [Fact]
    public async Task The_password_of_such_a_person_is_not_in_use_and_everything_about_it_says_so()
    {
        await SetUp();
        using var liam = Site.Somebody();
        await Visit(liam, Go(), "liam@acme.example");
        (await Said(await liam.Get("/account/password"))).ShouldContain("Your organization signs you in through its identity provider.");
        (await Said(await liam.Send("/account/password", await liam.Token("/account/api-tokens"), ("Input.Current", Password),
            ("Input.Password", "seven copper kettles")))).ShouldContain("signs you in through its identity provider");
        (await Here.Send(new ResetPasswords([Liam], Acme, By(Ada)))).Single().Refusal.ShouldBeOfType<SignsInAtProvider>();
        var security = await Here.Grant(new ReadSignInSecurity(Liam, Acme, Ada));
        (security.SingleSignOn, security.ResetPassword is SignsInAtProvider).ShouldBe((true, true));

        await liam.Post("/forgot-password", ("Input.Email", "liam@acme.example"));
        await Here.Until(async () =>
            await Here.Scalar<long>("select count(*) from kernel.mail where template = 'sign-in-at-provider'") == 1);
        (await Here.Scalar<long>("select count(*) from security.password_reset")).ShouldBe(0);

        using var app = Site.Somebody();
        using var mobile = await app.Client.PostAsJsonAsync("/api/sign-in", new { email = "liam@acme.example", password = Password });
        var told = await mobile.Content.ReadFromJsonAsync<JsonElement>();
        (mobile.StatusCode, told.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "signInAtProvider"));
        told.GetProperty("message").GetString()!.ShouldContain("Sign in at http://localhost/sign-in");
    }

    [Fact]
    public async Task Whoever_proves_again_who_they_are_is_asked_by_the_provider_anew()
    {
        await SetUp();
        await Here.Grant(new MoveToPolicy(Acme, Policy, [Ada], By(Ada)));
        using var ada = Site.Somebody();
        await Visit(ada, Go(), "ada@acme.example");
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        var page = $"/o/{Acme}/single-sign-on";
        var question = (await ada.Get(page)).Headers.Location!.OriginalString;
        (await Said(await ada.Get(question))).ShouldContain("Confirm with your organization");
        var proof = $"/sso/{Acme}/go?for=proof&returnTo={Uri.EscapeDataString(page)}";
        // Somebody else at the provider; the provider that did not ask anew; and at last as it should be.
        // The provider goes by the real clock.
        (await Said(await Visit(ada, proof, "liam@acme.example"))).ShouldContain("too old");
        Here.Clock.Pass(TimeSpan.FromMinutes(-16));
        (await Said(await Visit(ada, proof, "liam@acme.example"))).ShouldContain("a different person from the one signed in");
        await Here.Rows<int>("update security.session set proved_at = proved_at - interval '16 minutes' returning 1");
        (await ada.Get(page)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Visit(ada, proof, "ada@acme.example")).Headers.Location!.OriginalString.ShouldBe(page);
        (await ada.Get(page)).StatusCode.ShouldBe(HttpStatusCode.OK);
        Provider.Asked[^1].ShouldContain("\"forceAuthn\":\"true\"");
        (await Site.Somebody().Get(proof)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "nobody is signed in");
    }

    [Fact]
    public async Task A_form_that_stood_open_keeps_what_was_typed_while_the_provider_asks()
    {
        await SetUp();
        await Here.Grant(new MoveToPolicy(Acme, Policy, [Ada], By(Ada)));
        using var ada = Site.Somebody();
        await Visit(ada, Go(), "ada@acme.example");
        var (page, token) = ($"/o/{Acme}/single-sign-on", await ada.Token($"/o/{Acme}/single-sign-on"));
        await Here.Rows<int>("update security.session set proved_at = proved_at - interval '16 minutes' returning 1");
        using var asked = await ada.Send(page, token, ("Input.EntityId", "https://idp.acme.example"), ("Input.SignInAddress", "ftp://x"));
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var question = await Said(asked);
        question.ShouldContain("new tab");
        question.ShouldContain("""name="Input.EntityId" value="https://idp.acme.example""");
        await Visit(ada, $"/sso/{Acme}/go?for=proof&returnTo=%2Faccount", "ada@acme.example");
        (await Said(await ada.Send(page, token, ("Input.EntityId", "https://idp.acme.example"), ("Input.SignInAddress", "ftp://x"))))
            .ShouldContain("must begin with https://");
    }
}
