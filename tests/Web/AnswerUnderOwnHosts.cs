using System.Net;
using System.Net.Sockets;
using System.Text;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web;
using DirectoryPlatform.Web.Hygiene;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Only the installation's own host names are answered (SPEC S9, R13): a foreign name that leads here by DNS rebinding is not.
/// </summary>
[Trait("Rule", "S9"), Trait("Rule", "R13")]
public sealed class AnswerUnderOwnHosts
{
    static HostFilter Filter(string publicUrl, bool demo = false, bool anyAddress = false, params string[] more) =>
        new(_ => Task.CompletedTask, new WebSettings(new Uri(publicUrl), demo) { MoreHosts = more, AnyAddress = anyAddress });

    [Theory]
    [InlineData("https://directory.acme.example", "directory.acme.example", true)]
    [InlineData("https://directory.acme.example", "DIRECTORY.Acme.Example:8443", true)]
    [InlineData("https://directory.acme.example", "directory.acme.example:", true)]
    [InlineData("https://directory.acme.example", "directory.acme.example.", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example.:443", false)]
    [InlineData("https://directory.acme.example", "www.directory.acme.example", false)]
    [InlineData("https://directory.acme.example", "acme.example", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example.evil.example", false)]
    [InlineData("https://directory.acme.example", "evildirectory.acme.example", false)]
    [InlineData("https://directory.acme.example", "evil.example", false)]
    [InlineData("https://directory.acme.example", "evil.example@directory.acme.example", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example@evil.example", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example, evil.example", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example/evil", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example:80:80", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example:x", false)]
    [InlineData("https://directory.acme.example", " directory.acme.example", false)]
    [InlineData("https://directory.acme.example", "directory.acme.example\n", false)]
    [InlineData("https://directory.acme.example", "", false)]
    [InlineData("https://directory.acme.example", null, false)]
    [InlineData("https://directory.acme.example", "localhost", false)]
    [InlineData("https://directory.acme.example", "127.0.0.1", false)]
    [InlineData("https://directory.acme.example", "[::1]", false)]
    [InlineData("https://münchen.example", "xn--mnchen-3ya.example", true)]
    [InlineData("https://münchen.example", "münchen.example", false)]
    [InlineData("http://localhost:5080", "127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080", "[::1]:5080", true)]
    [InlineData("http://localhost:5080", "[0:0:0:0:0:0:0:1]", true)]
    [InlineData("http://localhost:5080", "::1", false)]
    [InlineData("http://localhost:5080", "[::1", false)]
    [InlineData("http://localhost:5080", "[::2]", false)]
    [InlineData("http://localhost:5080", "127.0.0.2", false)]
    [InlineData("http://localhost:5080", "127.1", false)]
    [InlineData("http://localhost:5080", "2130706433", false)]
    [InlineData("http://localhost:5080", "localhost.evil.example", false)]
    [InlineData("http://localhost:5080", "evil.localhost", false)]
    [InlineData("http://127.0.0.5:5080", "127.0.0.5", true)]
    [InlineData("http://[2001:db8::5]:5080", "[2001:DB8:0::5]:5080", true)]
    [InlineData("http://[2001:db8::5]:5080", "localhost", false)]
    public void The_public_name_counts_as_it_is_with_any_port_and_in_any_case(string publicUrl, string? host, bool answered) =>
        Filter(publicUrl).Answers(host).ShouldBe(answered);

    [Fact]
    public void A_demo_is_answered_on_loopback_whatever_its_address_and_an_open_one_under_every_address_but_no_further_name()
    {
        var demo = Filter("https://directory.test", demo: true, anyAddress: false, "127.0.0.5");
        foreach (var host in (string[])["directory.test", "localhost:5080", "127.0.0.1", "[::1]:1", "127.0.0.5"])
            demo.Answers(host).ShouldBeTrue(host);
        foreach (var host in (string[])["10.0.0.5", "evil.example", "[2001:db8::5]"]) demo.Answers(host).ShouldBeFalse(host);
        var open = Filter("http://localhost:5080", demo: true, anyAddress: true);
        foreach (var host in (string[])["10.0.0.5", "10.0.0.5:5080", "[2001:db8::5]:5080", "localhost"])
            open.Answers(host).ShouldBeTrue(host);
        foreach (var host in (string[])["evil.example", "10.0.0.5.evil.example", "10.5", "0x7f.1", "1", "[evil]"])
            open.Answers(host).ShouldBeFalse(host);
    }

    [Fact]
    public void Further_names_count_like_the_public_one()
    {
        var filter = Filter("https://directory.acme.example", more: ["inner", "10.0.0.7"]);
        foreach (var host in (string[])["inner:8080", "INNER", "10.0.0.7", "directory.acme.example"])
            filter.Answers(host).ShouldBeTrue(host);
        foreach (var host in (string[])["inner.acme.example", "10.0.0.70", "10.0.0.8"]) filter.Answers(host).ShouldBeFalse(host);
    }

    [Fact]
    public void No_change_of_a_few_characters_makes_another_name_ours()
    {
        const string own = "directory.acme.example", letters = "abcdexyz.-_:@/ []%0129\t,;é\0";
        var (filter, random, others) = (Filter($"https://{own}"), new Random(7), 0);
        for (var i = 0; i < 20_000; i++)
        {
            var host = own;
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var (at, letter) = (random.Next(host.Length + 1), letters[random.Next(letters.Length)]);
                host = random.Next(4) switch
                {
                    0 => host.Insert(at, $"{letter}"),
                    1 when at < host.Length => host.Remove(at, 1),
                    2 when at < host.Length => host[..at] + letter + host[(at + 1)..],
                    _ => host + letter,
                };
            }
            var port = host.LastIndexOf(':');
            var name = port >= 0 && host.Length - port <= 6 && host[(port + 1)..].All(char.IsAsciiDigit) ? host[..port] : host;
            if (!name.Equals(own, StringComparison.OrdinalIgnoreCase)) others++;
            filter.Answers(host).ShouldBe(name.Equals(own, StringComparison.OrdinalIgnoreCase), $"\"{host}\"");
        }
        others.ShouldBeGreaterThan(15_000);
    }

    /// <summary>By hand, because a client would put the request right.</summary>
    static async Task<string> Raw(Uri address, string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, address.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ReplaceLineEndings("\r\n") + "\r\n\r\n"));
        return await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
    }

    [Fact]
    public async Task On_the_wire_no_form_of_a_request_brings_a_foreign_name_in()
    {
        await using var here = await TestInstallation.Fresh(nameof(AnswerUnderOwnHosts));
        await using var site = await WholeSite.Listening(here);
        foreach (var (request, status) in ((string, int)[])
        [
            ("GET /sign-in HTTP/1.1\nHost: localhost\nConnection: close", 200),
            ("GET /sign-in HTTP/1.1\nHost: 127.0.0.1:5080\nConnection: close", 200),
            ("GET /sign-in HTTP/1.1\nHost: localhost\nX-Forwarded-Host: evil.example\nX-Host: evil.example\nConnection: close", 200),
            ("GET /sign-in HTTP/1.1\nHost: localhost\nForwarded: host=evil.example\nConnection: close", 200),
            ("GET http://localhost/sign-in HTTP/1.1\nHost: localhost\nConnection: close", 200),
            ("GET /sign-in HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET /sign-in HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: localhost\nForwarded: host=localhost\nConnection: close", 400),
            ("GET /css/site.css HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET /demo/mail HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET /api/me HTTP/1.1\nHost: evil.example\nAuthorization: Bearer dpt_x\nConnection: close", 400),
            ("HEAD /api/me HTTP/1.1\nHost: localhost\nConnection: close", 401),
            ("HEAD /api/me HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET /access/check HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET /openapi.json HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("POST /sign-in HTTP/1.1\nHost: evil.example\nContent-Length: 0\nConnection: close", 400),
            ("GET http://evil.example/sign-in HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET http://evil.example/sign-in HTTP/1.1\nHost: localhost\nConnection: close", 400),
            ("GET http://localhost/sign-in HTTP/1.1\nHost: evil.example\nConnection: close", 400),
            ("GET /sign-in HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close", 400),
            ("GET /sign-in HTTP/1.1\nHost: evil.example\nHost: localhost\nConnection: close", 400),
            ("GET /sign-in HTTP/1.1\nHost:\nConnection: close", 400),
            ("GET /sign-in HTTP/1.1\nConnection: close", 400),
            ("GET /sign-in HTTP/1.0", 400),
            ("GET /sign-in HTTP/1.1\nHost: localhost.\nConnection: close", 400),
        ])
        {
            var answer = await Raw(site.Address, request);
            answer.ShouldStartWith($"HTTP/1.1 {status} ", customMessage: request);
            answer.ShouldNotContain("evil.example", Case.Insensitive, request);
            if (request.StartsWith("HEAD", StringComparison.Ordinal)) answer.Split("\r\n\r\n")[1..].ShouldBe([""], "it has no body");
        }
    }

    [Fact]
    public async Task The_refusal_is_plain_says_where_to_go_and_carries_the_headers_of_every_answer()
    {
        await using var web = await WebUnderTest.Start(demo: false, publicUrl: "https://directory.example");
        using var client = web.Client();
        using var answer = await client.GetAsync("https://evil.example/sign-in");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("https://directory.example;");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }
}
