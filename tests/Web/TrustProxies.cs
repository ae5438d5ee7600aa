using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Behind a real nginx with the product's own example configuration (SPEC S10):
/// each client is itself, and whose word is not trusted is not believed.
/// </summary>
[Trait("Rule", "S10")]
[Collection(Programs.Name)]
public sealed class TrustProxies : OnInstallation
{
    const string Password = "violet lantern orbit", Email = "liam@acme.example";

    [Fact]
    public async Task One_client_of_a_proxy_cannot_lock_another_out_and_the_log_knows_each()
    {
        await Here.Grant(new GivePassword([await Here.Account(Email)], Password));
        await using var site = await WholeSite.Listening(Here, WebSettings.ReadProxies("127.0.0.1"));
        await using var nginx = await Nginx.Start(site.Address, "team.example", "jira");
        using var stranger = From("127.0.0.50", nginx.Address);
        // Claiming to be somebody else is of no use: nginx replaces what was claimed.
        stranger.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1");
        var token = await stranger.Token("/sign-in");
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 53; i++) last = await Try(stranger, token, $"nobody{i}@acme.example");
        last.ShouldBe(HttpStatusCode.TooManyRequests, "the stranger is slowed down");
        using var liam = From("127.0.0.51", nginx.Address);
        (await Try(liam, await liam.Token("/sign-in"), Email)).ShouldBe(HttpStatusCode.Redirect, "and nobody else is");
        (await Here.Rows<string>("select distinct address from security.session")).ShouldBe(["127.0.0.51"]);
        (await Here.Rows<string>("select distinct address from kernel.audit_entry where action = 'SignedIn' and address is not null"))
            .ShouldBeSubsetOf(["127.0.0.51"]);

        using var direct = From("127.0.0.52", site.Address);
        direct.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.2");
        (await Try(direct, await direct.Token("/sign-in"), Email)).ShouldBe(HttpStatusCode.Redirect);
        (await Here.Rows<string>("select address from security.session order by created_at"))
            .ShouldBe(["127.0.0.51", "127.0.0.52"], "no proxy of ours has said so");
    }

    [Fact]
    public async Task Without_a_trusted_proxy_no_header_counts()
    {
        await Here.Grant(new GivePassword([await Here.Account(Email)], Password));
        await using var site = await WholeSite.Listening(Here);
        using var liam = From("127.0.0.53", site.Address);
        liam.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.3");
        (await Try(liam, await liam.Token("/sign-in"), Email)).ShouldBe(HttpStatusCode.Redirect);
        (await Here.Scalar<string>("select address from security.session")).ShouldBe("127.0.0.53");
    }

    [Theory]
    [InlineData("", 0), InlineData("127.0.0.1", 1), InlineData("10.0.0.0/8, ::1 2001:db8::/32", 3)]
    public void Proxies_are_addresses_and_networks(string text, int count) => WebSettings.ReadProxies(text).Count.ShouldBe(count);

    [Theory]
    [InlineData("proxy.acme.example"), InlineData("10.0.0.0/33"), InlineData("127.0.0.1:80")]
    public void What_is_neither_is_named(string text) =>
        Should.Throw<InvalidOperationException>(() => WebSettings.ReadProxies(text)).Message.ShouldContain($"\"{text}\"");

    [Theory]
    [InlineData("https://directory.acme.example", "", true), InlineData("https://directory.acme.example", "127.0.0.1", false),
        InlineData("http://localhost:5080", "", false)]
    public void A_start_behind_https_that_trusts_no_proxy_warns(string publicUrl, string proxies, bool warns) =>
        (new WebSettings(new(publicUrl), false) { TrustedProxies = WebSettings.ReadProxies(proxies) }.ProxyWarning is not null)
            .ShouldBe(warns);

    static async Task<HttpStatusCode> Try(SiteVisitor visitor, string token, string email)
    {
        using var answer = await visitor.Send("/sign-in", token, ("Input.Email", email), ("Input.Password", Password));
        return answer.StatusCode;
    }

    /// <summary>All of 127.0.0.0/8 is this machine.</summary>
    static SiteVisitor From(string address, Uri to) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (connection, ct) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, connection.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }, address: to);
}
