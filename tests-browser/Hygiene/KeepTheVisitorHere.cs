using System.Net;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

[Collection(SharedDemo.Name), Trait("Rule", "S9")]
public sealed class KeepTheVisitorHere(Furnished demo)
{
    readonly Stops _stops = demo.Stops;

    [Theory]
    [InlineData("https://elsewhere.test/")]
    [InlineData("//elsewhere.test/")]
    [InlineData("/\\elsewhere.test/")]
    [InlineData("\\\\elsewhere.test")]
    [InlineData("/\t/elsewhere.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("account")]
    public async Task Signing_in_leads_to_no_other_host(string returnTo)
    {
        using var ada = new Visitor(_stops.Installation.Address);
        using var answer = await ada.Post("/sign-in", ("Input.Email", "ada@acme.example"), ("Input.Password", Steps.DemoPassword),
            ("returnTo", returnTo));
        answer.Headers.Location!.OriginalString.ShouldBe("/");
        using var again = await ada.Get($"/sign-in?returnTo={Uri.EscapeDataString(returnTo)}");
        again.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public async Task Signing_in_leads_back_to_the_page_that_was_asked_for()
    {
        using var ada = new Visitor(_stops.Installation.Address);
        var asked = _stops.Path("/o/{acme}/members?status=active");
        using var refused = await ada.Get(asked);
        refused.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var answer = await ada.Post(refused.Headers.Location!.OriginalString, ("Input.Email", "ada@acme.example"),
            ("Input.Password", Steps.DemoPassword), ("returnTo", asked));
        answer.Headers.Location!.OriginalString.ShouldBe(asked);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_for_scripts_and_other_sites()
    {
        using var ada = new Visitor(_stops.Installation.Address);
        using var page = await ada.Get("/sign-in");
        using var answer = await ada.Post("/sign-in", ("Input.Email", "ada@acme.example"), ("Input.Password", Steps.DemoPassword));
        var cookies = page.Headers.GetValues("Set-Cookie").Concat(answer.Headers.GetValues("Set-Cookie")).ToList();
        cookies.Count.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var cookie in cookies)
        {
            cookie.ShouldContain("httponly", Case.Insensitive);
            cookie.ShouldMatch("(?i)samesite=(lax|strict)");
        }
    }

    [Fact]
    public async Task Behind_https_cookies_are_secure_and_mails_lead_to_the_public_address_alone()
    {
        await using var installation = await Installation.Start("https", demo: true, ("PublicUrl", "https://directory.test"));
        using var client =
            new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = installation.Address };
        using var page = await client.GetAsync("/sign-up");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.GetValues("Strict-Transport-Security").ShouldHaveSingleItem();
        foreach (var given in page.Headers.GetValues("Set-Cookie"))
        {
            given.ShouldStartWith("__Host-");
            given.ShouldContain("secure", Case.Insensitive);
        }
        var cookie = page.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-form", StringComparison.Ordinal));
        var html = await page.Content.ReadAsStringAsync();
        var at = html.IndexOf("value=\"", html.IndexOf("__RequestVerificationToken", StringComparison.Ordinal), StringComparison.Ordinal)
            + 7;

        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/sign-up");
        elsewhere.Headers.Host = "elsewhere.test";
        using var refused = await client.SendAsync(elsewhere);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-up");
        request.Headers.Host = "directory.test";
        request.Headers.Add("X-Forwarded-Host", "elsewhere.test");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = html[at..html.IndexOf('"', at)],
            ["Input.Name"] = "Nora New",
            ["Input.Email"] = "nora@mail.example",
        });
        using var answer = await client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/sign-up/sent");
        var mail = $"{await installation.Query("select letter::text from kernel.mail where recipient = 'nora@mail.example'")}";
        mail.ShouldContain("https://directory.test/verify-email?token=");
        mail.ShouldNotContain("elsewhere");
    }
}
