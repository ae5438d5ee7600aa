using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The routes for programs over HTTP: which secret opens what, and what they answer to nonsense (SPEC S3, S4, S9, A9).</summary>
[Trait("Rule", "A9")]
public sealed class ApiForPrograms : OnInstallation
{
    const string Email = "liam@acme.example", Password = "correct horse";

    WholeSite _site = null!;
    SiteVisitor _nobody = null!;
    AccountId _liam;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        _nobody = _site.Somebody();
        _liam = await Here.Account(Email, "Liam");
        await Here.Grant(new GivePassword([_liam], Password));
    }

    public override async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<(HttpStatusCode Status, JsonElement Body)> Ask(HttpMethod method, string path, string? bearer = null, object? body = null,
        SiteVisitor? who = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", bearer).ShouldBeTrue();
        if (body is not null)
            request.Content = body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body);
        using var answer = await (who ?? _nobody).Client.SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        answer.Headers.TryGetValues("Set-Cookie", out _).ShouldBeFalse("programs get no cookie");
        return (answer.StatusCode, said.Length == 0 ? default : JsonDocument.Parse(said).RootElement.Clone());
    }

    async Task<(string Access, string Refresh)> SignIn()
    {
        var (status, pair) = await Ask(HttpMethod.Post, "/api/sign-in",
            body: new { email = Email, password = Password, device = "Liam’s phone" });
        status.ShouldBe(HttpStatusCode.OK, $"{pair}");
        pair.GetProperty("expiresIn").GetInt32().ShouldBe(600);
        return (pair.GetProperty("accessToken").GetString()!, pair.GetProperty("refreshToken").GetString()!);
    }

    [Fact, Trait("Rule", "S3")]
    public async Task A_mobile_app_signs_in_refreshes_and_signs_out()
    {
        var (access, refresh) = await SignIn();
        var (status, me) = await Ask(HttpMethod.Get, "/api/me", $"Bearer {access}");
        (status, me.ToString()).ShouldBe((HttpStatusCode.OK, $$"""{"id":"{{_liam}}","email":"liam@acme.example","name":"Liam"}"""));
        var (_, next) = await Ask(HttpMethod.Post, "/api/refresh", body: new { refreshToken = refresh });
        var young = next.GetProperty("accessToken").GetString();
        (await Ask(HttpMethod.Get, "/api/me", $"bearer {young}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Ask(HttpMethod.Post, "/api/refresh", body: new { refreshToken = refresh }))
            .ShouldSatisfyAllConditions(a => a.Status.ShouldBe(HttpStatusCode.Conflict), a => a.Body.GetProperty("code").GetString()
                .ShouldBe("refreshedJustNow"));
        (await Ask(HttpMethod.Post, "/api/sign-out", $"Bearer {young}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Ask(HttpMethod.Get, "/api/me", $"Bearer {young}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(HttpMethod.Post, "/api/refresh", body: new { refreshToken = next.GetProperty("refreshToken").GetString() })).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await Here.Rows<string>("select means from kernel.audit_entry where action in ('SignedIn', 'SignedOut')"))
            .ShouldAllBe(m => m == "mobile");
    }

    [Fact, Trait("Rule", "S4"), Trait("Rule", "S9")]
    public async Task A_token_opens_no_page_and_a_cookie_opens_no_api_and_the_two_never_mix()
    {
        var token = (await Here.Grant(new CreateApiToken(_liam, "Backup", 90, By(_liam)))).Secret;
        using var browser = _site.Somebody();
        await browser.SignIn(Email, Password);
        (await browser.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/api/me"), (HttpMethod.Post, "/api/sign-out")])
        {
            var (status, fault) = await Ask(method, path, who: browser);
            (status, fault.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Unauthorized, "unauthorized"));
            (await Ask(method, path, "Bearer nonsense", who: browser)).Status.ShouldBe(HttpStatusCode.Unauthorized,
                "the cookie does not help");
            (await Ask(method, path, $"Bearer {browser.Session}", who: browser)).Status.ShouldBe(HttpStatusCode.Unauthorized,
                "a cookie's secret is no token");
        }
        using (var request = new HttpRequestMessage(HttpMethod.Get,
            "/account")
        { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } })
            (await _nobody.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        // Somebody else's cookie beside the token: the token alone says who it is.
        var (_, other) = (0, await Here.Account("other@mail.example"));
        await Here.Grant(new GivePassword([other], Password));
        using var stranger = _site.Somebody();
        await stranger.SignIn("other@mail.example", Password);
        (await Ask(HttpMethod.Get, "/api/me", $"Bearer {token}", who: stranger)).Body.GetProperty("id").GetGuid().ShouldBe(_liam.Value);
        (await Ask(HttpMethod.Post, "/api/sign-out", $"Bearer {token}"))
            .ShouldSatisfyAllConditions(a => a.Status.ShouldBe(HttpStatusCode.Forbidden), a => a.Body.GetProperty("code").GetString()
                .ShouldBe("notSignedIn"));
        (await browser.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Trait("Rule", "S9")]
    [InlineData("{", 400)]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    [InlineData("\"x\"", 400)]
    [InlineData("""{"email":["liam@acme.example"],"password":"correct horse"}""", 400)]
    [InlineData("""{"email":{"a":1},"password":"correct horse"}""", 400)]
    [InlineData("""{"email":1,"password":true}""", 400)]
    [InlineData("""{"email":"liam@acme.example","email":"ada@acme.example","password":"correct horse"}""", 400)]
    [InlineData("""{"email":"liam@acme.example","password":"correct horse","role":"admin"}""", 400)]
    [InlineData("""{"Email":"liam@acme.example","password":"correct horse"}""", 400)]
    [InlineData("""{"email":"\ud800","password":"correct horse"}""", 400)]
    [InlineData("""{"email":"liam@acme.example\u0000","password":"correct horse"}""", 400)]
    [InlineData("""{"email":"liam@acme.example","password":"correct horse\u0000"}""", 400)]
    [InlineData("""{"email":"liam@acme.example","password":"correct horse","device":"a\u0000b"}""", 400)]
    [InlineData("""{"email":"liam@acme.example","password":"correct horse "}""", 401)]
    [InlineData("""{"email":"nobody@acme.example","password":"correct horse"}""", 401)]
    [InlineData("""{"email":null,"password":null}""", 401)]
    [InlineData("{}", 401)]
    [InlineData("""{"email":"liam@acme.example","password":"correct horse","device":"a\u0007b\u2028\ud83d\ude00"}""", 200)]
    public async Task A_body_is_taken_exactly_or_refused_in_json(string body, int status)
    {
        var (answered, said) = await Ask(HttpMethod.Post, "/api/sign-in", body: body);
        ((int)answered).ShouldBe(status, $"{said}");
        if (status != 200) said.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(10);
    }

    [Fact, Trait("Rule", "S9")]
    public async Task Forms_large_bodies_and_odd_headers_are_refused()
    {
        using (var form = await _nobody.Client.PostAsync("/api/sign-in",
            new FormUrlEncodedContent([new("email", Email), new("password", Password)])))
            form.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using (var text = await _nobody.Client.PostAsync("/api/sign-in",
            new StringContent($$"""{"email":"{{Email}}","password":"{{Password}}"}""", Encoding.UTF8, "text/plain")))
            text.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Ask(HttpMethod.Post, "/api/sign-in", body: $$"""{"email":"{{new string('a', 20_000)}}"}""")).Status
            .ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        foreach (var header in (string[])["Basic bGlhbTp4", "Bearer", "Bearer ", $"Bearer {new string('x', 5_000)}",
            "Bearer dpt_x, Bearer dpt_y", "x"]) (await Ask(HttpMethod.Get, "/api/me", header)).Status.ShouldBe(HttpStatusCode.Unauthorized,
            header);
        using var refused = await _nobody.Get("/api/me");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        refused.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "S1")]
    public async Task Guessing_is_slowed_down_as_on_the_page_and_each_refusal_has_its_code()
    {
        Here.Clock.Stand();
        for (var i = 0; i < 6; i++)
            (await Ask(HttpMethod.Post, "/api/sign-in", body: new { email = Email, password = "wrong" })).Status
                .ShouldBe(HttpStatusCode.Unauthorized);
        using (var paused = await _nobody.Client.PostAsJsonAsync("/api/sign-in", new { email = Email, password = Password }))
        {
            paused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            paused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        }
        using var page = await _site.Somebody().Post("/sign-in", ("Input.Email", Email), ("Input.Password", Password));
        page.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "one throttle for both doors");
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        await Here.Grant(new ScheduleDeletion(_liam, null, By(_liam)));
        var (status, fault) = await Ask(HttpMethod.Post, "/api/sign-in", body: new { email = Email, password = Password });
        (status, fault.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "ownDeletion"));
        fault.EnumerateObject().Select(p => p.Name).ShouldBe(["code", "message"], "the ticket of the page is not given out here");
    }
}
