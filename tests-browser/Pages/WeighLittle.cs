using System.IO.Compression;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>What travels for a page, counted on the wire of the real program (SPEC S9).</summary>
[Trait("Rule", "S9")]
public sealed partial class WeighLittle
{
    const int List = 25_000, Assets = 140_000;

    static async Task<(byte[] Sent, string Text, HttpResponseMessage Answer)> Ask(Visitor visitor, string path, string site = "same-origin")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", "br, gzip");
        if (site.Length > 0) request.Headers.Add("Sec-Fetch-Site", site);
        var answer = await visitor.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var sent = await answer.Content.ReadAsByteArrayAsync();
        using var plain = new MemoryStream(sent);
        await using Stream text = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(plain, CompressionMode.Decompress),
            "gzip" => new GZipStream(plain, CompressionMode.Decompress),
            _ => plain,
        };
        return (sent, await new StreamReader(text).ReadToEndAsync(), answer);
    }

    [Fact]
    public async Task A_page_of_fifty_is_sent_in_25_kilobytes_and_comes_alone_when_it_was_seen_before()
    {
        var stops = await Stops.Ready;
        using var ada = await Visitor.SignedIn(stops.Installation, "ada@acme.example");
        foreach (var path in (string[])["/o/{acme}/members", "/o/{acme}/users", "/o/{acme}/audit-log", "/o/{acme}/members/{liam}"])
        {
            var (sent, text, answer) = await Ask(ada, stops.Path(path));
            sent.Length.ShouldBeLessThanOrEqualTo(List, path);
            text.ShouldContain("</html>");
            answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
            answer.Headers.Vary.ShouldContain("Accept-Encoding");
        }
        var page = (await Ask(ada, stops.Path("/o/{acme}/members"))).Text;
        var files = Files().Matches(page).Select(m => m.Groups[1].Value).Append(Sprite().Match(page).Groups[1].Value).Distinct().ToList();
        files.Count.ShouldBeGreaterThan(6);
        var all = 0;
        foreach (var file in files)
        {
            var (sent, text, answer) = await Ask(ada, file);
            all += sent.Length;
            answer.Headers.CacheControl?.ToString().ShouldContain("immutable", customMessage: $"{file} is asked for again");
            // Nothing that only a style sheet knows, but the font, which the page loads beforehand.
            foreach (Match other in InStyles().Matches(text))
                files.ShouldContain($"/{other.Groups["to"].Value}", $"{file} makes the browser wait");
        }
        all.ShouldBeLessThanOrEqualTo(Assets);
    }

    [Fact]
    public async Task What_another_site_makes_a_browser_ask_for_has_a_length_that_tells_nothing()
    {
        var stops = await Stops.Ready;
        using var ada = await Visitor.SignedIn(stops.Installation, "ada@acme.example");
        var path = stops.Path("/o/{acme}/members?q=guess");
        (await Ask(ada, path)).Answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        foreach (var site in (string[])["cross-site", "same-site", ""])
            (await Ask(ada, path, site)).Answer.Content.Headers.ContentEncoding.ShouldBeEmpty(site);
        using var nobody = new Visitor(stops.Installation.Address);
        (await Ask(nobody, "/api-reference", "cross-site")).Answer.Content.Headers.ContentEncoding.ShouldBe(["br"], "nothing is in it");
        var form = stops.Path("/o/{acme}/domains/add");
        (await ada.Token(form)).ShouldNotBe(await ada.Token(form), "and a form's token is another each time");
    }

    [GeneratedRegex("""(?:href|src)="(/[^"]+\.(?:css|js|svg|woff2))["?]""")]
    private static partial Regex Files();

    [GeneratedRegex("""<use href="(/icons[^"#]+)#""")]
    private static partial Regex Sprite();

    [GeneratedRegex("""@import[^;]*"(?<to>[^"]+)"|url\((?!"?data:)"?(?<to>[^)"#]+)"?\)""")]
    private static partial Regex InStyles();
}
