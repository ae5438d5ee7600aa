using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Web;
using Microsoft.Extensions.Configuration;

namespace DirectoryPlatform.Tests.Host;

/// <summary>What an installation's settings say of its addresses, and those that it must not start with (SPEC S9).</summary>
[Trait("Rule", "S9")]
public sealed class ReadWebSettings
{
    [Theory]
    [InlineData(null, "max-age=31536000; includeSubDomains")]
    [InlineData("subdomains", "max-age=31536000; includeSubDomains")]
    [InlineData("Host", "max-age=31536000")]
    [InlineData("off", null)]
    public void Https_is_pinned_for_sub_domains_too_unless_a_setting_says_otherwise(string? asked, string? header) =>
        Read("StrictTransportSecurity", asked).StrictTransport.ShouldBe(header);

    [Theory]
    [InlineData(null, "http://localhost:5080", "http://*:5080", true)]
    [InlineData(null, "http://localhost:5080", "http://localhost:5080;http://[::]:80", true)]
    [InlineData(null, "http://localhost:5080", "http://localhost:5080", false)]
    [InlineData(null, "http://10.0.0.5:5080", "http://10.0.0.5:5080", false)]
    [InlineData("https://directory.example", "https://directory.example", "http://*:5080", false)]
    public void Whoever_listens_for_others_without_a_public_name_is_told(string? asked, string publicUrl, string urls, bool told) =>
        (WebConfiguration.Remark(Settings(("PublicUrl", asked)), new(publicUrl), urls) is not null).ShouldBe(told);

    [Fact]
    public void Hosts_are_names_or_addresses_and_never_everything()
    {
        Read("AllowedHosts", "inner; Other.example ;10.0.0.7;2001:db8::5;[2001:db8::6],münchen.example").MoreHosts
            .ShouldBe(["inner", "other.example", "10.0.0.7", "[2001:db8::5]", "[2001:db8::6]", "xn--mnchen-3ya.example"]);
        foreach (var wrong in (string[])["*", "*.example", "inner:80", "http://inner", "a b", "inner/x"])
            Should.Throw<StartRefused>(() => Read("AllowedHosts", wrong)).Message.ShouldContain(wrong);
        Should.Throw<StartRefused>(() => Read("StrictTransportSecurity", "yes"));
        var demo = WebConfiguration.Read(Settings(), new("http://127.0.0.5:80"), "http://127.0.0.5:80;http://*:81", demo: true, false);
        demo.MoreHosts.ShouldBe(["127.0.0.5"]);
    }

    [Theory]
    [InlineData("directory.example"), InlineData("directory.example:443"), InlineData("/directory"), InlineData("")]
    public void A_public_address_that_is_none_is_named_with_its_setting(string wrong) =>
        Should.Throw<StartRefused>(() => WebConfiguration.PublicUrl(Settings(("PublicUrl", wrong)), "http://*:5080")).Message
            .ShouldContain($"PublicUrl is \"{wrong}\"");

    [Theory]
    [InlineData(null, "http://*:5080;http://10.0.0.5", "http://localhost:5080/")]
    [InlineData("https://directory.example", "http://*:5080", "https://directory.example/")]
    public void The_public_address_is_the_setting_or_the_first_that_is_listened_at(string? asked, string urls, string url) =>
        WebConfiguration.PublicUrl(Settings(("PublicUrl", asked)), urls).AbsoluteUri.ShouldBe(url);

    static WebSettings Read(string name, string? value) =>
        WebConfiguration.Read(Settings((name, value)), new("https://directory.example"), "http://*:5080", demo: false, demoOpen: false);

    static IConfiguration Settings(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, s.Value))).Build();
}
