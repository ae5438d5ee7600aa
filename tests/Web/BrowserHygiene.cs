using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Web;

[Trait("Spec", "S9")]
public sealed partial class BrowserHygiene(OneWeb one) : IClassFixture<OneWeb>
{
    readonly HttpClient _client = one.Web.Client();

    [Theory]
    [InlineData("/sign-in", 200)]
    [InlineData("/no/such/page", 404)]
    [InlineData("/o/not-an-id/members", 404)]
    [InlineData("/o/11111111-1111-1111-1111-111111111111/members/not-an-id", 404)]
    [InlineData("/error/500", 404)]
    [InlineData("/sign-in?returnTo=%00", 400)]
    [InlineData("/sign-up?%00=x", 400)]
    public async Task Every_answer_is_a_page_with_the_headers(string path, int status)
    {
        var answer = await _client.GetAsync(path);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.GetValues("Content-Security-Policy").Single()
            .ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self';");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("<h1");
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_sign_in_and_back()
    {
        var answer = await _client.GetAsync("/o/11111111-1111-1111-1111-111111111111/members?q=li");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/sign-in?returnTo=%2Fo%2F11111111-1111-1111-1111-111111111111%2Fmembers%3Fq%3Dli");
    }

    [Fact]
    public async Task A_form_of_who_is_not_signed_in_is_not_carried_out()
    {
        var answer = await _client.PostAsync("/o/11111111-1111-1111-1111-111111111111/domains/add", new FormUrlEncodedContent([]));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Sign in first");
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    [InlineData("/demo/dns")]
    public async Task A_form_without_its_token_is_refused_in_plain_words(string path)
    {
        var answer = await _client.PostAsync(path, new FormUrlEncodedContent([new("Input.Email", "a@b.example")]));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This form has expired");
    }

    [Fact]
    public async Task A_token_of_another_browser_is_refused()
    {
        var (cookie, _) = await Form("/sign-in");
        var (_, foreign) = await Form("/sign-in");

        (await Post("/sign-in", cookie, foreign, ("Input.Email", "a@b.example"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("nul\0inside")]
    [InlineData("\0")]
    public async Task What_is_no_text_reaches_no_page(string value)
    {
        var (cookie, token) = await Form("/sign-up");

        var answer = await Post("/sign-up", cookie, token, ("Input.Name", value));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("cannot be read");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_in_plain_words()
    {
        var answer = await _client.PostAsync("/sign-in",
            new ByteArrayContent(new byte[7 * 1024 * 1024])
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") }
            });

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("at most 6 MB");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "&&&===%%%")]
    [InlineData("multipart/form-data; boundary=x", "no boundary in here")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("text/plain", "x")]
    [InlineData("application/json", "{")]
    public async Task A_torn_form_is_never_our_fault(string type, string body)
    {
        var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        ((int)(await _client.PostAsync("/sign-in", content)).StatusCode).ShouldBeInRange(400, 499);
    }

    [Theory]
    [InlineData("PUT", "/sign-in")]
    [InlineData("DELETE", "/sign-in")]
    [InlineData("OPTIONS", "/sign-in")]
    [InlineData("GET", "/sign-out")]
    public async Task A_method_that_a_page_does_not_know_is_refused(string method, string path)
    {
        var answer = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        ((int)answer.StatusCode).ShouldBeInRange(400, 405);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_for_scripts_and_other_sites()
    {
        var cookies = (await _client.GetAsync("/sign-in")).Headers.GetValues("Set-Cookie").Where(c => !c.Contains("expires=")).ToList();

        cookies.ShouldNotBeEmpty();
        cookies.ShouldAllBe(c => c.Contains("httponly") && c.Contains("samesite=") && c.Contains("path=/"));
    }

    [Fact]
    public async Task Behind_https_cookies_are_bound_to_the_host_and_https_is_pinned()
    {
        await using var web = await WebUnderTest.Start(demo: false, publicUrl: "https://directory.example");

        var answer = await web.Client().GetAsync("https://directory.example/sign-in");

        answer.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("__Host-form=") && c.Contains("secure"));
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000; includeSubDomains");
    }

    [Theory]
    [InlineData("/demo/dns")]
    [InlineData("/demo/mail")]
    [InlineData("/demo/mail/11111111-1111-1111-1111-111111111111.html")]
    [InlineData("/demo/clock")]
    [InlineData("/ui")]
    public async Task Outside_the_demo_its_pages_do_not_exist(string path)
    {
        await using var web = await WebUnderTest.Start(demo: false);

        (await web.Client().GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    async Task<(string Cookie, string Token)> Form(string path)
    {
        var answer = await _client.GetAsync(path);
        var cookie = answer.Headers.GetValues("Set-Cookie").First(c => c.StartsWith("directory-form=")).Split(';')[0];
        return (cookie, TokenField().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value);
    }

    async Task<HttpResponseMessage> Post(string path, string cookie, string token, params (string Name, string Value)[] fields)
    {
        token.ShouldNotBeEmpty();
        var content = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), .. fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))]);
        return await _client
            .SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Cookie", cookie } } });
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
