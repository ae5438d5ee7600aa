using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web;
using Microsoft.AspNetCore.Http;

namespace DirectoryPlatform.Tests.Sites;

/// <summary>
/// What the example configuration of nginx passes on to an app and to the platform, seen by the two that stand behind it (SPEC S10).
/// </summary>
[Trait("Rule", "S10")]
[Collection(Programs.Name)]
public sealed partial class KeepSessionsFromApps : IAsyncLifetime
{
    /// <summary>Stands in every value that no app may see.</summary>
    const string Secret = "secretvalue";

    static readonly string[] Platforms = ["session", "form", "notice", "sso-Ab3"];

    AppServer _platform = null!;
    Nginx _nginx = null!;

    public async Task InitializeAsync()
    {
        _platform = await AppServer.Start("the platform");
        _nginx = await Nginx.Start(_platform.Address, "team.example", "jira");
    }

    public async Task DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _platform.DisposeAsync();
    }

    /// <summary>By hand, because a client would put headers right.</summary>
    async Task<string> Ask(string path, params string[] headers)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _nginx.Address.Port);
        var stream = tcp.GetStream();
        string[] lines = [$"GET {path} HTTP/1.1", "Host: directory.example", "Connection: close", .. headers, "", ""];
        var request = string.Join("\r\n", lines);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync();
    }

    async Task<IHeaderDictionary> AppGot(params string[] headers)
    {
        (await Ask("/jira/index.html", headers)).ShouldContain(" 200 OK");
        return _nginx.App.Got.Last();
    }

    static IReadOnlyList<string> Parts(string cookie) =>
        cookie.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [Theory]
    [InlineData("__Host-session=secretvalue", "")]
    [InlineData("__Host-session=secretvalue; theme=dark", "theme=dark")]
    [InlineData("theme=dark; __Host-session=secretvalue", "theme=dark")]
    [InlineData("a=1; __Host-session=secretvalue; b=2; __Host-form=secretvalue; c=3", "a=1; b=2; c=3")]
    [InlineData("__host-SESSION=secretvalue; directory-session=secretvalue;__Host-session=secretvalue;b=2", "b=2")]
    [InlineData("__Host-session =secretvalue; b=2", "b=2")]
    [InlineData("  __Host-session=secretvalue;;; b=2;", "b=2")]
    [InlineData("__Host-session=secret=value==; b=x=y", "b=x=y")]
    [InlineData("__Host-session; b=2", "b=2")]
    [InlineData("__Host-sso-Q1w2E3r4=secretvalue; b=2", "b=2")]
    [InlineData("my__Host=1; __Host-sessions=2", "my__Host=1; __Host-sessions=2")]
    [InlineData("directory-forms=3; session=4; form=5", "directory-forms=3; session=4; form=5")]
    [InlineData("a=1, __Host-session=secretvalue", "")]
    [InlineData("a=\"x; __Host-session=secretvalue\"; b=2", "a=\"x; b=2")]
    public async Task The_platforms_cookies_stay_out_and_the_apps_own_come_through(string sent, string got) =>
        Parts((await AppGot($"Cookie: {sent}"))["Cookie"].ToString()).ShouldBe(Parts(got));

    [Fact]
    public async Task However_cookies_are_written_ordered_repeated_and_spread_over_headers_no_app_sees_a_session()
    {
        var random = new Random(13);
        for (var round = 0; round < Proof.Size(80, 3_000); round++)
        {
            var (own, all, rows) = (new List<string>(), new List<string>(), 0);
            for (var (i, wasOurs) = (0, false); i < random.Next(1, 14); i++)
            {
                var ours = random.Next(2) == 0;
                if (ours && !wasOurs) rows++;
                wasOurs = ours;
                var name = $"{(random.Next(2) == 0 ? "__Host-" : "directory-")}{Platforms[random.Next(Platforms.Length)]}";
                var cookie = ours ? $"{AnyCase(random, name)}={Secret}{i}" : $"app{random.Next(4)}=v{i}";
                if (!ours) own.Add(cookie);
                all.Add(cookie);
            }
            var headers = new List<string>();
            for (var left = all; left.Count > 0;)
            {
                var take = random.Next(3) == 0 ? random.Next(1, left.Count + 1) : left.Count;
                var between = random.Next(3) switch { 0 => ";", 1 => "; ", _ => " ;  " };
                headers.Add($"{AnyCase(random, "Cookie")}: {string.Join(between, left[..take])}");
                left = left[take..];
            }
            var got = (await AppGot([.. headers]))["Cookie"].ToString();
            got.ShouldNotContain(Secret, Case.Insensitive, string.Join(" | ", headers));
            Parts(got).ShouldBe(rows > 6 ? [] : own, string.Join(" | ", headers));
            var asked = _platform.Got.Last()["Cookie"].ToString();
            asked.Split(Secret).Length.ShouldBe(all.Count - own.Count + 1, "the door is asked with all of them");
        }

        static string AnyCase(Random random, string text) => string.Concat(text.Select(c => random.Next(4) == 0 ? Other(c) : c));

        static char Other(char c) => char.IsLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c);
    }

    [Fact]
    public async Task An_app_gives_its_visitors_a_cookie_of_its_own_and_gets_it_back()
    {
        var answer = await Ask("/jira/index.html", $"Cookie: __Host-session={Secret}");
        answer.ShouldContain("Set-Cookie: basket=7; Path=/jira/");
        (await AppGot($"Cookie: __Host-session={Secret}; basket=7"))["Cookie"].ToString().ShouldBe("basket=7");
    }

    [Fact]
    public async Task Nobody_makes_up_an_address_a_scheme_an_account_or_a_host_on_the_way()
    {
        string[] lies =
        [
            "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: gopher", "X-Forwarded-Host: evil.example",
            "Forwarded: for=203.0.113.9;host=evil.example", "X-Account: somebody", "X-Role: admin",
            "x-account: else", "X_Account: third", "Authorization: Bearer dpt_secret", "X-Access-Site: other", "X-Access-App: other",
        ];
        var app = await AppGot(lies);
        var door = _platform.Got.Last();
        (await Ask("/o/members", lies)).ShouldContain("the platform");
        foreach (var got in (IHeaderDictionary[])[app, door, _platform.Got.Last()])
        {
            got["X-Forwarded-For"].ToString().ShouldBe("127.0.0.1");
            got["X-Forwarded-Proto"].ToString().ShouldBe("http");
            got["Host"].ToString().ShouldBe("directory.example");
        }
        foreach (var got in (IHeaderDictionary[])[app, _platform.Got.Last()])
            (got.ContainsKey("X-Forwarded-Host"), got.ContainsKey("Forwarded")).ShouldBe((false, false));
        foreach (var name in (string[])["X-Account", "X-Role", "X_Account", "Authorization"]) app.ShouldNotContainKey(name);
        foreach (var name in (string[])["X-Access-Site", "X-Access-App"]) door.ShouldNotContainKey(name);
        door["Authorization"].ToString().ShouldBe("Bearer dpt_secret", "the door judges it");
    }

    [Fact]
    public async Task Every_cookie_that_the_platform_sets_is_one_that_stays_with_it()
    {
        var pages = new DirectoryInfo(Path.Combine(Nginx.Root(), "web")).EnumerateFiles("*.cs", SearchOption.AllDirectories);
        var found = pages.SelectMany(f => CookieNames().Matches(File.ReadAllText(f.FullName)));
        var names = found.Select(m => m.Groups[1].Value).Distinct().ToList();
        names.ShouldContain("session");
        names.Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var name in names)
            foreach (var settings in (WebSettings[])[new(new("https://directory.example"), false), new(new("http://localhost"), false)])
            {
                var got = await AppGot($"Cookie: {settings.CookieName(name)}={Secret}");
                got.ShouldNotContainKey("Cookie", $"{name}: add it to the names in docs/nginx.conf");
            }
    }

    [GeneratedRegex("""CookieName\(\$?"([^"{]+)""")]
    private static partial Regex CookieNames();
}
