using System.Net;
using System.Text;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>What no browser sends to the forms by which people prove themselves.</summary>
[Collection(SharedDemo.Name), Trait("Rule", "S1"), Trait("Rule", "S9")]
public sealed class ForgetPasswordsByHand(Furnished demo)
{
    readonly Stops _stops = demo.Stops;

    async Task<string?> Mailed(string email)
    {
        await Patience.Until(async () => await _stops.Installation.Query("select count(*) from kernel.outbox") is 0L);
        return (string?)await _stops.Installation
            .Query($"select letter->>'link' from kernel.mail where recipient = '{email}' and template = 'password-reset'");
    }

    [Fact]
    public async Task A_link_leads_to_the_public_address_whatever_host_the_request_names()
    {
        using var stranger = new Visitor(_stops.Installation.Address);
        var token = await stranger.Token("/forgot-password");
        using (var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/forgot-password") { Headers = { Host = "elsewhere.test" } })
        using (var refused = await stranger.Client.SendAsync(elsewhere)) refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forgot-password");
        foreach (var name in (string[])["X-Forwarded-Host", "X-Original-Host", "X-Host"]) request.Headers.Add(name, "elsewhere.test");
        request.Headers.Add("Forwarded", "host=elsewhere.test");
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token,
            ["Input.Email"] = "gus@globex.example"
        });
        using var answer = await stranger.Client.SendAsync(request);
        answer.Headers.Location!.OriginalString.ShouldBe("/forgot-password/sent");
        (await Mailed("gus@globex.example")).ShouldNotBeNull().ShouldStartWith($"{_stops.Installation.Address}reset-password?token=");
    }

    [Theory]
    [InlineData("Input.Email=jane%40acme.example&Input.Email=mallory%40mail.example")]
    [InlineData("Input.Email=mallory%40mail.example&Input.Email=jane%40acme.example")]
    [InlineData("Input.Email=jane%40acme.example%2Cmallory%40mail.example")]
    [InlineData("Input.Email=jane%40acme.example%0D%0ABcc%3A+mallory%40mail.example")]
    [InlineData("Input.Email%5B0%5D=jane%40acme.example&Input.Email%5B1%5D=mallory%40mail.example")]
    [InlineData("Input.Email%5B%5D=mallory%40mail.example&email=mallory%40mail.example&Email=mallory%40mail.example")]
    public async Task However_often_and_however_a_field_is_sent_a_link_goes_to_the_accounts_own_address_alone(string fields)
    {
        using var stranger = new Visitor(_stops.Installation.Address);
        var token = Uri.EscapeDataString(await stranger.Token("/forgot-password"));
        using var answer = await stranger.Client.PostAsync("/forgot-password",
            new StringContent($"__RequestVerificationToken={token}&{fields}", Encoding.ASCII, "application/x-www-form-urlencoded"));
        ((int)answer.StatusCode).ShouldBeOneOf(302, 422);
        (await Mailed("mallory@mail.example")).ShouldBeNull();
        (await _stops.Installation.Query(
            "select count(*) from kernel.mail where template = 'password-reset' and recipient not in (select email from accounts.account "
            + "where email is not null)")).ShouldBe(0L);
    }

    [Theory]
    [InlineData("/forgot-password"), InlineData("/sign-in"), InlineData("/reset-password"), InlineData("/sign-in?handler=Code")]
    public async Task Json_is_no_form(string path)
    {
        using var stranger = new Visitor(_stops.Installation.Address);
        using var answer = await stranger.Client.PostAsync(path,
            new StringContent("""{"Input":{"Email":["jane@acme.example","mallory@mail.example"]},"token":["a","b"]}""", Encoding.UTF8,
                "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact, Trait("Rule", "S3")]
    public async Task A_session_that_was_there_before_the_sign_in_is_another_one_after_it()
    {
        const string planted = "planted-by-somebody-else-0123456789012345678";
        using var ada = new Visitor(_stops.Installation.Address);
        using (await ada.Get("/sign-in")) { }
        ada.Cookies.Add(_stops.Installation.Address, new System.Net.Cookie("directory-session", planted));
        using var signedIn = await ada.Post("/sign-in", ("Input.Email", "ada@acme.example"), ("Input.Password", Steps.DemoPassword));
        var given = ada.Cookies.GetCookies(_stops.Installation.Address)["directory-session"]!.Value;
        given.ShouldNotBe(planted);
        using var thief = new Visitor(_stops.Installation.Address);
        thief.Cookies.Add(_stops.Installation.Address, new System.Net.Cookie("directory-session", planted));
        (await thief.Get("/account")).Headers.Location!.OriginalString.ShouldStartWith("/sign-in");
        // Nor does a second sign-in go on in the first one's session.
        using var again = await ada.Send("/sign-in", await ada.Token("/account/password"), ("Input.Email", "ada@acme.example"),
            ("Input.Password", Steps.DemoPassword));
        ada.Cookies.GetCookies(_stops.Installation.Address)["directory-session"]!.Value.ShouldNotBe(given);
    }

    [Fact]
    public async Task The_page_of_a_link_tells_nobody_where_the_visitor_came_from_and_keeps_nothing()
    {
        using var stranger = new Visitor(_stops.Installation.Address);
        var path = _stops.Path("/reset-password?token={reset}");
        var before = await _stops.Fingerprint();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await stranger.Get(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            (await answer.Content.ReadAsStringAsync()).ShouldContain("<meta name=\"referrer\" content=\"no-referrer\">");
        }
        (await _stops.Fingerprint()).ShouldBe(before);
    }
}
