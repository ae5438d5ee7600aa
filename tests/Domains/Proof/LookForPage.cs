using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>Against a real name server and a real web server.</summary>
[Trait("Rule", "D6")]
[Collection(Alone.Name)]
public sealed class LookForPage : IClassFixture<OneNameServer>, IDisposable
{
    const string Host = "acme.example", Page = "/directory-domain-verification.html";

    readonly OneNameServer _knot;

    public LookForPage(OneNameServer knot) => _knot = knot;

    public void Dispose() => _knot.Clear();

    [Fact]
    public async Task A_page_that_contains_the_token_proves()
    {
        var evidence = await Look(context => context.Request.Path == Page && context.Request.Host.Host == Host
            ? context.Response.WriteAsync($"<html>{Proving.Token}</html>") : Status(context, 404));
        evidence.Verdict.ShouldBe("proved", evidence.Explanation);
        evidence.Saw.ShouldContain(line => line.What.Contains("127.0.0.1"));
    }

    [Fact]
    public async Task A_page_without_it_does_not_and_is_shown()
    {
        var almost = Proving.Token[..63] + "!";
        var evidence = await Look(context => context.Response.WriteAsync(almost));
        evidence.Verdict.ShouldBe("notContained");
        evidence.Saw.ShouldContain(line => line.What.Contains(almost));
    }

    [Theory, Trait("Rule", "D9")]
    [InlineData(404, "httpStatus", true)]
    [InlineData(403, "httpStatus", true)]
    [InlineData(204, "httpStatus", true)]
    [InlineData(500, "serverFailed", false)]
    [InlineData(503, "serverFailed", false)]
    [InlineData(429, "serverFailed", false)]
    public async Task Another_status_is_said_and_a_server_that_fails_says_nothing_of_the_page(int status, string verdict, bool isMissing)
    {
        var evidence = await Look(context => Status(context, status));
        (evidence.Verdict, evidence.Proved, evidence.SaysMissing).ShouldBe((verdict, false, isMissing));
        evidence.Explanation.ShouldContain($"{status}");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://acme.example/")]
    [InlineData("https://www.acme.example/")]
    [InlineData("https://acme.example/")] // another port
    [InlineData("//127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_off_the_host_is_not_followed(string to)
    {
        var requests = 0;
        var evidence = await Look(context => { requests++; context.Response.Redirect(to); return Task.CompletedTask; });
        evidence.Verdict.ShouldBe("redirectedAway", evidence.Explanation);
        requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(3, "proved")]
    [InlineData(4, "tooManyRedirects")]
    public async Task Redirects_on_the_host_are_followed_three_times(int times, string verdict)
    {
        var left = times;
        var evidence = await Look(context =>
        {
            if (left-- == 0)
                return context.Response.WriteAsync(Proving.Token);
            context.Response.Redirect($"/step{left}");
            return Task.CompletedTask;
        });
        evidence.Verdict.ShouldBe(verdict, evidence.Explanation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_huge_page_is_refused_without_being_read(bool saysItsLength)
    {
        var written = 0L;
        var evidence = await Look(async context =>
        {
            if (saysItsLength)
                context.Response.ContentLength = 1L << 30;
            var chunk = new byte[64 * 1024];
            for (var i = 0; i < 16_384 && !context.RequestAborted.IsCancellationRequested; i++, written += chunk.Length)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                // A busy server hears late that its visitor has hung up, and until then writes into nothing.
                if (i % 16 == 15) await Task.Delay(5);
            }
        });
        evidence.Verdict.ShouldBe("tooLarge", evidence.Explanation);
        written.ShouldBeLessThan(1L << 30);
    }

    [Theory]
    [InlineData(65_536, "proved")]
    [InlineData(65_537, "tooLarge")]
    public async Task The_limit_is_64_KiB_to_the_byte(int bytes, string verdict) =>
        (await Look(context => context.Response.WriteAsync(new string(' ', bytes - 64) + Proving.Token))).Verdict.ShouldBe(verdict);

    [Fact]
    public async Task A_slow_page_is_given_up()
    {
        var watch = Stopwatch.StartNew();
        var evidence = await Look(async context =>
        {
            for (var i = 0; i < 100; i++, await Task.Delay(100, context.RequestAborted))
            {
                await context.Response.WriteAsync(" ");
                await context.Response.Body.FlushAsync();
            }
        }, ("Https:TotalTimeoutSeconds", "1"));
        evidence.Verdict.ShouldBe("tooSlow", evidence.Explanation);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_a_timeout()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        PublishAddress();
        using var proving = new Proving(("Dns:Servers", _knot.Address), ("Https:AllowPrivateAddresses", "true"),
            ("Https:ConnectTimeoutSeconds", "0.3"),
            ("Https:Port", $"{((IPEndPoint)mute.LocalEndpoint).Port}"));
        (await proving.Look(ProofMethod.Https)).Verdict.ShouldBe("timeout");
        mute.Stop();
        (await proving.Look(ProofMethod.Https)).Verdict.ShouldBe("cannotConnect");
    }

    [Fact]
    public void The_limits_are_those_of_the_rule_unless_set()
    {
        using var proving = new Proving();
        var settings = proving.Get<HttpsSettings>();
        settings.ShouldSatisfyAllConditions(
            () => settings.ConnectTimeout.ShouldBe(TimeSpan.FromSeconds(3)), () => settings.TotalTimeout.ShouldBe(TimeSpan.FromSeconds(10)),
            () => settings.LongestBody.ShouldBe(65_536), () => settings.Port.ShouldBe(443), () =>
                settings.AllowPrivateAddresses.ShouldBeFalse());
    }

    [Fact]
    public async Task A_private_address_is_not_even_connected_to()
    {
        await using var site = await HttpsSite.Start(Host, context => context.Response.WriteAsync(Proving.Token));
        using var proving = new Proving(("Dns:Servers", _knot.Address), ("Https:Port", $"{site.Port}"),
            ("Https:TrustedCertificateFile", site.AuthorityFile));
        PublishAddress();
        _knot.Set(Host, "@", "AAAA", "::ffff:127.0.0.1");
        var evidence = await proving.Look(ProofMethod.Https);
        evidence.Verdict.ShouldBe("privateAddress");
        evidence.Explanation.ShouldContain("127.0.0.1");
        site.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using var site = await HttpsSite.Start(Host, context => context.Response.WriteAsync(Proving.Token));
        PublishAddress();
        using var proving = new Proving(("Dns:Servers", _knot.Address), ("Https:Port", $"{site.Port}"),
            ("Https:AllowPrivateAddresses", "true"));
        (await proving.Look(ProofMethod.Https)).Verdict.ShouldBe("badCertificate");
        site.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("other.example", 1)]
    [InlineData(Host, -1)]
    public async Task A_certificate_for_another_name_or_another_time_is_refused_even_from_a_trusted_authority(string host, int days)
    {
        await using var site = await HttpsSite.Start(host, context => context.Response.WriteAsync(Proving.Token),
            DateTimeOffset.UtcNow.AddDays(days));
        (await Look(site)).Verdict.ShouldBe("badCertificate");
        site.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_name_without_an_address_is_said()
    {
        await using var site = await HttpsSite.Start(Host, _ => Task.CompletedTask);
        (await Ask(site)).Verdict.ShouldBe("nameDoesNotExist");
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::8.8.8.8", false)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_of_the_public_internet_are_dialled(string address, bool open) =>
        PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(open);

    async Task<Evidence> Look(Func<HttpContext, Task> answer, params (string, string)[] settings)
    {
        await using var site = await HttpsSite.Start(Host, answer);
        return await Look(site, settings);
    }

    async Task<Evidence> Look(HttpsSite site, params (string, string)[] settings)
    {
        PublishAddress();
        return await Ask(site, settings);
    }

    void PublishAddress() => _knot.Set(Host, "@", "A", "127.0.0.1");

    async Task<Evidence> Ask(HttpsSite site, params (string, string)[] settings)
    {
        using var proving =
            new Proving([("Dns:Servers", _knot.Address), ("Https:AllowPrivateAddresses", "true"), ("Https:Port", $"{site.Port}"),
            ("Https:TrustedCertificateFile", site.AuthorityFile), .. settings]);
        return await proving.Look(ProofMethod.Https);
    }

    static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
